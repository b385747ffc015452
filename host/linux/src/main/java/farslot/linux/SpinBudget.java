package farslot.linux;

/**
 * How long an idle loop looks before it blocks. Spinning pays when the next event comes soon:
 * waking a thread costs tens of microseconds, and the peer may be just about to answer. It pays
 * nothing in a process that is hardly used, and it harms where others want the processor: who spins
 * is taken for busy, and has to wait a whole turn of the others when something comes at last; who
 * sleeps is let in at once.
 *
 * <p>So the budget is full while events come within about twice its length, shrinks to a glance
 * once several in a row came later, and is nothing for a while after the processor was taken away
 * between two looks. That while grows as long as each new attempt ends in the same way.
 */
final class SpinBudget {
  /** Gaps in a row that were too long to be bridged before the loop stops trying. */
  static final int MISSES_MAX = 8;

  /** What a glance is, as a part of the full budget. */
  static final int GLANCE_DIVISOR = 16;

  /** Two looks that are further apart had another thread between them. */
  static final long CROWDED_NS = 50_000;

  /** How long the loop abstains after that; doubles up to the most. */
  static final long ABSTAIN_NS = 1_000_000;

  static final long ABSTAIN_NS_MAX = 512_000_000;

  private final long fullNs;
  private int misses = MISSES_MAX;
  private long idleSinceNs;
  private long abstainNs = ABSTAIN_NS;
  private long abstainEndNs;

  SpinBudget(long fullNs, long nowNs) {
    this.fullNs = fullNs;
    idleSinceNs = nowNs;
    abstainEndNs = nowNs - ABSTAIN_NS;
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

  /** It has looked in vain at {@code lookedNs}, has let others run, and is back. */
  void onBack(long lookedNs, long nowNs) {
    if (nowNs - lookedNs <= CROWDED_NS) {
      return;
    }
    boolean still = lookedNs - abstainEndNs < abstainNs;
    abstainNs = still ? Math.min(ABSTAIN_NS_MAX, 2 * abstainNs) : ABSTAIN_NS;
    abstainEndNs = nowNs + abstainNs;
  }

  /** Whether to look again rather than block. */
  boolean spins(long nowNs) {
    return nowNs - abstainEndNs >= 0
        && nowNs - idleSinceNs < (misses < MISSES_MAX ? fullNs : fullNs / GLANCE_DIVISOR);
  }

  long idleSinceNs() {
    return idleSinceNs;
  }
}
