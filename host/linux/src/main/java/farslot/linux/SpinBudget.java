package farslot.linux;

/**
 * How long an idle loop looks before it blocks. Spinning pays when the next event comes soon:
 * waking a thread costs tens of microseconds, and the peer may be just about to answer. It pays
 * nothing in a process that is hardly used. So the budget is full while events come within about
 * twice its length, and shrinks to a glance once several in a row came later.
 */
final class SpinBudget {
  /** Gaps in a row that were too long to be bridged before the loop stops trying. */
  static final int MISSES_MAX = 8;

  /** What a glance is, as a part of the full budget. */
  static final int GLANCE_DIVISOR = 16;

  private final long fullNs;
  private int misses = MISSES_MAX;
  private long idleSinceNs;

  SpinBudget(long fullNs, long nowNs) {
    this.fullNs = fullNs;
    idleSinceNs = nowNs;
  }

  /** Something was found; {@code nowNs} is the time before it was handled. */
  void onFound(long nowNs) {
    boolean soon = nowNs - idleSinceNs <= 2 * fullNs;
    misses = soon ? 0 : Math.min(MISSES_MAX, misses + 1);
  }

  /** What was found has been handled: waiting begins. */
  void onHandled(long nowNs) {
    idleSinceNs = nowNs;
  }

  /** Whether to look again rather than block. */
  boolean spins(long nowNs) {
    return nowNs - idleSinceNs < (misses < MISSES_MAX ? fullNs : fullNs / GLANCE_DIVISOR);
  }

  long idleSinceNs() {
    return idleSinceNs;
  }
}
