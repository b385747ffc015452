package farslot.pcie.config;

/** The Access Control Services extended capability (7.7.8). */
public final class Acs {
  public static final int BYTES = 8;
  public static final int VERSION = 1;

  /** ACS Capability and ACS Control, 16 bits each, share their bits (7.7.8.2, 7.7.8.3). */
  public static final int CAPABILITY = 4;

  public static final int CONTROL = 6;
  public static final int SOURCE_VALIDATION = 1 << 0;
  public static final int TRANSLATION_BLOCKING = 1 << 1;
  public static final int P2P_REQUEST_REDIRECT = 1 << 2;
  public static final int P2P_COMPLETION_REDIRECT = 1 << 3;
  public static final int UPSTREAM_FORWARDING = 1 << 4;
  public static final int P2P_EGRESS_CONTROL = 1 << 5;
  public static final int DIRECT_TRANSLATED_P2P = 1 << 6;

  private Acs() {}
}
