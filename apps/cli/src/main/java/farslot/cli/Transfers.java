package farslot.cli;

import farslot.fabric.software.DmaMemory;
import farslot.fabric.software.NvmeDriver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Writes a pattern over a stretch of a drive, or reads it back and compares, several transfers at a
 * time. Every chunk's bytes follow from its number, so that one in the wrong place is noticed. On
 * the data thread.
 */
final class Transfers implements NvmeDriver.Done {
  static final int CHUNK_BYTES = 64 << 10;
  static final int DEPTH = 8;

  private final NvmeDriver driver;
  private final DmaMemory memory;
  private final long memoryAt;
  private final int chunks;
  private final boolean write;
  private final CompletableFuture<Void> end;
  private int next;
  private int done;
  private String problem;
  private int underWay;

  /**
   * @param memoryAt where {@link #DEPTH} times {@link #CHUNK_BYTES} of DMA memory are
   * @param chunks how many, from the drive's start on
   */
  Transfers(
      NvmeDriver driver,
      DmaMemory memory,
      long memoryAt,
      int chunks,
      boolean write,
      CompletableFuture<Void> end) {
    this.driver = driver;
    this.memory = memory;
    this.memoryAt = memoryAt;
    this.chunks = chunks;
    this.write = write;
    this.end = end;
  }

  /** The bytes of a chunk. */
  static void fill(int chunk, MemorySegment into, long at) {
    SplittableRandom random = new SplittableRandom(chunk);
    for (int i = 0; i < CHUNK_BYTES; i += 8) {
      into.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, random.nextLong());
    }
  }

  void start() {
    for (int slot = 0; slot < DEPTH && next < chunks; slot++) {
      submit(slot);
    }
  }

  private long at(int slot) {
    return memoryAt + (long) slot * CHUNK_BYTES;
  }

  private void submit(int slot) {
    int chunk = next++;
    underWay++;
    int blocks = CHUNK_BYTES / driver.blockBytes();
    long block = (long) chunk * blocks;
    long cookie = (long) chunk << 8 | slot;
    if (write) {
      fill(chunk, memory.segment(), at(slot));
      driver.write(block, blocks, at(slot), this, cookie);
    } else {
      memory.segment().asSlice(at(slot), CHUNK_BYTES).fill((byte) 0);
      driver.read(block, blocks, at(slot), this, cookie);
    }
  }

  @Override
  public void done(long cookie, int status, int result) {
    int slot = (int) (cookie & 0xFF);
    int chunk = (int) (cookie >>> 8);
    underWay--;
    done++;
    if (status != 0) {
      problem = "chunk %d ended with NVMe status %03x".formatted(chunk, status);
    } else if (!write && !matches(chunk, slot)) {
      problem = "chunk %d reads back with other bytes than were written".formatted(chunk);
    }
    if (next < chunks && problem == null) {
      submit(slot);
    } else if (underWay == 0) {
      if (problem == null) {
        end.complete(null);
      } else {
        end.completeExceptionally(new IllegalStateException(problem));
      }
    }
  }

  private boolean matches(int chunk, int slot) {
    SplittableRandom random = new SplittableRandom(chunk);
    for (int i = 0; i < CHUNK_BYTES; i += 8) {
      long found = memory.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, at(slot) + i);
      if (found != random.nextLong()) {
        return false;
      }
    }
    return true;
  }

  /** How many are done; from any thread, perhaps a moment old. */
  int done() {
    return done;
  }
}
