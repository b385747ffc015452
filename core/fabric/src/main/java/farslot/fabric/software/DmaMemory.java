package farslot.fabric.software;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import java.lang.foreign.MemorySegment;

/**
 * A server's memory that cards may reach: one segment at one bus address, given out from the front
 * and never taken back.
 */
public final class DmaMemory {
  private static final long PAGE_BYTES = 4096;

  private final MemorySegment segment;
  private final long iova;
  private long next;

  /**
   * @param segment page-aligned
   * @param iova where cards see it, page-aligned
   */
  public DmaMemory(MemorySegment segment, long iova) {
    if (iova % PAGE_BYTES != 0) {
      throw new IllegalArgumentException("not on a page: " + Long.toHexString(iova));
    }
    this.segment = segment;
    this.iova = iova;
  }

  /** Lets a function reach all of it. */
  public void mapInto(DmaWindows windows) {
    windows.map(new DmaWindow(iova, segment.byteSize(), Access.READ_WRITE, segment, null));
  }

  /**
   * Gives out whole pages.
   *
   * @return their offset in {@link #segment}
   */
  public long allocate(long bytes) {
    long at = next;
    long end = at + (bytes + PAGE_BYTES - 1 & -PAGE_BYTES);
    if (end > segment.byteSize()) {
      throw new IllegalStateException(
          "DMA memory is used up: " + end + " of " + segment.byteSize());
    }
    next = end;
    return at;
  }

  public MemorySegment segment() {
    return segment;
  }

  /** The bus address of an offset. */
  public long iova(long offset) {
    return iova + offset;
  }
}
