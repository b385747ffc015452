package farslot.sim;

import java.util.PriorityQueue;

/** Virtual time: everything that happens, one thing after the other. */
final class World {
  static final long US = 1_000;
  static final long MS = 1_000_000;

  /** More at one moment means that somebody plans for now again and again. */
  private static final int AT_ONCE_MAX = 100_000;

  final Trace trace;
  final Judge judge;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNs;
  private long serial;
  private long handled;
  private int atOnce;

  World(Trace trace, Judge judge) {
    this.trace = trace;
    this.judge = judge;
  }

  /** Since the beginning of the world. */
  long nowNs() {
    return nowNs;
  }

  /** Events that have happened. */
  long handled() {
    return handled;
  }

  Event at(long ns, Runnable task) {
    Event event = new Event(Math.max(ns, nowNs), serial++, task);
    events.add(event);
    return event;
  }

  Event after(long delayNs, Runnable task) {
    return at(nowNs + delayNs, task);
  }

  /** Lets everything happen until then, or until a rule is broken. */
  void run(long untilNs) {
    while (!judge.hasFailed() && !events.isEmpty() && events.peek().atNs <= untilNs) {
      step(events.remove());
    }
    nowNs = Math.max(nowNs, untilNs);
  }

  private void step(Event event) {
    if (event.isCancelled()) {
      return;
    }
    atOnce = event.atNs == nowNs ? atOnce + 1 : 0;
    nowNs = event.atNs;
    trace.now(nowNs);
    judge.require(atOnce < AT_ONCE_MAX, Rule.TIME_GOES_ON, "%d events at one moment", atOnce);
    handled++;
    try {
      event.task.run();
    } catch (RuntimeException | Error e) {
      judge.thrown(e);
    }
  }
}
