package farslot.pcie;

/** The Completion Status field of a completion's header (PCI Express Base Specification 2.2.9). */
public enum CompletionStatus {
  /** Successful Completion. */
  SC(0),
  /** Unsupported Request: nobody there answers to this. Hosts see all-ones. */
  UR(1),
  /** Request Retry Status (older texts: CRS): not ready yet, ask again; configuration only. */
  RRS(2),
  /** Completer Abort: it was mine, and I will not. */
  CA(4);

  private final int code;

  CompletionStatus(int code) {
    this.code = code;
  }

  /** The 3-bit value on the wire. */
  public int code() {
    return code;
  }

  /** The status for a 3-bit value; a reserved value means UR, as 2.2.9 rules. */
  public static CompletionStatus of(int code) {
    return switch (code & 7) {
      case 0 -> SC;
      case 2 -> RRS;
      case 4 -> CA;
      default -> UR;
    };
  }
}
