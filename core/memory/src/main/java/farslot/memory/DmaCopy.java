package farslot.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Moves bytes between a TLP's data and mapped windows, across as many adjacent ones as it takes.
 * The caller has asked {@link DmaWindows#reach} for the range and got {@code MAPPED}: nothing is
 * checked again here. Allocates nothing.
 *
 * <p>Writes are seen in the order in which they are made (2.4.1), also by a server that polls
 * memory and takes no interrupt.
 */
public final class DmaCopy {
  /** Up to here, aligned writes are seen QW by QW in ascending order. */
  private static final int ORDERED_BYTES_MAX = 64;

  private static final VarHandle QW = ValueLayout.JAVA_LONG.varHandle();

  private DmaCopy() {}

  /** Server's memory into {@code to}. */
  public static void read(DmaWindows windows, long iova, MemorySegment to, long offset, int bytes) {
    for (int done = 0; done < bytes; ) {
      long address = iova + done;
      DmaWindow window = windows.at(address);
      int inside = window.bytesInside(address, bytes - done);
      MemorySegment.copy(window.mapped(), address - window.iova(), to, offset + done, inside);
      done += inside;
    }
  }

  /** Bytes into the server's memory. */
  public static void write(
      DmaWindows windows, long iova, MemorySegment from, long offset, int bytes) {
    for (int done = 0; done < bytes; ) {
      long address = iova + done;
      DmaWindow window = windows.at(address);
      int inside = window.bytesInside(address, bytes - done);
      write(window, address, from, offset + done, inside);
      done += inside;
    }
  }

  /** Bytes into one mapped window that is known to hold all of the range. */
  public static void write(
      DmaWindow window, long iova, MemorySegment from, long offset, int bytes) {
    store(window.mapped(), iova - window.iova(), from, offset, bytes);
  }

  /**
   * Writes the bytes that are enabled of a request with gaps, which has 1 or 2 DW (2.2.5).
   *
   * @param iova of the first DW
   * @param firstBe First DW Byte Enables
   * @param lastBe Last DW Byte Enables, 0 for one DW
   */
  public static void writeEnabled(
      DmaWindows windows, long iova, MemorySegment from, long offset, int firstBe, int lastBe) {
    int enabled = firstBe | lastBe << 4;
    for (int lane = 0; lane < 8; lane++) {
      if ((enabled >> lane & 1) != 0) {
        write(windows, iova + lane, from, offset + lane, 1);
      }
    }
  }

  private static void store(MemorySegment to, long at, MemorySegment from, long offset, int bytes) {
    // Without it a processor or the compiler may show this write before an earlier one.
    VarHandle.releaseFence();
    if (bytes <= ORDERED_BYTES_MAX && ((at | bytes) & 7) == 0 && to.maxByteAlignment() >= 8) {
      // A queue entry whose last QW says that it is valid must not be seen half written.
      for (int done = 0; done < bytes; done += Long.BYTES) {
        QW.setRelease(to, at + done, from.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + done));
      }
    } else {
      MemorySegment.copy(from, offset, to, at, bytes);
    }
  }
}
