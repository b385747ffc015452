package farslot.memory;

import java.lang.foreign.MemorySegment;

/**
 * One range of I/O virtual addresses that a card may reach.
 *
 * @param iova first address, unsigned
 * @param sizeBytes at least 1; the range does not wrap
 * @param access what is permitted
 * @param mapped the memory itself, {@code sizeBytes} long, or null when it is {@code messaged}
 * @param messaged how to reach it otherwise, or null
 */
public record DmaWindow(
    long iova, long sizeBytes, Access access, MemorySegment mapped, MessagedMemory messaged) {
  public DmaWindow {
    if ((mapped == null) == (messaged == null)) {
      throw new IllegalArgumentException("a window is either mapped or messaged");
    }
    if (sizeBytes <= 0 || Long.compareUnsigned(iova + (sizeBytes - 1), iova) < 0) {
      throw new IllegalArgumentException("window wraps: " + iova + "+" + sizeBytes);
    }
    if (mapped != null && mapped.byteSize() != sizeBytes) {
      throw new IllegalArgumentException("mapping and window differ in size");
    }
  }

  /** Whether all of the range lies inside. Addresses are unsigned. */
  public boolean contains(long address, int bytes) {
    long into = address - iova;
    return into >= 0 && into <= sizeBytes - bytes;
  }

  /** How many of the bytes from {@code address} on lie inside, when the first does. */
  public int bytesInside(long address, int bytes) {
    return (int) Math.min(bytes, sizeBytes - (address - iova));
  }
}
