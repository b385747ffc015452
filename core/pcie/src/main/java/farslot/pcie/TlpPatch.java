package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * Changes single fields of a TLP that is encoded already: for what must be wrong on purpose. Wrap
 * the view anew afterwards; it remembers the first DW.
 */
public final class TlpPatch {
  private static final int TAG_LOW = 0xFF;

  private TlpPatch() {}

  /** Sets EP: the data is known to be wrong (2.7.2). */
  public static void poison(TlpView tlp) {
    dw0(tlp, dw0(tlp) | TlpHeader.EP);
  }

  /**
   * Changes Length, and nothing else: what is carried stays as it is.
   *
   * @param lengthDw 1 to 1024
   */
  public static void lengthDw(TlpView tlp, int lengthDw) {
    dw0(tlp, dw0(tlp) & ~TlpHeader.LENGTH_MASK | lengthDw & TlpHeader.LENGTH_MASK);
  }

  /**
   * Changes a completion's Tag.
   *
   * @param tag 10 bits
   */
  public static void completionTag(TlpView tlp, int tag) {
    int dw0 = dw0(tlp) & ~(TlpHeader.T9 | TlpHeader.T8);
    dw0(tlp, dw0 | (tag & 0x200) << 14 | (tag & 0x100) << 11);
    BigEndian.u8(tlp.segment(), tlp.headerOffset() + TlpHeader.CPL_TAG, tag & TAG_LOW);
  }

  /**
   * Changes a completion's Byte Count.
   *
   * @param bytes 1 to 4096
   */
  public static void byteCount(TlpView tlp, int bytes) {
    long at = tlp.headerOffset() + TlpHeader.STATUS;
    int field = BigEndian.u16(tlp.segment(), at) & ~TlpHeader.BYTE_COUNT_MASK;
    BigEndian.u16(tlp.segment(), at, field | bytes & TlpHeader.BYTE_COUNT_MASK);
  }

  private static int dw0(TlpView tlp) {
    return BigEndian.i32(tlp.segment(), tlp.headerOffset());
  }

  private static void dw0(TlpView tlp, int value) {
    MemorySegment segment = tlp.segment();
    BigEndian.i32(segment, tlp.headerOffset(), value);
  }
}
