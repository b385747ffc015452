package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * Writes TLP headers in place. Each method returns the header's length in bytes (12 or 16); the
 * data follows there and the caller puts it in, padded with zeroes to whole DWs: data begins at the
 * DW that holds the first byte, so {@code address & 3} leading bytes are padding that the byte
 * enables switch off. {@code bytes} is from the first enabled byte to the last.
 */
public final class TlpEncoder {
  private TlpEncoder() {}

  /** Header bytes of a memory request to this address: 12 below 4 GiB, else 16. */
  public static int memoryHeaderBytes(long address) {
    return address >>> 32 == 0 ? 12 : 16;
  }

  /** Data bytes, whole DWs, of a transfer of {@code bytes} at {@code address}. */
  public static int dataBytes(long address, int bytes) {
    return (int) ((address & 3) + bytes + 3) & ~3;
  }

  /** MRd. 1 to 4096 bytes inside one 4 KiB page; 0 bytes is a flush. */
  public static int memoryRead(
      MemorySegment to, long at, int requesterId, int tag, long address, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** MWr. */
  public static int memoryWrite(
      MemorySegment to, long at, int requesterId, long address, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** CfgRd0: {@code bytes} 1, 2 or 4 inside one DW at {@code offset} 0 to 4095. */
  public static int configRead0(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** CfgWr0. The value is placed by the caller as data, at {@code offset & 3}. */
  public static int configWrite0(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * CplD.
   *
   * @param byteCount bytes that remain to be sent for the request, this completion's included
   * @param lowerAddress low 7 bits of this completion's first byte
   * @param bytes bytes from first to last valid in this completion
   */
  public static int completionWithData(
      MemorySegment to,
      long at,
      int completerId,
      int requesterId,
      int tag,
      int byteCount,
      int lowerAddress,
      int bytes) {
    throw new UnsupportedOperationException();
  }

  /** Cpl without data, for writes that succeeded and for everything that failed. */
  public static int completion(
      MemorySegment to,
      long at,
      int completerId,
      int requesterId,
      int tag,
      CompletionStatus status,
      int byteCount,
      int lowerAddress) {
    throw new UnsupportedOperationException();
  }

  /** Msg without data, for example Assert_INTA: {@code routing} 3 bits (2.2.8). */
  public static int message(
      MemorySegment to, long at, int requesterId, int tag, int routing, int messageCode) {
    throw new UnsupportedOperationException();
  }
}
