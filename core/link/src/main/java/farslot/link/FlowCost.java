package farslot.link;

import farslot.pcie.BigEndian;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpType;
import java.lang.foreign.MemorySegment;

/**
 * What a TLP costs in credits, by its first header DW alone: so that both ends agree even on one
 * that turns out to be malformed (docs/spec/pcieoe.md, section 8.1).
 */
final class FlowCost {
  private static final int DW = 4;

  private FlowCost() {}

  /** The header's first DW behind the prefixes; 0 when there is none. */
  static int firstDw(MemorySegment segment, long offset, int tlpBytes) {
    for (int i = 0; i <= TlpLimits.PREFIX_COUNT_MAX && (i + 1) * DW <= tlpBytes; i++) {
      int dw = BigEndian.i32(segment, offset + (long) i * DW);
      if (!TlpType.isPrefix(dw >>> 24)) {
        return dw;
      }
    }
    return 0;
  }

  /** The class; what is no TLP counts as non-posted. */
  static FlowClass flow(int firstDw) {
    int fmtType = firstDw >>> 24;
    return TlpType.isDefined(fmtType) ? TlpType.flowClass(fmtType) : FlowClass.NON_POSTED;
  }

  /** Data credits: one per 16 bytes begun. */
  static int dataCredits(int firstDw) {
    int fmtType = firstDw >>> 24;
    if (!TlpType.isDefined(fmtType) || !TlpType.hasData(fmtType)) {
      return 0;
    }
    int lengthDw = firstDw & 0x3FF;
    return ofBytes((lengthDw == 0 ? 1024 : lengthDw) * DW);
  }

  /** Data credits of so many bytes. */
  static int ofBytes(int bytes) {
    return (bytes + Credits.DATA_BYTES - 1) / Credits.DATA_BYTES;
  }
}
