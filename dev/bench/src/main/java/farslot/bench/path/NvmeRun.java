package farslot.bench.path;

import farslot.fabric.software.NvmeDriver;
import java.util.SplittableRandom;

/**
 * A load on an NVMe drive: a number of transfers always under way, for a time. Runs on the data
 * thread and allocates nothing while it does.
 */
public final class NvmeRun implements Run, NvmeDriver.Done {
  private final NvmeDriver driver;
  private final Load load;
  private final long memoryAt;
  private final int blocksEach;
  private final long spans;
  private final long forNs;
  private final Took into;
  private Runnable finished;
  private final SplittableRandom random = new SplittableRandom(1);
  private final long[] begun;
  private long next;
  private long startNs;
  private long endNs;
  private long done;
  private long failed;
  private int underWay;

  /**
   * @param memoryAt where depth times bytes of DMA memory are
   * @param workingBytes how much of the drive is used, from its start
   */
  public NvmeRun(
      NvmeDriver driver, Load load, long memoryAt, long workingBytes, long forNs, Took into) {
    this.driver = driver;
    this.load = load;
    this.memoryAt = memoryAt;
    this.blocksEach = load.bytes() / driver.blockBytes();
    this.spans = workingBytes / load.bytes();
    this.forNs = forNs;
    this.into = into;
    this.begun = new long[load.depth()];
  }

  @Override
  public void start(Runnable whenFinished) {
    finished = whenFinished;
    startNs = System.nanoTime();
    underWay = load.depth();
    for (int slot = 0; slot < load.depth(); slot++) {
      submit(slot, startNs);
    }
  }

  private void submit(int slot, long now) {
    begun[slot] = now;
    long span = load.random() ? (random.nextLong() >>> 1) % spans : next++ % spans;
    long block = span * blocksEach;
    long at = memoryAt + (long) slot * load.bytes();
    if (load.write()) {
      driver.write(block, blocksEach, at, this, slot);
    } else {
      driver.read(block, blocksEach, at, this, slot);
    }
  }

  @Override
  public void done(long cookie, int status, int result) {
    int slot = (int) cookie;
    long now = System.nanoTime();
    into.took(begun[slot], now);
    done++;
    failed += status == 0 ? 0 : 1;
    if (now - startNs < forNs && status == 0) {
      submit(slot, now);
    } else {
      underWay--;
      if (underWay == 0) {
        endNs = now;
        finished.run();
      }
    }
  }

  @Override
  public Sample sample() {
    if (failed > 0) {
      throw new IllegalStateException(failed + " transfers failed");
    }
    return new Sample(done, endNs - startNs, 0);
  }
}
