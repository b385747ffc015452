package farslot.cards.virtio.spec;

/** Device status field (2.1). */
public final class DeviceStatus {
  public static final int ACKNOWLEDGE = 1;
  public static final int DRIVER = 2;
  public static final int DRIVER_OK = 4;
  public static final int FEATURES_OK = 8;
  public static final int NEEDS_RESET = 64;
  public static final int FAILED = 128;

  /** What a driver can set. */
  public static final int DRIVER_BITS = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED;

  private DeviceStatus() {}
}
