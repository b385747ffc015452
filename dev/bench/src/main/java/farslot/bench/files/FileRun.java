package farslot.bench.files;

import farslot.function.BlockStore;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * A load on a store for a time, on its agent's thread: a number of requests always under way. It
 * also notes how long the store keeps the agent from everything else, in its calls and at the ends
 * of turns.
 */
final class FileRun implements BlockStore.Done {
  private final BlockStore store;
  private final FileLoad load;
  private final MemorySegment memory;
  private final long forNs;
  private final Histogram into;
  private final Runnable finished;
  private final SplittableRandom random;
  private final long[] begunNs;
  private final long spans;
  private long next;
  private long startNs;
  private long endNs;
  private long count;
  private long failed;
  private int underWay;
  private final Histogram kept;
  private long turnEndNs;

  /**
   * @param memory depth times bytes
   * @param into told the time of each request
   * @param kept told how long the agent could do nothing else, call by call
   */
  FileRun(
      BlockStore store,
      FileLoad load,
      MemorySegment memory,
      long seed,
      long forNs,
      Histogram into,
      Histogram kept,
      Runnable finished) {
    this.store = store;
    this.load = load;
    this.memory = memory;
    this.forNs = forNs;
    this.into = into;
    this.kept = kept;
    this.finished = finished;
    random = new SplittableRandom(seed);
    begunNs = new long[load.depth()];
    spans = load.workingBytes() / load.bytes();
    next = Math.floorMod(seed * 1024, spans);
  }

  void start() {
    startNs = System.nanoTime();
    underWay = load.depth();
    for (int slot = 0; slot < load.depth(); slot++) {
      submit(slot);
    }
  }

  private void submit(int slot) {
    long span = load.random() ? random.nextLong(spans) : next++ % spans;
    long position = span * load.bytes();
    long at = (long) slot * load.bytes();
    long now = System.nanoTime();
    begunNs[slot] = now;
    if (load.write()) {
      store.write(position, memory, at, load.bytes(), load.durable(), this, slot);
    } else {
      store.read(position, memory, at, load.bytes(), this, slot);
    }
    kept.recordValue(System.nanoTime() - now);
  }

  @Override
  public void done(long cookie, BlockStore.Status status) {
    int slot = (int) cookie;
    long now = System.nanoTime();
    into.recordValue(now - begunNs[slot]);
    count++;
    failed += status == BlockStore.Status.OK ? 0 : 1;
    if (now - startNs < forNs && failed == 0) {
      submit(slot);
    } else if (--underWay == 0) {
      endNs = now;
      finished.run();
    }
  }

  /** Before anybody else does anything at the end of a turn. */
  void turnEnds(long nowNs) {
    turnEndNs = System.nanoTime();
  }

  /** After everybody else. */
  void turnEnded(long nowNs) {
    kept.recordValue(System.nanoTime() - turnEndNs);
  }

  double perSecond() {
    if (failed > 0) {
      throw new IllegalStateException(failed + " requests failed");
    }
    return count * 1e9 / (endNs - startNs);
  }

  long count() {
    return count;
  }
}
