package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * Writes TLP headers in place. Each method returns the header's length in bytes (12 or 16); the
 * data follows there and the caller puts it in, padded with zeroes to whole DWs: data begins at the
 * DW that holds the first byte, so {@code address & 3} leading bytes are padding that the byte
 * enables switch off. {@code bytes} is from the first enabled byte to the last.
 *
 * <p>Headers are written with TC 0, no attributes, no hints and no digest; {@link TlpTraits#stamp}
 * adds those. Arguments are trusted: they come from our own code, and assertions guard them.
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
    return memory(to, at, TlpType.MRD32, requesterId, tag, address, bytes);
  }

  /** MWr. */
  public static int memoryWrite(
      MemorySegment to, long at, int requesterId, long address, int bytes) {
    return memory(to, at, TlpType.MWR32, requesterId, 0, address, bytes);
  }

  private static int memory(
      MemorySegment to, long at, int type32, int requesterId, int tag, long address, int bytes) {
    assert bytes >= 0 && (address & TlpLimits.PAGE_BYTES - 1) + bytes <= TlpLimits.PAGE_BYTES;
    int headerBytes = memoryHeaderBytes(address);
    int fmtType = headerBytes == 12 ? type32 : type32 | TlpType.FMT_4DW;
    int lengthDw = Math.max(1, dataBytes(address, bytes) / TlpHeader.DW);
    int be = ByteEnables.last(address, bytes) << 4 | ByteEnables.first(address, bytes);
    request(to, at, fmtType, lengthDw, requesterId, tag, be);
    address(to, at, headerBytes, address);
    return headerBytes;
  }

  /** CfgRd0: {@code bytes} 1, 2 or 4 inside one DW at {@code offset} 0 to 4095. */
  public static int configRead0(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    return config(to, at, TlpType.CFGRD0, requesterId, tag, targetId, offset, bytes);
  }

  /** CfgWr0. The value is placed by the caller as data, at {@code offset & 3}. */
  public static int configWrite0(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    return config(to, at, TlpType.CFGWR0, requesterId, tag, targetId, offset, bytes);
  }

  /** CfgRd1: as {@link #configRead0}, for a function behind another bridge. */
  public static int configRead1(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    return config(to, at, TlpType.CFGRD1, requesterId, tag, targetId, offset, bytes);
  }

  /** CfgWr1: as {@link #configWrite0}, for a function behind another bridge. */
  public static int configWrite1(
      MemorySegment to, long at, int requesterId, int tag, int targetId, int offset, int bytes) {
    return config(to, at, TlpType.CFGWR1, requesterId, tag, targetId, offset, bytes);
  }

  private static int config(
      MemorySegment to,
      long at,
      int fmtType,
      int requesterId,
      int tag,
      int targetId,
      int offset,
      int bytes) {
    assert offset >= 0 && offset < 4096 && (offset & 3) + bytes <= 4;
    request(to, at, fmtType, 1, requesterId, tag, ByteEnables.first(offset, bytes));
    register(to, at, targetId, offset);
    return 12;
  }

  static void register(MemorySegment to, long at, int targetId, int offset) {
    BigEndian.u16(to, at + TlpHeader.DESTINATION_ID, targetId);
    BigEndian.u16(to, at + TlpHeader.REGISTER, offset & TlpHeader.REGISTER_MASK);
  }

  /** IORd: {@code bytes} 1, 2 or 4 inside one DW at a 32-bit I/O address. */
  public static int ioRead(
      MemorySegment to, long at, int requesterId, int tag, int address, int bytes) {
    return io(to, at, TlpType.IORD, requesterId, tag, address, bytes);
  }

  /** IOWr. The value is placed by the caller as data, at {@code address & 3}. */
  public static int ioWrite(
      MemorySegment to, long at, int requesterId, int tag, int address, int bytes) {
    return io(to, at, TlpType.IOWR, requesterId, tag, address, bytes);
  }

  private static int io(
      MemorySegment to, long at, int fmtType, int requesterId, int tag, int address, int bytes) {
    assert (address & 3) + bytes <= 4;
    request(to, at, fmtType, 1, requesterId, tag, ByteEnables.first(address, bytes));
    address(to, at, 12, Integer.toUnsignedLong(address));
    return 12;
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
    assert bytes > 0 && bytes <= byteCount;
    int lengthDw = dataBytes(lowerAddress, bytes) / TlpHeader.DW;
    BigEndian.i32(to, at, dw0(TlpType.CPLD, tag, lengthDw));
    completionTail(to, at, completerId, requesterId, tag, 0, byteCount, lowerAddress);
    return 12;
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
    BigEndian.i32(to, at, dw0(TlpType.CPL, tag, 0));
    completionTail(to, at, completerId, requesterId, tag, status.code(), byteCount, lowerAddress);
    return 12;
  }

  static void completionTail(
      MemorySegment to,
      long at,
      int completerId,
      int requesterId,
      int tag,
      int statusCode,
      int byteCount,
      int lowerAddress) {
    assert byteCount > 0 && byteCount <= TlpLimits.PAYLOAD_BYTES_MAX;
    BigEndian.u16(to, at + TlpHeader.COMPLETER_ID, completerId);
    int count = byteCount & TlpHeader.BYTE_COUNT_MASK;
    BigEndian.u16(to, at + TlpHeader.STATUS, statusCode << TlpHeader.STATUS_SHIFT | count);
    BigEndian.u16(to, at + TlpHeader.CPL_REQUESTER_ID, requesterId);
    BigEndian.u8(to, at + TlpHeader.CPL_TAG, tag);
    BigEndian.u8(to, at + TlpHeader.LOWER_ADDRESS, lowerAddress & TlpHeader.LOWER_ADDRESS_MASK);
  }

  /** Msg without data, for example Assert_INTA: {@code routing} 3 bits (2.2.8). */
  public static int message(
      MemorySegment to, long at, int requesterId, int tag, int routing, int messageCode) {
    request(to, at, TlpType.MSG | routing, 0, requesterId, tag, messageCode);
    BigEndian.i64(to, at + TlpHeader.ADDRESS, 0);
    return 16;
  }

  /** MsgD with {@code dataBytes} of data, a multiple of 4, for example Set_Slot_Power_Limit. */
  public static int messageWithData(
      MemorySegment to,
      long at,
      int requesterId,
      int tag,
      int routing,
      int messageCode,
      int dataBytes) {
    assert dataBytes > 0 && (dataBytes & 3) == 0;
    int lengthDw = dataBytes / TlpHeader.DW;
    request(to, at, TlpType.MSGD | routing, lengthDw, requesterId, tag, messageCode);
    BigEndian.i64(to, at + TlpHeader.ADDRESS, 0);
    return 16;
  }

  /** Bytes 8 to 15 of a message's header: a target ID, a vendor's fields (2.2.8). */
  public static void messageFields(MemorySegment to, long at, long fields) {
    BigEndian.i64(to, at + TlpHeader.ADDRESS, fields);
  }

  /**
   * FetchAdd, Swap or CAS. The operands follow as data, little-endian as memory is.
   *
   * @param type32 the type's 32-bit form, for example {@link TlpType#CAS32}
   * @param address a multiple of {@code operandBytes}
   * @param operandBytes 4 or 8, for CAS 16 too; CAS carries two operands, compare before swap
   */
  public static int atomic(
      MemorySegment to,
      long at,
      int type32,
      int requesterId,
      int tag,
      long address,
      int operandBytes) {
    assert TlpType.isAtomic(type32) && (address & operandBytes - 1) == 0;
    int headerBytes = memoryHeaderBytes(address);
    int fmtType = headerBytes == 12 ? type32 : type32 | TlpType.FMT_4DW;
    int lengthDw = (TlpType.isCas(type32) ? 2 * operandBytes : operandBytes) / TlpHeader.DW;
    request(to, at, fmtType, lengthDw, requesterId, tag, 0);
    address(to, at, headerBytes, address);
    return headerBytes;
  }

  /**
   * Adds the digest to a TLP that is otherwise complete: sets TD and writes the ECRC behind the
   * data.
   *
   * @param at where the TLP begins, prefixes included
   * @param headerAt where its header begins
   * @return the digest's bytes: 4
   */
  public static int digest(MemorySegment to, long at, long headerAt) {
    int dw0 = BigEndian.i32(to, headerAt) | TlpHeader.TD;
    BigEndian.i32(to, headerAt, dw0);
    int fmtType = dw0 >>> 24;
    int data = TlpType.hasData(fmtType) ? TlpHeader.lengthDw(dw0) * TlpHeader.DW : 0;
    long end = headerAt + TlpType.headerBytes(fmtType) + data;
    BigEndian.i32(to, end, Ecrc.compute(to, at, end));
    return TlpHeader.DW;
  }

  static void request(
      MemorySegment to, long at, int fmtType, int lengthDw, int requesterId, int tag, int byte7) {
    assert tag >= 0 && tag < TlpLimits.TAG_COUNT;
    BigEndian.i32(to, at, dw0(fmtType, tag, lengthDw));
    BigEndian.u16(to, at + TlpHeader.REQUESTER_ID, requesterId);
    BigEndian.u8(to, at + TlpHeader.TAG, tag);
    BigEndian.u8(to, at + TlpHeader.BYTE_ENABLES, byte7);
  }

  static void address(MemorySegment to, long at, int headerBytes, long address) {
    if (headerBytes == 16) {
      BigEndian.i64(to, at + TlpHeader.ADDRESS, address & ~3L);
    } else {
      BigEndian.i32(to, at + TlpHeader.ADDRESS, (int) address & ~3);
    }
  }

  static int dw0(int fmtType, int tag, int lengthDw) {
    int t9 = (tag & 0x200) << 14;
    int t8 = (tag & 0x100) << 11;
    return fmtType << 24 | t9 | t8 | lengthDw & TlpHeader.LENGTH_MASK;
  }
}
