package farslot.bench;

/** What is measured. Each has a key, a load, and an exchange of raw TCP that does no less. */
enum BenchCase {
  MMIO_READ("mmio_read_over_raw_tcp", "register read, 4 B", 64, 64, 4, 1, true),
  NVME_READ_QD1(
      "nvme_read_qd1_over_raw_tcp", "4 KiB random read, depth 1", 64, 4096, 4096, 1, true),
  NVME_WRITE_QD1(
      "nvme_write_qd1_over_raw_tcp", "4 KiB random write, depth 1", 4096, 64, 4096, 1, true),
  NVME_READ_QD32(
      "nvme_read_qd32_over_raw_tcp", "4 KiB random read, depth 32", 64, 4096, 4096, 32, false),
  NVME_READ_QD128(
      "nvme_read_qd128_over_raw_tcp", "4 KiB random read, depth 128", 64, 4096, 4096, 128, false),
  SEQUENTIAL_READ(
      "nvme_read_128k_qd8_over_raw_tcp",
      "128 KiB sequential read, depth 8",
      64,
      131072,
      131072,
      8,
      false),
  SEQUENTIAL_WRITE(
      "nvme_write_128k_qd8_over_raw_tcp",
      "128 KiB sequential write, depth 8",
      131072,
      64,
      131072,
      8,
      false),
  DMA_WRITE_STREAM(
      "dma_stream_over_raw_tcp", "DMA write stream, 128 KiB", 64, 131072, 131072, 32, false),
  DMA_READ_STREAM(
      "dma_read_stream_over_raw_tcp", "DMA read stream, 128 KiB", 131072, 64, 131072, 32, false);

  private final String key;
  private final String words;
  private final int requestBytes;
  private final int replyBytes;
  private final int bytes;
  private final int depth;
  private final boolean latency;

  BenchCase(
      String key,
      String words,
      int requestBytes,
      int replyBytes,
      int bytes,
      int depth,
      boolean latency) {
    this.key = key;
    this.words = words;
    this.requestBytes = requestBytes;
    this.replyBytes = replyBytes;
    this.bytes = bytes;
    this.depth = depth;
    this.latency = latency;
  }

  /** The ratio's key in the JSON output. */
  String key() {
    return key;
  }

  /** For the table. */
  String words() {
    return words;
  }

  int requestBytes() {
    return requestBytes;
  }

  int replyBytes() {
    return replyBytes;
  }

  /** Useful bytes of one operation. */
  int bytes() {
    return bytes;
  }

  int depth() {
    return depth;
  }

  /** Whether the ratio is one of medians; otherwise one of operations a second. */
  boolean latency() {
    return latency;
  }

  /** The load on the drive; not for {@link #MMIO_READ}. */
  NvmeRun.Load load() {
    boolean write = requestBytes > replyBytes;
    return new NvmeRun.Load(write, bytes == 4096, bytes, depth);
  }
}
