package farslot.backend;

import farslot.linux.EventLoop;

/** A ring on an event loop: epoll tells of its ends. */
final class LoopHome implements RingEngine.Home {
  private final EventLoop loop;
  private EventLoop.TurnEnd turnEnd;
  private EventLoop.Timer timer;

  LoopHome(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public void attach(RingEngine engine, int fd) {
    turnEnd = nowNs -> engine.submit();
    timer = loop.timer(engine::submit);
    loop.addTurnEnd(turnEnd);
    loop.watch(fd, EventLoop.READ, ready -> engine.onReady());
  }

  @Override
  public void again(long delayNs) {
    timer.arm(delayNs);
  }

  @Override
  public void detach(RingEngine engine, int fd) {
    if (loop.onLoop()) {
      timer.cancel();
      loop.removeTurnEnd(turnEnd);
      loop.unwatch(fd);
    } // else the loop has ended: it calls nobody any more
  }
}
