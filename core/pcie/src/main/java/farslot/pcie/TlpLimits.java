package farslot.pcie;

/** Sizes that bound every TLP that we send or accept. */
public final class TlpLimits {
  /** Largest Max_Payload_Size and Max_Read_Request_Size that the specification has, bytes. */
  public static final int PAYLOAD_BYTES_MAX = 4096;

  /** Most prefixes that we carry (two local or end-to-end DWs are usual; four are the bound). */
  public static final int PREFIX_COUNT_MAX = 4;

  /** Prefixes, 4-DW header, data and digest together, bytes. */
  public static final int TLP_BYTES_MAX = 4 * PREFIX_COUNT_MAX + 16 + PAYLOAD_BYTES_MAX + 4;

  /** A memory request must not cross a multiple of this (2.2.7), bytes. */
  public static final int PAGE_BYTES = 4096;

  /** Tags with the 10-Bit Tag feature. Tag 0..1023; T9 and T8 sit in byte 1 of the header. */
  public static final int TAG_COUNT = 1024;

  private TlpLimits() {}
}
