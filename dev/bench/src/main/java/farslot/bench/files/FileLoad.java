package farslot.bench.files;

import java.util.Locale;

/** What is asked of a file. */
enum FileLoad {
  READ_HOT_QD1(false, false, false, 4096, 1),
  READ_HOT_QD32(false, false, false, 4096, 32),
  READ_HOT_QD128(false, false, false, 4096, 128),
  READ_COLD_QD1(false, true, false, 4096, 1),
  READ_COLD_QD32(false, true, false, 4096, 32),
  READ_COLD_QD128(false, true, false, 4096, 128),
  WRITE_QD1(true, false, false, 4096, 1),
  WRITE_QD32(true, false, false, 4096, 32),
  WRITE_QD128(true, false, false, 4096, 128),
  WRITE_FUA_QD1(true, false, true, 4096, 1),
  WRITE_FUA_QD32(true, false, true, 4096, 32),
  STREAM_READ_HOT(false, false, false, 128 << 10, 8),
  STREAM_READ_COLD(false, true, false, 128 << 10, 8),
  STREAM_WRITE(true, false, false, 128 << 10, 8);

  /** What is read cold has hardly been read before. */
  private static final long COLD_BYTES = 1L << 30;

  private static final long HOT_BYTES = 64L << 20;

  private final boolean write;
  private final boolean cold;
  private final boolean durable;
  private final int bytes;
  private final int depth;

  FileLoad(boolean write, boolean cold, boolean durable, int bytes, int depth) {
    this.write = write;
    this.cold = cold;
    this.durable = durable;
    this.bytes = bytes;
    this.depth = depth;
  }

  String key() {
    return "file_" + name().toLowerCase(Locale.ROOT);
  }

  /** For the table. */
  String words() {
    return (bytes >> 10)
        + " KiB "
        + (random() ? "random" : "sequential")
        + (durable ? " durable" : "")
        + (write ? " writes" : cold ? " reads, not in memory" : " reads, in memory")
        + ", depth "
        + depth;
  }

  boolean write() {
    return write;
  }

  /** The page cache is emptied before each round. */
  boolean cold() {
    return cold;
  }

  boolean durable() {
    return durable;
  }

  int bytes() {
    return bytes;
  }

  int depth() {
    return depth;
  }

  boolean random() {
    return bytes == 4096;
  }

  /** How long the file is; all of it is used. */
  long workingBytes() {
    return cold ? COLD_BYTES : HOT_BYTES;
  }
}
