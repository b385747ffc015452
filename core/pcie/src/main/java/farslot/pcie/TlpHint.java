package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * A TLP Processing Hint: how the data of a request to memory will be used, and by whom (2.2.7.1).
 *
 * @param present TH
 * @param processingHint PH: 0 both sides, 1 requester, 2 target, 3 target with priority
 * @param steeringTag ST[7:0] of reads and atomics, where byte enables would be; of a write it is
 *     the Tag, and 0 here
 */
public record TlpHint(boolean present, int processingHint, int steeringTag) {
  public static final TlpHint NONE = new TlpHint(false, 0, 0);

  public TlpHint {
    if ((processingHint & ~3) != 0 || (steeringTag & ~0xFF) != 0) {
      throw new IllegalArgumentException("PH or ST has more bits than the header");
    }
  }

  /** Adds TH, PH and, where byte enables would be, ST to the header of a request to memory. */
  void stamp(MemorySegment to, long headerAt) {
    if (!present) {
      return;
    }
    int dw0 = BigEndian.i32(to, headerAt) | TlpHeader.TH;
    int fmtType = dw0 >>> 24;
    BigEndian.i32(to, headerAt, dw0);
    long last = headerAt + TlpType.headerBytes(fmtType) - 1;
    BigEndian.u8(to, last, BigEndian.u8(to, last) & ~3 | processingHint);
    if (!TlpType.isMemoryWrite(fmtType)) {
      BigEndian.u8(to, headerAt + TlpHeader.BYTE_ENABLES, steeringTag);
    }
  }

  @Override
  public String toString() {
    return present ? String.format(" TH PH%d ST %02x", processingHint, steeringTag) : "";
  }
}
