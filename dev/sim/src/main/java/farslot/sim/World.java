package farslot.sim;

import java.util.PriorityQueue;
import java.util.function.Predicate;

/** Virtual time: everything that happens, one thing after the other. */
public final class World {
  public static final long US = 1_000;
  public static final long MS = 1_000_000;

  /** More at one moment means that somebody plans for now again and again. */
  private static final int AT_ONCE_MAX = 100_000;

  public final Trace trace;
  public final Judge judge;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNs;
  private long serial;
  private long handled;
  private int atOnce;
  private Runnable watcher = () -> {};
  private Predicate<Throwable> excuse = thrown -> false;

  public World(Trace trace, Judge judge) {
    this.trace = trace;
    this.judge = judge;
  }

  /** Has something looked at after everything that happens. */
  public void watch(Runnable task) {
    watcher = task;
  }

  /** What may be thrown without a rule being broken. */
  public void excuse(Predicate<Throwable> which) {
    excuse = which;
  }

  /** Since the beginning of the world. */
  public long nowNs() {
    return nowNs;
  }

  /** Events that have happened. */
  public long handled() {
    return handled;
  }

  public Event at(long ns, Runnable task) {
    Event event = new Event(Math.max(ns, nowNs), serial++, task);
    events.add(event);
    return event;
  }

  public Event after(long delayNs, Runnable task) {
    return at(nowNs + delayNs, task);
  }

  /** Lets everything happen until then, or until a rule is broken. */
  public void run(long untilNs) {
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
      watcher.run();
    } catch (RuntimeException | Error e) {
      if (!excuse.test(e)) {
        judge.thrown(e);
      }
    }
  }
}
