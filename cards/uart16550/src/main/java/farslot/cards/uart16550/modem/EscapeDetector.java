package farslot.cards.uart16550.modem;

/**
 * Finds the escape sequence: silence for the guard time, three escape characters none of which is
 * later than that behind the one before, silence again. The last silence is the caller's to wait
 * for.
 */
final class EscapeDetector {
  private long lastNs;
  private int count;

  /** Begins with silence just now. */
  void reset(long nowNs) {
    lastNs = nowNs;
    count = 0;
  }

  /**
   * A byte from the computer.
   *
   * @param escape what S2 says, above {@link ModemSpec#ESCAPE_MAX} for none
   * @return whether this was the third: what remains is the guard time
   */
  boolean next(int value, int escape, long guardNs, long nowNs) {
    boolean is = value == escape && escape <= ModemSpec.ESCAPE_MAX;
    long sinceNs = nowNs - lastNs;
    lastNs = nowNs;
    if (!is) {
      count = 0;
    } else if (count == 0 || count == ModemSpec.ESCAPES) {
      // The first comes behind silence; a fourth spoils the three.
      count = count == 0 && sinceNs >= guardNs ? 1 : guardNs == 0 ? 1 : 0;
    } else {
      // Without a guard time they may be as slow as they like.
      count = guardNs == 0 || sinceNs <= guardNs ? count + 1 : 1;
    }
    return complete();
  }

  /** Whether the last byte was the third of three. */
  boolean complete() {
    return count == ModemSpec.ESCAPES;
  }
}
