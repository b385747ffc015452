package farslot.function;

/**
 * The thread that something runs on, as far as core may know it: time, timers, and a door for other
 * threads. In production an event loop, in the simulator one seeded thread with virtual time.
 */
public interface Agent {
  /** Monotonic time, nanoseconds. */
  long nowNs();

  /** A timer that calls {@code task} on the agent thread. Made once, armed often. */
  Timer timer(Runnable task);

  /**
   * Runs {@code task} on the agent thread soon. The only call allowed from other threads; for back
   * ends that finish elsewhere. Pass an object that lives on, not a new lambda for each I/O.
   */
  void execute(Runnable task);

  /** A one-shot timer. On the agent thread only. */
  interface Timer {
    /** Arms it, or moves it. Fires once, not before {@code delayNs} from now. */
    void arm(long delayNs);

    /** Disarms it. */
    void cancel();
  }
}
