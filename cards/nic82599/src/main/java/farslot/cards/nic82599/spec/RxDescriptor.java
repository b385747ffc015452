package farslot.cards.nic82599.spec;

/** Advanced receive descriptors (7.1.6): 16 bytes, little-endian. */
public final class RxDescriptor {
  public static final int BYTES = 16;

  // As software writes them (7.1.6.1)
  public static final int PACKET_ADDRESS = 0;
  public static final int HEADER_ADDRESS = 8;

  // As they are written back (7.1.6.2)
  public static final int PKT_INFO = 0;
  public static final int HDR_INFO = 2;
  public static final int RSS = 4;
  public static final int STATUS_ERROR = 8;
  public static final int LENGTH = 12;
  public static final int VLAN = 14;

  // PKT_INFO: how it was hashed (7.1.2.8.1), and what it is
  public static final int RSSTYPE_NONE = 0;
  public static final int RSSTYPE_IPV4_TCP = 1;
  public static final int RSSTYPE_IPV4 = 2;
  public static final int RSSTYPE_IPV6_TCP = 3;
  public static final int RSSTYPE_IPV6 = 5;
  public static final int PKTTYPE_IPV4 = 1 << 4;
  public static final int PKTTYPE_IPV4E = 1 << 5;
  public static final int PKTTYPE_IPV6 = 1 << 6;
  public static final int PKTTYPE_IPV6E = 1 << 7;
  public static final int PKTTYPE_TCP = 1 << 8;
  public static final int PKTTYPE_UDP = 1 << 9;
  public static final int PKTTYPE_SCTP = 1 << 10;

  // HDR_INFO: the header's length, and whether it is in a buffer of its own (7.1.10)
  public static final int HDR_LEN_SHIFT = 5;
  public static final int HDR_LEN_MAX = 0x3FF;
  public static final int SPH = 1 << 15;

  // STATUS_ERROR
  public static final int STAT_DD = 1;
  public static final int STAT_EOP = 1 << 1;
  public static final int STAT_VP = 1 << 3;
  public static final int STAT_UDPCS = 1 << 4;
  public static final int STAT_L4CS = 1 << 5;
  public static final int STAT_IPCS = 1 << 6;
  public static final int STAT_UDPV = 1 << 10;
  public static final int ERR_HBO = 1 << 23;
  public static final int ERR_TCPE = 1 << 30;
  public static final int ERR_IPE = 1 << 31;

  private RxDescriptor() {}
}
