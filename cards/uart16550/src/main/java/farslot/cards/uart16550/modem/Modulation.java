package farslot.cards.uart16550.modem;

/**
 * The carriers of T.31's table 3: what +FTM and +FRM take, and V.21 channel 2 for HDLC. Training is
 * as long as the recommendations have it for the sender; the short ones are for what follows a
 * training that has succeeded.
 */
enum Modulation {
  V21(3, 300, 0),
  V27TER_2400(24, 2400, 943),
  V27TER_4800(48, 4800, 708),
  V29_7200(72, 7200, 253),
  V17_7200(73, 7200, 1393),
  V17_7200_SHORT(74, 7200, 142),
  V29_9600(96, 9600, 253),
  V17_9600(97, 9600, 1393),
  V17_9600_SHORT(98, 9600, 142),
  V17_12000(121, 12_000, 1393),
  V17_12000_SHORT(122, 12_000, 142),
  V17_14400(145, 14_400, 1393),
  V17_14400_SHORT(146, 14_400, 142);

  /** All that +FTM and +FRM offer. */
  static final String IMAGE_CODES = "24,48,72,73,74,96,97,98,121,122,145,146";

  private final int code;
  private final int bitsPerSecond;
  private final int trainingMs;

  Modulation(int code, int bitsPerSecond, int trainingMs) {
    this.code = code;
    this.bitsPerSecond = bitsPerSecond;
    this.trainingMs = trainingMs;
  }

  /** The number of the T.31 commands, which is also the one on the wire. */
  int code() {
    return code;
  }

  int bitsPerSecond() {
    return bitsPerSecond;
  }

  int trainingMs() {
    return trainingMs;
  }

  /** Whether it can be heard by who listens for the other: training of either length will do. */
  boolean heardAs(Modulation other) {
    return this == other || longForm() == other.longForm();
  }

  private Modulation longForm() {
    return switch (this) {
      case V17_7200_SHORT -> V17_7200;
      case V17_9600_SHORT -> V17_9600;
      case V17_12000_SHORT -> V17_12000;
      case V17_14400_SHORT -> V17_14400;
      default -> this;
    };
  }

  /** The one of a number, or null. */
  static Modulation of(int code) {
    for (Modulation modulation : values()) {
      if (modulation.code == code) {
        return modulation;
      }
    }
    return null;
  }
}
