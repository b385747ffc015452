package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * A TLP as a value: for tests, captures and people. The data path uses {@link TlpView} and {@link
 * TlpEncoder}. {@code toString} reads like a protocol analyser's line.
 *
 * <p>Reserved bits of a header are not kept, so that encoding what was decoded gives the same bytes
 * whenever the sender left those at 0, as it must.
 */
public sealed interface Tlp {
  /** TC, attributes, prefixes, digest. */
  TlpTraits traits();

  /** The Fmt and Type byte, one of {@link TlpType}'s constants. */
  int fmtType();

  /** The data, {@link TlpData#NONE} if this kind has none. */
  default TlpData data() {
    return TlpData.NONE;
  }

  /** The bytes on the wire. */
  default byte[] encode() {
    return TlpWriter.encode(this);
  }

  /** The same with the right digest. */
  default byte[] encodeWithEcrc() {
    return TlpWriter.encodeWithEcrc(this);
  }

  /**
   * The TLP that these bytes are.
   *
   * @throws IllegalArgumentException if {@link TlpView#check} finds them malformed
   */
  static Tlp decode(byte... bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    TlpError error = TlpView.check(segment, 0, bytes.length);
    if (error != null) {
      throw new IllegalArgumentException("malformed TLP: " + error);
    }
    return new TlpView().wrap(segment, 0, bytes.length).toTlp();
  }

  /**
   * MRd and MRdLk.
   *
   * @param address DW aligned
   * @param lengthDw 1 to 1024
   */
  record MemoryRead(
      TlpTraits traits,
      boolean locked,
      int requesterId,
      int tag,
      long address,
      int lengthDw,
      int firstBe,
      int lastBe)
      implements Tlp {
    /** A plain read of bytes, 0 for a flush. */
    public MemoryRead(int requesterId, int tag, long address, int bytes) {
      this(
          TlpTraits.PLAIN,
          false,
          requesterId,
          tag,
          address & ~3L,
          Math.max(1, TlpEncoder.dataBytes(address, bytes) / TlpHeader.DW),
          ByteEnables.first(address, bytes),
          ByteEnables.last(address, bytes));
    }

    @Override
    public int fmtType() {
      return TlpWriter.sized(locked ? TlpType.MRDLK32 : TlpType.MRD32, address);
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * MWr.
   *
   * @param tag 0, or a Steering Tag
   * @param address DW aligned
   */
  record MemoryWrite(
      TlpTraits traits,
      int requesterId,
      int tag,
      long address,
      int firstBe,
      int lastBe,
      TlpData data)
      implements Tlp {
    /** A plain write of at least one byte. */
    public MemoryWrite(int requesterId, long address, byte... bytes) {
      this(
          TlpTraits.PLAIN,
          requesterId,
          0,
          address & ~3L,
          ByteEnables.first(address, bytes.length),
          ByteEnables.last(address, bytes.length),
          TlpData.at(address, bytes));
    }

    @Override
    public int fmtType() {
      return TlpWriter.sized(TlpType.MWR32, address);
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * CfgRd0 and CfgRd1.
   *
   * @param type 0 or 1
   * @param offset of the register, DW aligned
   */
  record ConfigRead(
      TlpTraits traits, int type, int requesterId, int tag, int targetId, int offset, int firstBe)
      implements Tlp {
    @Override
    public int fmtType() {
      return TlpType.CFGRD0 | type;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /** CfgWr0 and CfgWr1; as {@link ConfigRead}, with one DW of data. */
  record ConfigWrite(
      TlpTraits traits,
      int type,
      int requesterId,
      int tag,
      int targetId,
      int offset,
      int firstBe,
      TlpData data)
      implements Tlp {
    @Override
    public int fmtType() {
      return TlpType.CFGWR0 | type;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * IORd.
   *
   * @param address 32 bits, DW aligned
   */
  record IoRead(TlpTraits traits, int requesterId, int tag, long address, int firstBe)
      implements Tlp {
    @Override
    public int fmtType() {
      return TlpType.IORD;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /** IOWr; as {@link IoRead}, with one DW of data. */
  record IoWrite(
      TlpTraits traits, int requesterId, int tag, long address, int firstBe, TlpData data)
      implements Tlp {
    @Override
    public int fmtType() {
      return TlpType.IOWR;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * Cpl and CplD, CplLk and CplDLk.
   *
   * @param statusCode 3 bits, see {@link CompletionStatus#of}
   * @param byteCountModified BCM, by PCI-X bridges only
   * @param byteCount 1 to 4096
   * @param lowerAddress 7 bits
   * @param data none for Cpl
   */
  record Completion(
      TlpTraits traits,
      boolean locked,
      int completerId,
      int requesterId,
      int tag,
      int statusCode,
      boolean byteCountModified,
      int byteCount,
      int lowerAddress,
      TlpData data)
      implements Tlp {
    /** The status, reserved codes as UR. */
    public CompletionStatus status() {
      return CompletionStatus.of(statusCode);
    }

    @Override
    public int fmtType() {
      int type = locked ? TlpType.CPLLK : TlpType.CPL;
      return data.isEmpty() ? type : type | TlpType.FMT_DATA;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * Msg and MsgD.
   *
   * @param routing 3 bits, see {@link MessageCode}
   * @param messageCode 8 bits, see {@link MessageCode}
   * @param fields bytes 8 to 15 of the header
   */
  record Message(
      TlpTraits traits,
      int routing,
      int requesterId,
      int tag,
      int messageCode,
      long fields,
      TlpData data)
      implements Tlp {
    @Override
    public int fmtType() {
      return (data.isEmpty() ? TlpType.MSG : TlpType.MSGD) | routing;
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }

  /**
   * FetchAdd, Swap and CAS.
   *
   * @param type32 the type's 32-bit form, for example {@link TlpType#CAS32}
   * @param address a multiple of the operand's size
   * @param data the operands; for CAS compare, then swap
   */
  record AtomicOp(
      TlpTraits traits, int type32, int requesterId, int tag, long address, TlpData data)
      implements Tlp {
    @Override
    public int fmtType() {
      return TlpWriter.sized(type32, address);
    }

    @Override
    public String toString() {
      return TlpPrinter.line(this);
    }
  }
}
