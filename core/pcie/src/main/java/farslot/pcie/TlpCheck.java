package farslot.pcie;

import java.lang.foreign.MemorySegment;

/** The rules a TLP has to keep before anything in it is believed (2.3.1); see {@link TlpError}. */
final class TlpCheck {
  private TlpCheck() {}

  static TlpError check(MemorySegment segment, long offset, int tlpBytes) {
    if (tlpBytes > TlpLimits.TLP_BYTES_MAX) {
      return TlpError.TOO_LONG;
    }
    int prefixes = prefixes(segment, offset, tlpBytes);
    if (prefixes < 0) {
      return TlpError.PREFIX;
    }
    if (prefixes > TlpLimits.PREFIX_COUNT_MAX) {
      return TlpError.TOO_LONG;
    }
    long at = offset + prefixes * TlpHeader.DW;
    int left = tlpBytes - prefixes * TlpHeader.DW;
    if (left < 12) {
      return TlpError.LENGTH_MISMATCH;
    }
    int dw0 = BigEndian.i32(segment, at);
    int fmtType = dw0 >>> 24;
    if (!TlpType.isDefined(fmtType)) {
      return TlpError.UNKNOWN_TYPE;
    }
    return left == expectedBytes(dw0) ? rules(segment, at, dw0) : TlpError.LENGTH_MISMATCH;
  }

  /** How many prefixes there are, one more than allowed at most; -1 if a local one comes late. */
  private static int prefixes(MemorySegment segment, long offset, int tlpBytes) {
    int count = 0;
    boolean endToEnd = false;
    while (count <= TlpLimits.PREFIX_COUNT_MAX && (count + 1) * TlpHeader.DW <= tlpBytes) {
      int first = BigEndian.u8(segment, offset + count * TlpHeader.DW);
      if (!TlpType.isPrefix(first)) {
        return count;
      }
      // 2.2.10: all Local TLP Prefixes precede all End-End ones.
      if (endToEnd && !TlpType.isEndToEndPrefix(first)) {
        return -1;
      }
      endToEnd = TlpType.isEndToEndPrefix(first);
      count++;
    }
    return count;
  }

  private static int expectedBytes(int dw0) {
    int fmtType = dw0 >>> 24;
    int data = TlpType.hasData(fmtType) ? TlpHeader.lengthDw(dw0) * TlpHeader.DW : 0;
    int digest = (dw0 & TlpHeader.TD) == 0 ? 0 : TlpHeader.DW;
    return TlpType.headerBytes(fmtType) + data + digest;
  }

  private static TlpError rules(MemorySegment segment, long at, int dw0) {
    int fmtType = dw0 >>> 24;
    if (TlpType.isMemoryWrite(fmtType) || TlpType.isMemoryRead(fmtType)) {
      return memory(segment, at, dw0);
    }
    if (TlpType.isCompletion(fmtType)) {
      return completion(segment, at, dw0);
    }
    if (TlpType.isAtomic(fmtType)) {
      return atomic(segment, at, dw0);
    }
    if (TlpType.isConfig(fmtType) || TlpType.isIo(fmtType)) {
      return oneDw(segment, at, dw0);
    }
    return null;
  }

  private static TlpError memory(MemorySegment segment, long at, int dw0) {
    int fmtType = dw0 >>> 24;
    if (belowFourGiB(segment, at, fmtType)) {
      return TlpError.ADDRESS;
    }
    long address = address(segment, at, fmtType);
    int lengthDw = TlpHeader.lengthDw(dw0);
    if ((address & (TlpLimits.PAGE_BYTES - 1)) + lengthDw * TlpHeader.DW > TlpLimits.PAGE_BYTES) {
      return TlpError.CROSSES_PAGE;
    }
    // 2.2.5: a read with TH set carries a Steering Tag instead, and all bytes count as enabled.
    if (TlpType.isMemoryRead(fmtType) && (dw0 & TlpHeader.TH) != 0) {
      return null;
    }
    int be = BigEndian.u8(segment, at + TlpHeader.BYTE_ENABLES);
    return ByteEnables.legal(address, lengthDw, be & 0xF, be >>> 4) ? null : TlpError.BYTE_ENABLES;
  }

  /** 2.2.7: I/O and configuration requests have Length 1 and no Last DW Byte Enables. */
  private static TlpError oneDw(MemorySegment segment, long at, int dw0) {
    if (TlpHeader.lengthDw(dw0) != 1) {
      return TlpError.TYPE_LENGTH;
    }
    int be = BigEndian.u8(segment, at + TlpHeader.BYTE_ENABLES);
    return be >>> 4 == 0 ? null : TlpError.BYTE_ENABLES;
  }

  /** 2.2.7: operands of 4 or 8 bytes, for CAS of 16 too, at their natural alignment. */
  private static TlpError atomic(MemorySegment segment, long at, int dw0) {
    int fmtType = dw0 >>> 24;
    boolean cas = TlpType.isCas(fmtType);
    int dataBytes = TlpHeader.lengthDw(dw0) * TlpHeader.DW;
    int operandBytes = cas ? dataBytes / 2 : dataBytes;
    boolean size = operandBytes == 4 || operandBytes == 8 || cas && operandBytes == 16;
    if (!size || cas && dataBytes != 2 * operandBytes) {
      return TlpError.TYPE_LENGTH;
    }
    boolean aligned = (address(segment, at, fmtType) & (operandBytes - 1)) == 0;
    return aligned && !belowFourGiB(segment, at, fmtType) ? null : TlpError.ADDRESS;
  }

  /** 2.2.9: Byte Count includes this completion's bytes, so it cannot be less than they are. */
  private static TlpError completion(MemorySegment segment, long at, int dw0) {
    if (!TlpType.hasData(dw0 >>> 24)) {
      return null;
    }
    int count = byteCount(segment, at);
    int lead = BigEndian.u8(segment, at + TlpHeader.LOWER_ADDRESS) & 3;
    int mostDw = (lead + count + 3) / TlpHeader.DW;
    return TlpHeader.lengthDw(dw0) <= mostDw ? null : TlpError.BYTE_COUNT;
  }

  static int byteCount(MemorySegment segment, long at) {
    int field = BigEndian.u16(segment, at + TlpHeader.STATUS) & TlpHeader.BYTE_COUNT_MASK;
    return ((field - 1) & TlpHeader.BYTE_COUNT_MASK) + 1;
  }

  /** DW-aligned address of a memory, atomic or I/O request. */
  static long address(MemorySegment segment, long at, int fmtType) {
    long raw =
        TlpType.headerBytes(fmtType) == 16
            ? BigEndian.i64(segment, at + TlpHeader.ADDRESS)
            : BigEndian.u32(segment, at + TlpHeader.ADDRESS);
    return raw & ~3L;
  }

  /** 2.2.4.1: below 4 GiB the 32-bit format must be used. */
  private static boolean belowFourGiB(MemorySegment segment, long at, int fmtType) {
    return TlpType.headerBytes(fmtType) == 16
        && BigEndian.i32(segment, at + TlpHeader.ADDRESS) == 0;
  }
}
