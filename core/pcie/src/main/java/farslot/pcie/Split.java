package farslot.pcie;

/**
 * Cuts transfers into what one TLP may carry. Pieces end at multiples of the size that limits them,
 * a power of two from 128 to 4096, which keeps every rule at once: no piece is longer than MPS or
 * MRRS even with the padding of its first and last DW (2.2.2), none crosses 4 KiB (2.2.7), and
 * every completion but the last ends at a Read Completion Boundary (2.3.1.1), since that is 64 or
 * 128.
 */
public final class Split {
  private Split() {}

  /**
   * Bytes of the next piece.
   *
   * @param address of its first byte
   * @param left bytes that remain, at least 1
   * @param sizeBytesMax MPS for writes and completions, MRRS for reads
   */
  public static int pieceBytes(long address, int left, int sizeBytesMax) {
    assert left > 0 && Integer.bitCount(sizeBytesMax) == 1;
    assert sizeBytesMax >= 128 && sizeBytesMax <= TlpLimits.PAYLOAD_BYTES_MAX;
    int room = sizeBytesMax - (int) (address & (sizeBytesMax - 1));
    return Math.min(left, room);
  }

  /** How many pieces a transfer takes; 0 for no bytes. */
  public static int pieces(long address, int bytes, int sizeBytesMax) {
    long lead = address & (sizeBytesMax - 1);
    return bytes == 0 ? 0 : (int) ((lead + bytes + sizeBytesMax - 1) / sizeBytesMax);
  }
}
