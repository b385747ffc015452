package farslot.cards.uart16550.modem;

/** What a modem answers (V.250, 5.7.1; T.31, 8.2 for the last). */
enum ResultCode {
  OK("0", "OK"),
  CONNECT("1", "CONNECT"),
  RING("2", "RING"),
  NO_CARRIER("3", "NO CARRIER"),
  ERROR("4", "ERROR"),
  NO_DIALTONE("6", "NO DIALTONE"),
  BUSY("7", "BUSY"),
  NO_ANSWER("8", "NO ANSWER"),
  FCERROR("+F4", "+FCERROR");

  private final String numeric;
  private final String verbose;

  ResultCode(String numeric, String verbose) {
    this.numeric = numeric;
    this.verbose = verbose;
  }

  /** As V0 has it. */
  String numeric() {
    return numeric;
  }

  /** As V1 has it. */
  String verbose() {
    return verbose;
  }
}
