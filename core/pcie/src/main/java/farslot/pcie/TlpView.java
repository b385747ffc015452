package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * A TLP read where it lies. {@link #check} makes every accessor safe; {@link #wrap} costs nothing
 * and allocates nothing, so one view serves a thread for its life. Multi-byte fields are big-endian
 * on the wire, data bytes are in address order.
 *
 * <p>An accessor of a field that this type of TLP does not have returns what the bits there say:
 * meaningless, but never an exception.
 */
public final class TlpView {
  private MemorySegment segment = MemorySegment.NULL;
  private long start;
  private int tlpBytes;
  private long at;
  private int dw0;

  /**
   * Says what is wrong with the bytes, or null when every accessor may be used on them. The digest
   * is not looked at: see {@link #ecrcMatches}.
   *
   * @param tlpBytes any value; the bytes must lie in the segment
   */
  public static TlpError check(MemorySegment segment, long offset, int tlpBytes) {
    return TlpCheck.check(segment, offset, tlpBytes);
  }

  /** Looks at a checked TLP. */
  public TlpView wrap(MemorySegment segment, long offset, int tlpBytes) {
    this.segment = segment;
    this.start = offset;
    this.tlpBytes = tlpBytes;
    long header = offset;
    int first = BigEndian.i32(segment, header);
    while (TlpType.isPrefix(first >>> 24)) {
      header += TlpHeader.DW;
      first = BigEndian.i32(segment, header);
    }
    this.at = header;
    this.dw0 = first;
    return this;
  }

  /** The Fmt and Type byte of the header proper, one of {@link TlpType}'s constants. */
  public int fmtType() {
    return dw0 >>> 24;
  }

  /** The class whose credits this TLP takes. */
  public FlowClass flowClass() {
    return TlpType.flowClass(fmtType());
  }

  /** The segment wrapped. */
  public MemorySegment segment() {
    return segment;
  }

  /** Where the TLP begins in {@link #segment()}, prefixes included. */
  public long offset() {
    return start;
  }

  /** All of it: prefixes, header, data and digest. */
  public int tlpBytes() {
    return tlpBytes;
  }

  /** Prefix DWs before the header, 0 to 4. */
  public int prefixCount() {
    return (int) (at - start) / TlpHeader.DW;
  }

  /** A prefix DW, the outermost first. */
  public int prefix(int index) {
    return BigEndian.i32(segment, start + (long) index * TlpHeader.DW);
  }

  /** Where the header begins in {@link #segment()}, behind the prefixes. */
  public long headerOffset() {
    return at;
  }

  /** 12 or 16. */
  public int headerBytes() {
    return TlpType.headerBytes(fmtType());
  }

  /** Where the data begins in {@link #segment()}. */
  public long dataOffset() {
    return at + headerBytes();
  }

  /** Length in DW, 1 to 1024; of the data, or for a read of what is asked. */
  public int lengthDw() {
    return TlpHeader.lengthDw(dw0);
  }

  /** Bytes of data carried, 0 or lengthDw times 4. */
  public int dataBytes() {
    return TlpType.hasData(fmtType()) ? lengthDw() * TlpHeader.DW : 0;
  }

  /** Requester ID, 16 bits; of completions too. */
  public int requesterId() {
    boolean completion = TlpType.isCompletion(fmtType());
    int field = completion ? TlpHeader.CPL_REQUESTER_ID : TlpHeader.REQUESTER_ID;
    return BigEndian.u16(segment, at + field);
  }

  /** Tag, 10 bits. */
  public int tag() {
    boolean completion = TlpType.isCompletion(fmtType());
    int low = BigEndian.u8(segment, at + (completion ? TlpHeader.CPL_TAG : TlpHeader.TAG));
    return low | (dw0 & TlpHeader.T9) >>> 14 | (dw0 & TlpHeader.T8) >>> 11;
  }

  /** First DW byte enables, 4 bits, of requests. A read with TH set implies all (2.2.5). */
  public int firstBe() {
    return impliesByteEnables()
        ? ByteEnables.ALL
        : BigEndian.u8(segment, at + TlpHeader.BYTE_ENABLES) & 0xF;
  }

  /** Last DW byte enables, 4 bits, 0 for one DW. */
  public int lastBe() {
    if (impliesByteEnables()) {
      return lengthDw() == 1 ? 0 : ByteEnables.ALL;
    }
    return BigEndian.u8(segment, at + TlpHeader.BYTE_ENABLES) >>> 4;
  }

  private boolean impliesByteEnables() {
    return th() && TlpType.isMemoryRead(fmtType());
  }

  /** Address of a memory or I/O request: DW aligned, bits 1:0 are 0. */
  public long address() {
    return TlpCheck.address(segment, at, fmtType());
  }

  /** Address of the first enabled byte: {@link #address()} plus what firstBe skips. */
  public long firstByteAddress() {
    return TlpType.isAtomic(fmtType()) ? address() : address() + ByteEnables.skipped(firstBe());
  }

  /**
   * Bytes from the first enabled to the last, 0 for a flush (zero-length read); of an atomic the
   * bytes of its operand. Ask {@link #contiguous} before copying them all.
   */
  public int enabledBytes() {
    return TlpType.isAtomic(fmtType())
        ? operandBytes()
        : ByteEnables.span(lengthDw(), firstBe(), lastBe());
  }

  /** Whether every byte of {@link #enabledBytes} is enabled. False only for up to 2 DW. */
  public boolean contiguous() {
    return TlpType.isAtomic(fmtType()) || ByteEnables.contiguous(lengthDw(), firstBe(), lastBe());
  }

  /** Of an atomic: 4 or 8, of CAS 16 too. CAS carries two, compare before swap. */
  public int operandBytes() {
    int bytes = lengthDw() * TlpHeader.DW;
    return TlpType.isCas(fmtType()) ? bytes / 2 : bytes;
  }

  /** Completer or destination BDF of a configuration request, and of a message routed by ID. */
  public int targetId() {
    return BigEndian.u16(segment, at + TlpHeader.DESTINATION_ID);
  }

  /** Register offset of a configuration request: 0 to 4092, DW aligned. */
  public int configOffset() {
    return BigEndian.u16(segment, at + TlpHeader.REGISTER) & TlpHeader.REGISTER_MASK;
  }

  /** Message Code of Msg and MsgD (2.2.8). */
  public int messageCode() {
    return BigEndian.u8(segment, at + TlpHeader.MESSAGE_CODE);
  }

  /** Routing of Msg and MsgD, 3 bits (2.2.8, table 2-20). */
  public int messageRouting() {
    return fmtType() & 7;
  }

  /** Bytes 8 to 15 of a message's header, whose meaning the code decides. 0 for other TLPs. */
  public long messageFields() {
    return TlpType.isMessage(fmtType()) ? BigEndian.i64(segment, at + TlpHeader.ADDRESS) : 0;
  }

  /** Completer ID of a completion. */
  public int completerId() {
    return BigEndian.u16(segment, at + TlpHeader.COMPLETER_ID);
  }

  /** 3-bit status of a completion, see {@link CompletionStatus#of}. */
  public int statusCode() {
    return BigEndian.u8(segment, at + TlpHeader.STATUS) >>> 5;
  }

  /** BCM of a completion: set by PCI-X bridges only (2.2.9). */
  public boolean byteCountModified() {
    return (BigEndian.u16(segment, at + TlpHeader.STATUS) & TlpHeader.BCM) != 0;
  }

  /** Bytes still to come, this completion's included: 1 to 4096. */
  public int byteCount() {
    return TlpCheck.byteCount(segment, at);
  }

  /** Low 7 bits of the address of the first byte in this completion. */
  public int lowerAddress() {
    return BigEndian.u8(segment, at + TlpHeader.LOWER_ADDRESS) & TlpHeader.LOWER_ADDRESS_MASK;
  }

  /**
   * Bytes that this CplD contributes: its data without what lies before Lower Address and behind
   * Byte Count. They begin at {@link #dataOffset()} plus {@code lowerAddress() & 3}. The completion
   * is the request's last when this equals {@link #byteCount()}. 0 without data.
   */
  public int completedBytes() {
    int room = dataBytes() - (lowerAddress() & 3);
    return dataBytes() == 0 ? 0 : Math.min(room, byteCount());
  }

  /**
   * Byte Count of the first completion that answers this request (2.2.9, table 2-39): what is
   * enabled of a memory read, 1 for a zero-length one, an operand of an atomic, otherwise 4.
   */
  public int answerByteCount() {
    if (TlpType.isMemoryRead(fmtType())) {
      return Math.max(1, enabledBytes());
    }
    return TlpType.isAtomic(fmtType()) ? operandBytes() : 4;
  }

  /** Lower Address of the first completion that answers this request: 0 but for memory reads. */
  public int answerLowerAddress() {
    boolean read = TlpType.isMemoryRead(fmtType());
    return read ? (int) firstByteAddress() & TlpHeader.LOWER_ADDRESS_MASK : 0;
  }

  /** EP: the data is poisoned. */
  public boolean poisoned() {
    return (dw0 & TlpHeader.EP) != 0;
  }

  /** TD: a digest, the ECRC, follows the data. */
  public boolean hasDigest() {
    return (dw0 & TlpHeader.TD) != 0;
  }

  /** The digest, a big-endian DW. Only when {@link #hasDigest}. */
  public int digest() {
    return BigEndian.i32(segment, dataOffset() + dataBytes());
  }

  /** Whether the digest is right (2.7.1). True without one: there is nothing to doubt. */
  public boolean ecrcMatches() {
    return !hasDigest() || digest() == Ecrc.compute(segment, start, dataOffset() + dataBytes());
  }

  /** Traffic Class, 0 to 7. */
  public int trafficClass() {
    return dw0 >>> TlpHeader.TC_SHIFT & TlpHeader.TC_MASK;
  }

  /** Attr[2:0]: 4 ID-based Ordering, 2 Relaxed Ordering, 1 No Snoop (2.2.6.3). */
  public int attributes() {
    int ido = (dw0 & TlpHeader.ATTR_IDO) == 0 ? 0 : 4;
    return ido | dw0 >>> TlpHeader.ATTR_SHIFT & TlpHeader.ATTR_MASK;
  }

  /** AT: 0 untranslated, 1 translation request, 2 translated (10.2.1). */
  public int addressType() {
    return dw0 >>> TlpHeader.AT_SHIFT & TlpHeader.AT_MASK;
  }

  /** TH: a TLP Processing Hint is in the address's low bits (2.2.7.1). */
  public boolean th() {
    return (dw0 & TlpHeader.TH) != 0;
  }

  /** PH of a request with TH set: 2 bits that say how the data will be used (2.2.7.1). */
  public int processingHint() {
    long last = at + headerBytes() - 1;
    return BigEndian.u8(segment, last) & 3;
  }

  /** Steering Tag of a request with TH set: a write has it for its Tag, others for enables. */
  public int steeringTag() {
    int field = TlpType.isMemoryWrite(fmtType()) ? TlpHeader.TAG : TlpHeader.BYTE_ENABLES;
    return BigEndian.u8(segment, at + field);
  }

  /** LN: Lightweight Notification, deprecated by revision 6. */
  public boolean ln() {
    return (dw0 & TlpHeader.LN) != 0;
  }

  /** The record form, to read and print. Allocates. */
  public Tlp toTlp() {
    return TlpDecoder.decode(this);
  }
}
