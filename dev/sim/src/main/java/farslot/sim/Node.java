package farslot.sim;

import farslot.function.Agent;
import farslot.link.LinkEnd;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A process with an event loop, from its start to its death. It can be paused, as processes are by
 * debuggers and hypervisors: then what comes waits. Its clock is its own: no two nodes agree.
 */
public abstract class Node implements Agent {
  public final World world;
  public final String name;
  private final long clockOffsetNs;
  private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
  private boolean alive = true;
  private boolean paused;
  private int pauses;
  private Event wake;

  protected Node(World world, String name, long clockOffsetNs) {
    this.world = world;
    this.name = name;
    this.clockOffsetNs = clockOffsetNs;
  }

  /** The link's ends in this process. */
  protected abstract List<LinkEnd> ends();

  /** A wire that nobody here has seen before brings a frame, or connects. */
  void accept(WireEnd rail) {
    throw new IllegalStateException(name + " is on no such wire");
  }

  /** Its own monotonic clock. */
  @Override
  public final long nowNs() {
    return world.nowNs() + clockOffsetNs;
  }

  public final boolean isAlive() {
    return alive;
  }

  /** Whether it does not run now, but will again. */
  public final boolean isPaused() {
    return paused;
  }

  /** One turn of the event loop: the work, then what every turn ends with. */
  public final void turn(Runnable work) {
    if (!alive) {
      return;
    }
    if (paused) {
      backlog.add(work);
      return;
    }
    work.run();
    endTurn();
  }

  private void endTurn() {
    for (LinkEnd end : ends()) {
      end.flush(nowNs());
    }
    arm();
    turnEnded();
  }

  /** What is looked at after each turn. */
  protected void turnEnded() {}

  /** As the production's driver does it: a timer is only moved to an earlier time. */
  private void arm() {
    long deadlineNs = Long.MAX_VALUE;
    for (LinkEnd end : ends()) {
      deadlineNs = Math.min(deadlineNs, end.deadlineNs());
    }
    if (deadlineNs == Long.MAX_VALUE) {
      return;
    }
    long atNs = Math.max(world.nowNs(), deadlineNs - clockOffsetNs);
    if (wake == null || atNs < wake.atNs) {
      if (wake != null) {
        wake.cancel();
      }
      wake = world.at(atNs, this::onWake);
    }
  }

  private void onWake() {
    wake = null;
    turn(this::onTimers);
  }

  private void onTimers() {
    for (LinkEnd end : ends()) {
      end.onTimer(nowNs());
    }
  }

  /** How often it was paused. */
  final int pauses() {
    return pauses;
  }

  void pause() {
    paused = true;
    pauses++;
  }

  /** Goes on: first with its timers or first with what came meanwhile. */
  void resume(boolean timersFirst) {
    if (!paused || !alive) {
      return;
    }
    paused = false;
    if (timersFirst) {
      turn(this::onTimers);
    }
    while (!backlog.isEmpty()) {
      turn(backlog.remove());
    }
    turn(() -> {});
  }

  /** Ends it in the middle of whatever it did. */
  public void die() {
    alive = false;
    backlog.clear();
  }

  @Override
  public final Timer timer(Runnable task) {
    return new NodeTimer(task);
  }

  @Override
  public void execute(Runnable task) {
    world.after(0, () -> turn(task));
  }

  private final class NodeTimer implements Timer {
    private final Runnable task;
    private Event event;
    private int armings;

    NodeTimer(Runnable task) {
      this.task = task;
    }

    @Override
    public void arm(long delayNs) {
      cancel();
      int arming = armings;
      event = world.after(delayNs, () -> turn(() -> fire(arming)));
    }

    /** A firing that a pause held up may have been cancelled meanwhile. */
    private void fire(int arming) {
      if (arming == armings) {
        cancel();
        task.run();
      }
    }

    @Override
    public void cancel() {
      armings++;
      if (event != null) {
        event.cancel();
        event = null;
      }
    }
  }
}
