package farslot.cards.virtio.spec;

/** Block device (5.2). */
public final class Blk {
  /** What capacities and positions count in, whatever the block size (5.2.4). */
  public static final int SECTOR_SHIFT = 9;

  // Device configuration layout (5.2.4), bytes.
  public static final int CAPACITY = 0;
  public static final int SIZE_MAX = 8;
  public static final int SEG_MAX = 12;
  public static final int BLK_SIZE = 20;
  public static final int PHYSICAL_BLOCK_EXP = 24;
  public static final int MIN_IO_SIZE = 26;
  public static final int OPT_IO_SIZE = 28;
  public static final int WRITEBACK = 32;
  public static final int NUM_QUEUES = 34;
  public static final int MAX_DISCARD_SECTORS = 36;
  public static final int MAX_DISCARD_SEG = 40;
  public static final int DISCARD_SECTOR_ALIGNMENT = 44;
  public static final int MAX_WRITE_ZEROES_SECTORS = 48;
  public static final int MAX_WRITE_ZEROES_SEG = 52;
  public static final int WRITE_ZEROES_MAY_UNMAP = 56;
  public static final int CONFIG_BYTES = 60;

  // Requests (5.2.6): a header, data, and one byte of status behind everything.
  public static final int HEADER_BYTES = 16;
  public static final int HEADER_TYPE = 0;
  public static final int HEADER_SECTOR = 8;
  public static final int STATUS_BYTES = 1;

  public static final int T_IN = 0;
  public static final int T_OUT = 1;
  public static final int T_FLUSH = 4;
  public static final int T_GET_ID = 8;
  public static final int T_DISCARD = 11;
  public static final int T_WRITE_ZEROES = 13;

  public static final int S_OK = 0;
  public static final int S_IOERR = 1;
  public static final int S_UNSUPP = 2;

  /** What GET_ID answers; shorter ones end with a zero. */
  public static final int ID_BYTES = 20;

  // A range of DISCARD and WRITE_ZEROES.
  public static final int RANGE_BYTES = 16;
  public static final int RANGE_SECTOR = 0;
  public static final int RANGE_COUNT = 8;
  public static final int RANGE_FLAGS = 12;
  public static final int RANGE_UNMAP = 1;

  private Blk() {}
}
