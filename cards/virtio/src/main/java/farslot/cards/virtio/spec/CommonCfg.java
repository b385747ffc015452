package farslot.cards.virtio.spec;

/** Common configuration structure (4.1.4.3): offsets in bytes. */
public final class CommonCfg {
  public static final int DEVICE_FEATURE_SELECT = 0x00;
  public static final int DEVICE_FEATURE = 0x04;
  public static final int DRIVER_FEATURE_SELECT = 0x08;
  public static final int DRIVER_FEATURE = 0x0C;
  public static final int CONFIG_MSIX_VECTOR = 0x10;
  public static final int NUM_QUEUES = 0x12;
  public static final int DEVICE_STATUS = 0x14;
  public static final int CONFIG_GENERATION = 0x15;
  public static final int QUEUE_SELECT = 0x16;
  public static final int QUEUE_SIZE = 0x18;
  public static final int QUEUE_MSIX_VECTOR = 0x1A;
  public static final int QUEUE_ENABLE = 0x1C;
  public static final int QUEUE_NOTIFY_OFF = 0x1E;
  public static final int QUEUE_DESC = 0x20;
  public static final int QUEUE_DRIVER = 0x28;
  public static final int QUEUE_DEVICE = 0x30;
  public static final int QUEUE_NOTIFY_DATA = 0x38;
  public static final int QUEUE_RESET = 0x3A;
  public static final int BYTES = 0x3C;

  /** No interrupt wanted (4.1.5.1.2). */
  public static final int NO_VECTOR = 0xFFFF;

  private CommonCfg() {}
}
