package farslot.cards.uart16550.modem;

/**
 * Data in which DLE shields: DLE DLE is one DLE, DLE SUB two of them, DLE ETX the end (T.31, 7.4).
 * Any other pair stands for nothing. Split at any byte.
 */
final class DleDecoder {
  static final int NOTHING = -1;
  static final int END = -2;
  static final int TWO_DLES = -3;

  private boolean shielded;

  /** What a byte brings: 0 to 255, or one of the constants. */
  int next(int value) {
    if (shielded) {
      shielded = false;
      return switch (value) {
        case ModemSpec.DLE -> ModemSpec.DLE;
        case ModemSpec.SUB -> TWO_DLES;
        case ModemSpec.ETX -> END;
        default -> NOTHING;
      };
    }
    shielded = value == ModemSpec.DLE;
    return shielded ? NOTHING : value;
  }

  void reset() {
    shielded = false;
  }
}
