package farslot.bench.path;

import farslot.bench.figures.Figure.Goal;

/** What is measured. Each has a key, a load, and an exchange of raw TCP that does no less. */
public enum BenchCase {
  MMIO_READ("mmio_read_over_raw_tcp", "register read, 4 B", Load.read(4, 1), Goal.atMost(1.3)),
  NVME_READ_QD1(
      "nvme_read_qd1_over_raw_tcp",
      "4 KiB random read, depth 1",
      Load.read(4096, 1),
      Goal.atMost(1.5)),
  NVME_WRITE_QD1(
      "nvme_write_qd1_over_raw_tcp",
      "4 KiB random write, depth 1",
      Load.write(4096, 1),
      Goal.atMost(1.5)),
  NVME_READ_QD32(
      "nvme_read_qd32_over_raw_tcp", "4 KiB random read, depth 32", Load.read(4096, 32), Goal.NONE),
  NVME_WRITE_QD32(
      "nvme_write_qd32_over_raw_tcp",
      "4 KiB random write, depth 32",
      Load.write(4096, 32),
      Goal.NONE),
  NVME_READ_QD128(
      "nvme_read_qd128_over_raw_tcp",
      "4 KiB random read, depth 128",
      Load.read(4096, 128),
      Goal.atLeast(0.7)),
  SEQUENTIAL_READ(
      "nvme_read_128k_qd8_over_raw_tcp",
      "128 KiB sequential read, depth 8",
      Load.read(131072, 8),
      Goal.NONE),
  SEQUENTIAL_WRITE(
      "nvme_write_128k_qd8_over_raw_tcp",
      "128 KiB sequential write, depth 8",
      Load.write(131072, 8),
      Goal.NONE),
  DMA_WRITE_STREAM(
      "dma_write_stream_over_raw_tcp",
      "DMA write stream, 128 KiB",
      Load.read(131072, 32),
      Goal.NONE),
  DMA_READ_STREAM(
      "dma_read_stream_over_raw_tcp",
      "DMA read stream, 128 KiB",
      Load.write(131072, 32),
      Goal.NONE);

  /** What the floor's request, or reply, has that carries no data. */
  private static final int SMALL_BYTES = 64;

  private final String key;
  private final String words;
  private final Load load;
  private final Goal goal;

  BenchCase(String key, String words, Load load, Goal goal) {
    this.key = key;
    this.words = words;
    this.load = load;
    this.goal = goal;
  }

  /** The ratio's key in the JSON output. */
  public String key() {
    return key;
  }

  /** For people. */
  public String words() {
    return words;
  }

  Load load() {
    return load;
  }

  Goal goal() {
    return goal;
  }

  int requestBytes() {
    return load.write() ? Math.max(SMALL_BYTES, load.bytes()) : SMALL_BYTES;
  }

  int replyBytes() {
    return load.write() ? SMALL_BYTES : Math.max(SMALL_BYTES, load.bytes());
  }

  /** Whether the ratio is one of medians; otherwise one of operations a second. */
  public boolean latency() {
    return load.depth() == 1;
  }

  /** Whether it is the drive that is used; otherwise a register. */
  public boolean drive() {
    return this != MMIO_READ;
  }
}
