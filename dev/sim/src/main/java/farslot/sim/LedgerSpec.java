package farslot.sim;

/** The registers of the {@link LedgerCard}, and where in the guest's memory it finds its work. */
final class LedgerSpec {
  static final int VENDOR_ID = 0x1AF4;
  static final int DEVICE_ID = 0x10F1;
  static final int BAR_BYTES = 4096;
  static final int MSIX_TABLE = 0x800;
  static final int MSIX_PBA = 0xC00;

  /** Takes 1, 2, 3, ... after a reset. */
  static final int COUNT = 0x00;

  /** The last of them. */
  static final int LAST = 0x08;

  /** Takes a job's number. */
  static final int DOORBELL = 0x10;

  static final int VECTOR = 0;
  static final long IOVA = 0x1_2345_0000L;
  static final int SLOTS = 256;

  /** A descriptor, or data. */
  static final int SLOT_BYTES = 64;

  static final int DESCRIPTORS = 0;
  static final int DATA = SLOTS * SLOT_BYTES;
  static final int RING = 2 * SLOTS * SLOT_BYTES;
  static final int RING_ENTRIES = 1024;
  static final int MEMORY_BYTES = RING + 8 * RING_ENTRIES;

  private LedgerSpec() {}

  static int slot(long job) {
    return (int) (job % SLOTS);
  }

  /** A descriptor's, or with {@code data} set its answer's, bytes at {@code at}. */
  static long pattern(long job, boolean data, int at) {
    return (job + (data ? 7 : 0)) * 0x9E3779B97F4A7C15L + at;
  }
}
