package farslot.bench.rails;

import farslot.fabric.software.NvmeDriver;

/**
 * A load on an NVMe drive that goes on for as long as the drive is there, and what has become of
 * it. On the data thread; allocates nothing while it runs.
 */
final class Stream implements NvmeDriver.Done {
  /**
   * What kind of load.
   *
   * @param towardsDrive whether the server's memory is read (DMA reads), or written
   * @param bytes of a transfer
   * @param depth transfers under way
   */
  record Load(boolean towardsDrive, int bytes, int depth) {
    long memoryBytes() {
      return (long) bytes * depth;
    }
  }

  private final NvmeDriver driver;
  private final Load load;
  private final long memoryAt;
  private final int blocksEach;
  private final long spans;
  private long next;
  private boolean running;
  private int underWay;
  private Runnable idle = () -> {};
  private long bytes;
  private long failed;
  private long lastNs;
  private long longestGapNs;
  private long awaitedFromNs;
  private long awaitedNs;

  /**
   * @param workingBytes how much of the drive is used
   */
  Stream(NvmeDriver driver, Load load, long memoryAt, long workingBytes) {
    this.driver = driver;
    this.load = load;
    this.memoryAt = memoryAt;
    this.blocksEach = load.bytes() / driver.blockBytes();
    this.spans = workingBytes / load.bytes();
  }

  void start() {
    running = true;
    lastNs = System.nanoTime();
    for (int slot = 0; slot < load.depth(); slot++) {
      underWay++;
      submit(slot);
    }
  }

  /** Begins nothing new; says when nothing is under way any more. {@link #start} goes on. */
  void pause(Runnable whenIdle) {
    running = false;
    idle = whenIdle;
    if (underWay == 0) {
      idle.run();
    }
  }

  private void submit(int slot) {
    long block = next++ % spans * blocksEach;
    long at = memoryAt + (long) slot * load.bytes();
    if (load.towardsDrive()) {
      driver.write(block, blocksEach, at, this, slot);
    } else {
      driver.read(block, blocksEach, at, this, slot);
    }
  }

  @Override
  public void done(long cookie, int status, int result) {
    long now = System.nanoTime();
    longestGapNs = Math.max(longestGapNs, now - lastNs);
    lastNs = now;
    if (awaitedNs == 0 && awaitedFromNs != 0 && now >= awaitedFromNs) {
      awaitedNs = now;
    }
    if (status != 0) {
      failed++;
      running = false;
    } else {
      bytes += load.bytes();
    }
    if (running) {
      submit((int) cookie);
    } else if (--underWay == 0) {
      idle.run();
    }
  }

  /** What has been done so far, and the longest time without an end of a transfer since then. */
  Progress progress() {
    if (failed > 0) {
      throw new IllegalStateException(failed + " transfers failed");
    }
    long now = System.nanoTime();
    Progress progress =
        new Progress(bytes, now, Math.max(longestGapNs, running ? now - lastNs : 0), awaitedNs);
    longestGapNs = 0;
    return progress;
  }

  /** From now on the first end of a transfer is remembered. */
  void awaitProgress() {
    awaitedFromNs = System.nanoTime();
    awaitedNs = 0;
  }

  /**
   * Where a load stands.
   *
   * @param bytes moved so far
   * @param atNs when, by System.nanoTime
   * @param longestGapNs longest time without an end of a transfer since it was last asked
   * @param awaitedNs when the first transfer ended since {@link #awaitProgress}; 0 if none has
   */
  record Progress(long bytes, long atNs, long longestGapNs, long awaitedNs) {
    /** Bytes a second since an earlier one. */
    double since(Progress earlier) {
      return (bytes - earlier.bytes) * 1e9 / (atNs - earlier.atNs);
    }
  }
}
