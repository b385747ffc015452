package farslot.testkit;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A server's memory as a card may reach it: windows that tests map, fill and look into. */
public final class GuestMemory {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final DmaWindows windows = new DmaWindows();
  private int refused;

  /** Maps fresh memory, read and write; returns the memory itself. */
  public MemorySegment map(long iova, long sizeBytes) {
    return map(iova, sizeBytes, Access.READ_WRITE);
  }

  /** Maps fresh memory. */
  public MemorySegment map(long iova, long sizeBytes, Access access) {
    MemorySegment memory = MemorySegment.ofArray(new byte[Math.toIntExact(sizeBytes)]);
    map(iova, memory, access);
    return memory;
  }

  /** Maps memory that is there already. */
  public void map(long iova, MemorySegment memory, Access access) {
    long sizeBytes = memory.byteSize();
    DmaWindows.Change change = windows.map(new DmaWindow(iova, sizeBytes, access, memory, null));
    if (change != DmaWindows.Change.OK) {
      throw new AssertionError("map: " + change);
    }
  }

  public void unmap(long iova, long sizeBytes) {
    if (windows.unmap(iova, sizeBytes) != DmaWindows.Change.OK) {
      throw new AssertionError("unmap of what is not mapped");
    }
  }

  public void unmapAll() {
    windows.clear();
  }

  /** Accesses of the card that no window permits. */
  public int refused() {
    return refused;
  }

  /** What the card reaches, or null, counted, when it may not. */
  DmaWindow find(long iova, int bytes, Access wanted) {
    DmaWindow window = windows.find(iova, bytes, wanted);
    refused += window == null ? 1 : 0;
    return window;
  }

  // What the server's own processor does; it needs no permission, only memory.

  static int loadInt(MemorySegment segment, long offset) {
    return segment.get(INT, offset);
  }

  public int getInt(long iova) {
    DmaWindow window = own(iova, 4);
    return window.mapped().get(INT, iova - window.iova());
  }

  public void putInt(long iova, int value) {
    DmaWindow window = own(iova, 4);
    window.mapped().set(INT, iova - window.iova(), value);
  }

  public long getLong(long iova) {
    DmaWindow window = own(iova, 8);
    return window.mapped().get(LONG, iova - window.iova());
  }

  public void putLong(long iova, long value) {
    DmaWindow window = own(iova, 8);
    window.mapped().set(LONG, iova - window.iova(), value);
  }

  public byte[] getBytes(long iova, int bytes) {
    DmaWindow window = own(iova, bytes);
    byte[] copy = new byte[bytes];
    MemorySegment.copy(
        window.mapped(), ValueLayout.JAVA_BYTE, iova - window.iova(), copy, 0, bytes);
    return copy;
  }

  public void putBytes(long iova, byte[] bytes) {
    DmaWindow window = own(iova, bytes.length);
    MemorySegment.copy(
        bytes, 0, window.mapped(), ValueLayout.JAVA_BYTE, iova - window.iova(), bytes.length);
  }

  /** Whether all of these bytes are there. */
  public boolean isMapped(long iova, int bytes) {
    return find(iova, bytes) != null;
  }

  /** Copies bytes out of it; false, and nothing is copied, if they are not all there. */
  public boolean read(long iova, MemorySegment to, long offset, int bytes) {
    DmaWindow window = find(iova, bytes);
    if (window != null) {
      MemorySegment.copy(window.mapped(), iova - window.iova(), to, offset, bytes);
    }
    return window != null;
  }

  private DmaWindow find(long iova, int bytes) {
    DmaWindow window = windows.find(iova, bytes, Access.READ);
    return window == null ? windows.find(iova, bytes, Access.WRITE) : window;
  }

  private DmaWindow own(long iova, int bytes) {
    DmaWindow window = find(iova, bytes);
    if (window == null) {
      throw new AssertionError(String.format("nothing is mapped at %x", iova));
    }
    return window;
  }
}
