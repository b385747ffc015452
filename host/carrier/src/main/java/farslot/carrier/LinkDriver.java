package farslot.carrier;

import farslot.link.LinkEnd;
import farslot.linux.EventLoop;

/**
 * Gives a {@link LinkEnd} its turns: flushes it at the end of each turn of the loop, keeps its
 * timer.
 */
public final class LinkDriver implements AutoCloseable {
  private final EventLoop loop;
  private final LinkEnd end;
  private final EventLoop.TurnEnd turnEnd = this::onTurnEnd;
  private final EventLoop.Timer timer;
  private long armedNs = Long.MAX_VALUE;

  /** Begins at once. On the loop's thread, or before it runs. */
  public LinkDriver(EventLoop loop, LinkEnd end) {
    this.loop = loop;
    this.end = end;
    this.timer = loop.timer(this::onTimer);
    loop.addTurnEnd(turnEnd);
  }

  private void onTurnEnd(long nowNs) {
    end.flush(nowNs);
    arm(nowNs);
  }

  private void onTimer() {
    armedNs = Long.MAX_VALUE;
    long nowNs = loop.nowNs();
    end.onTimer(nowNs);
    arm(nowNs);
  }

  /** A timer that fires too early costs little; moving it at every turn would cost more. */
  private void arm(long nowNs) {
    long deadlineNs = end.deadlineNs();
    if (deadlineNs < armedNs) {
      armedNs = deadlineNs;
      timer.arm(Math.max(0, deadlineNs - nowNs));
    }
  }

  /** Ends the turns; the end itself is left as it is. On the loop's thread, or after it ran. */
  @Override
  public void close() {
    loop.removeTurnEnd(turnEnd);
    timer.cancel();
  }
}
