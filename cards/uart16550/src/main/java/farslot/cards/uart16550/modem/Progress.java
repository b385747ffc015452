package farslot.cards.uart16550.modem;

/** How a call's progress is told, as the profile wants it. */
final class Progress {
  /** What a V.34 modem reports on a good line. */
  private static final int LINE_RATE = 33_600;

  private final Profile profile;
  private final DteOutput output;

  Progress(Profile profile, DteOutput output) {
    this.profile = profile;
    this.output = output;
  }

  /** CONNECT, and before it what the computer has asked to hear (V.250, 6.4.3, 6.5.1 and so on). */
  void connect(int baud) {
    int rate = profile.basic('W') == 0 ? baud : LINE_RATE;
    if (profile.on("+MR")) {
      output.info("+MCR: V34");
      output.info("+MRR: " + LINE_RATE);
    }
    if (profile.on("+ER")) {
      output.info("+ER: NONE");
    }
    if (profile.on("+DR")) {
      output.info("+DR: NONE");
    }
    if (profile.on("+ILRR")) {
      output.info("+ILRR: " + baud);
    }
    output.result(ResultCode.CONNECT, profile.basic('X') == 0 ? "" : " " + rate);
  }

  /** What X lets be known of a call's progress (V.250, 6.2.7). */
  ResultCode shown(ResultCode result) {
    int x = profile.basic('X');
    boolean busy = x >= 3;
    boolean tone = x == 2 || x == 4;
    return switch (result) {
      case BUSY -> busy ? result : ResultCode.NO_CARRIER;
      case NO_DIALTONE -> tone ? result : ResultCode.NO_CARRIER;
      default -> result;
    };
  }
}
