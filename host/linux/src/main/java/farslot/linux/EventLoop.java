package farslot.linux;

/**
 * An agent thread of the data plane: polls descriptors, runs timers and tasks from other threads;
 * spins briefly, then blocks. {@code nowNs}, {@code timer} and {@code execute} mean what core's
 * Agent says; an adapter in {@code farslot.carrier} makes it one.
 */
public final class EventLoop implements Runnable, AutoCloseable {
  /** Readable, or the peer has gone. */
  public static final int READ = 1;

  /** Writable. */
  public static final int WRITE = 4;

  /** Who is told that a descriptor is ready. */
  public interface Handler {
    /** {@code ready} is a set of {@link #READ} and {@link #WRITE}. */
    void onReady(int ready);
  }

  /** Called at the end of every turn that did something: the place to flush what was gathered. */
  public interface TurnEnd {
    void onTurnEnd(long nowNs);
  }

  /** Called in every turn: memory that has to be looked at, such as mapped doorbells. */
  public interface Poller {
    /** Returns how much was found, so that the loop knows whether it is idle. */
    int poll(long nowNs);
  }

  /**
   * Makes a loop; {@code spinNs} is how long it polls without finding anything before it blocks.
   */
  public EventLoop(String name, long spinNs) {
    throw new UnsupportedOperationException();
  }

  /** Watches a descriptor, or changes what is watched. */
  public void watch(int fd, int interest, Handler handler) {
    throw new UnsupportedOperationException();
  }

  /** Forgets a descriptor; call before closing it. */
  public void unwatch(int fd) {
    throw new UnsupportedOperationException();
  }

  public void addTurnEnd(TurnEnd turnEnd) {
    throw new UnsupportedOperationException();
  }

  public void removeTurnEnd(TurnEnd turnEnd) {
    throw new UnsupportedOperationException();
  }

  public void addPoller(Poller poller) {
    throw new UnsupportedOperationException();
  }

  public void removePoller(Poller poller) {
    throw new UnsupportedOperationException();
  }

  /** Monotonic, nanoseconds. */
  public long nowNs() {
    return System.nanoTime();
  }

  /** A one-shot timer on this loop. */
  public Timer timer(Runnable task) {
    throw new UnsupportedOperationException();
  }

  /** A one-shot timer. On the loop's thread only. */
  public interface Timer {
    void arm(long delayNs);

    void cancel();
  }

  /** From any thread. Allocates nothing unless its queue has to grow. */
  public void execute(Runnable task) {
    throw new UnsupportedOperationException();
  }

  /** Serves until {@link #close}. */
  @Override
  public void run() {
    throw new UnsupportedOperationException();
  }

  /** Makes {@link #run} return; from any thread. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
