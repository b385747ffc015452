package farslot.cards.virtio.spec;

/** Feature bits: a block device's own (5.2.3), and those that all devices share (6). */
public final class Feature {
  // 5.2.3
  public static final long BLK_SIZE_MAX = 1L << 1;
  public static final long BLK_SEG_MAX = 1L << 2;
  public static final long BLK_RO = 1L << 5;
  public static final long BLK_BLK_SIZE = 1L << 6;
  public static final long BLK_FLUSH = 1L << 9;
  public static final long BLK_TOPOLOGY = 1L << 10;
  public static final long BLK_CONFIG_WCE = 1L << 11;
  public static final long BLK_MQ = 1L << 12;
  public static final long BLK_DISCARD = 1L << 13;
  public static final long BLK_WRITE_ZEROES = 1L << 14;

  // 6
  public static final long INDIRECT_DESC = 1L << 28;
  public static final long EVENT_IDX = 1L << 29;
  public static final long VERSION_1 = 1L << 32;
  public static final long ACCESS_PLATFORM = 1L << 33;
  public static final long RING_PACKED = 1L << 34;
  public static final long ORDER_PLATFORM = 1L << 36;
  public static final long NOTIFICATION_DATA = 1L << 38;

  private Feature() {}
}
