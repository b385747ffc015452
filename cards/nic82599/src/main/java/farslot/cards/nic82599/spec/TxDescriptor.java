package farslot.cards.nic82599.spec;

/** Advanced transmit descriptors (7.2.3.2): 16 bytes, little-endian. */
public final class TxDescriptor {
  public static final int BYTES = 16;

  // Fields of both kinds, by byte
  public static final int ADDRESS = 0;
  public static final int CMD_TYPE_LEN = 8;
  public static final int OLINFO_STATUS = 12;

  // CMD_TYPE_LEN of a data descriptor (7.2.3.2.4)
  public static final int DTALEN_MASK = 0xFFFF;
  public static final int DTYP_MASK = 0xF << 20;
  public static final int DTYP_CONTEXT = 2 << 20;
  public static final int DTYP_DATA = 3 << 20;
  public static final int DCMD_EOP = 1 << 24;
  public static final int DCMD_IFCS = 1 << 25;
  public static final int DCMD_RS = 1 << 27;

  /** 0 is a legacy descriptor, which queues of virtual functions do not take. */
  public static final int DCMD_DEXT = 1 << 29;

  public static final int DCMD_VLE = 1 << 30;
  public static final int DCMD_TSE = 1 << 31;

  // OLINFO_STATUS of a data descriptor (7.2.3.2.4)
  public static final int STA_DD = 1;
  public static final int IDX_SHIFT = 4;

  /** Two contexts a queue. */
  public static final int IDX_MASK = 1;

  public static final int CONTEXTS = 2;
  public static final int POPTS_IXSM = 1 << 8;
  public static final int POPTS_TXSM = 1 << 9;
  public static final int PAYLEN_SHIFT = 14;

  // Context descriptor (7.2.3.2.3): words 0, 2 and 3
  public static final int VLAN_MACIP_LENS = 0;
  public static final int TYPE_TUCMD = 8;
  public static final int MSS_L4LEN_IDX = 12;
  public static final int IPLEN_MASK = 0x1FF;
  public static final int MACLEN_SHIFT = 9;
  public static final int MACLEN_MASK = 0x7F;
  public static final int VLAN_SHIFT = 16;
  public static final int TUCMD_IPV4 = 1 << 10;
  public static final int TUCMD_L4T_MASK = 3 << 11;
  public static final int TUCMD_L4T_UDP = 0;
  public static final int TUCMD_L4T_TCP = 1 << 11;
  public static final int TUCMD_L4T_SCTP = 2 << 11;
  public static final int L4LEN_SHIFT = 8;
  public static final int L4LEN_MASK = 0xFF;
  public static final int MSS_SHIFT = 16;

  /** A packet spans at most so many descriptors (7.2.3.3). */
  public static final int PER_PACKET_MAX = 40;

  /** What fewer bytes hold is no packet (7.2.1). */
  public static final int PACKET_BYTES_MIN = 17;

  /** Packets to be segmented have at most so many bytes (7.2.4). */
  public static final int PACKET_BYTES_MAX = 256 << 10;

  /** Longest frame (7.2.1): 15.5 KiB. */
  public static final int FRAME_BYTES_MAX = 15872;

  /** Shorter frames are padded with zeros to that (8.2.3.22.8, TXPADEN). */
  public static final int FRAME_BYTES_PADDED = 60;

  private TxDescriptor() {}
}
