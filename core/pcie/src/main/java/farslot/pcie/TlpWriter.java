package farslot.pcie;

import java.lang.foreign.MemorySegment;

/** From a record to bytes. Any record that decoding can give is written back as it was. */
final class TlpWriter {
  private TlpWriter() {}

  static byte[] encode(Tlp tlp) {
    byte[] bytes = new byte[bytes(tlp) + (tlp.traits().digest().isPresent() ? TlpHeader.DW : 0)];
    MemorySegment to = MemorySegment.ofArray(bytes);
    long headerAt = write(tlp, to);
    if (tlp.traits().digest().isPresent()) {
      BigEndian.i32(to, headerAt, BigEndian.i32(to, headerAt) | TlpHeader.TD);
      BigEndian.i32(to, bytes.length - TlpHeader.DW, tlp.traits().digest().getAsInt());
    }
    return bytes;
  }

  static byte[] encodeWithEcrc(Tlp tlp) {
    byte[] bytes = new byte[bytes(tlp) + TlpHeader.DW];
    MemorySegment to = MemorySegment.ofArray(bytes);
    long headerAt = write(tlp, to);
    TlpEncoder.digest(to, 0, headerAt);
    return bytes;
  }

  /** The type for this address: four DWs from 4 GiB on (2.2.4.1). */
  static int sized(int type32, long address) {
    return address >>> 32 == 0 ? type32 : type32 | TlpType.FMT_4DW;
  }

  private static int bytes(Tlp tlp) {
    int prefixes = tlp.traits().prefixes().size() * TlpHeader.DW;
    return prefixes + TlpType.headerBytes(tlp.fmtType()) + tlp.data().size();
  }

  private static long write(Tlp tlp, MemorySegment to) {
    long at = 0;
    for (int prefix : tlp.traits().prefixes()) {
      BigEndian.i32(to, at, prefix);
      at += TlpHeader.DW;
    }
    header(tlp, to, at);
    tlp.traits().stamp(to, at);
    tlp.data().copyTo(to, at + TlpType.headerBytes(tlp.fmtType()));
    return at;
  }

  private static void header(Tlp tlp, MemorySegment to, long at) {
    switch (tlp) {
      case Tlp.MemoryRead t -> {
        int be = t.lastBe() << 4 | t.firstBe();
        TlpEncoder.request(to, at, t.fmtType(), t.lengthDw(), t.requesterId(), t.tag(), be);
        address(to, at, t.fmtType(), t.address());
      }
      case Tlp.MemoryWrite t -> {
        request(t, to, at, t.requesterId(), t.tag(), t.lastBe() << 4 | t.firstBe());
        address(to, at, t.fmtType(), t.address());
      }
      case Tlp.AtomicOp t -> {
        request(t, to, at, t.requesterId(), t.tag(), 0);
        address(to, at, t.fmtType(), t.address());
      }
      case Tlp.ConfigRead t -> {
        TlpEncoder.request(to, at, t.fmtType(), 1, t.requesterId(), t.tag(), t.firstBe());
        TlpEncoder.register(to, at, t.targetId(), t.offset());
      }
      case Tlp.ConfigWrite t -> {
        request(t, to, at, t.requesterId(), t.tag(), t.firstBe());
        TlpEncoder.register(to, at, t.targetId(), t.offset());
      }
      case Tlp.IoRead t -> {
        TlpEncoder.request(to, at, t.fmtType(), 1, t.requesterId(), t.tag(), t.firstBe());
        address(to, at, t.fmtType(), t.address());
      }
      case Tlp.IoWrite t -> {
        request(t, to, at, t.requesterId(), t.tag(), t.firstBe());
        address(to, at, t.fmtType(), t.address());
      }
      case Tlp.Message t -> {
        request(t, to, at, t.requesterId(), t.tag(), t.messageCode());
        TlpEncoder.messageFields(to, at, t.fields());
      }
      case Tlp.Completion t -> completion(t, to, at);
    }
  }

  /** A request whose Length is that of its data; a Msg has none, and its Length is reserved. */
  private static void request(
      Tlp tlp, MemorySegment to, long at, int requesterId, int tag, int byte7) {
    TlpEncoder.request(to, at, tlp.fmtType(), tlp.data().lengthDw(), requesterId, tag, byte7);
  }

  private static void address(MemorySegment to, long at, int fmtType, long address) {
    TlpEncoder.address(to, at, TlpType.headerBytes(fmtType), address);
  }

  private static void completion(Tlp.Completion t, MemorySegment to, long at) {
    BigEndian.i32(to, at, TlpEncoder.dw0(t.fmtType(), t.tag(), t.data().lengthDw()));
    TlpEncoder.completionTail(
        to,
        at,
        t.completerId(),
        t.requesterId(),
        t.tag(),
        t.statusCode(),
        t.byteCount(),
        t.lowerAddress());
    if (t.byteCountModified()) {
      int status = BigEndian.u16(to, at + TlpHeader.STATUS);
      BigEndian.u16(to, at + TlpHeader.STATUS, status | TlpHeader.BCM);
    }
  }
}
