package farslot.cards.virtio.spec;

/** Split virtqueues (2.7). */
public final class Ring {
  /** Entries at most, a power of two (2.7). */
  public static final int SIZE_MAX = 32768;

  // Descriptors (2.7.5).
  public static final int DESC_BYTES = 16;
  public static final int DESC_ADDR = 0;
  public static final int DESC_LEN = 8;
  public static final int DESC_FLAGS = 12;
  public static final int DESC_NEXT = 14;
  public static final int F_NEXT = 1;
  public static final int F_WRITE = 2;

  /** Alone or at the end of a chain, never with {@link #F_NEXT} (2.7.5.3). */
  public static final int F_INDIRECT = 4;

  // The available ring (2.7.6), the driver's.
  public static final int AVAIL_FLAGS = 0;
  public static final int AVAIL_IDX = 2;
  public static final int AVAIL_RING = 4;
  public static final int AVAIL_ENTRY_BYTES = 2;
  public static final int AVAIL_F_NO_INTERRUPT = 1;

  // The used ring (2.7.8), the device's.
  public static final int USED_FLAGS = 0;
  public static final int USED_IDX = 2;
  public static final int USED_RING = 4;
  public static final int USED_ENTRY_BYTES = 8;
  public static final int USED_ID = 0;
  public static final int USED_LEN = 4;
  public static final int USED_F_NO_NOTIFY = 1;

  private Ring() {}
}
