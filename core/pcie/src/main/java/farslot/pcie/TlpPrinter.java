package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * TLPs as a protocol analyser shows them: kind, who, tag, where, how much, data, then whatever is
 * out of the ordinary. For people: allocates freely.
 */
public final class TlpPrinter {
  private TlpPrinter() {}

  /** One line for bytes that may be malformed: the TLP, or what is wrong and the first bytes. */
  public static String describe(MemorySegment segment, long offset, int tlpBytes) {
    TlpError error = TlpView.check(segment, offset, tlpBytes);
    if (error == null) {
      return new TlpView().wrap(segment, offset, tlpBytes).toTlp().toString();
    }
    byte[] first = new byte[Math.clamp(tlpBytes, 0, 32)];
    MemorySegment.copy(segment, offset, MemorySegment.ofArray(first), 0, first.length);
    return "malformed (" + error + ") " + tlpBytes + " B: " + HexFormat.of().formatHex(first);
  }

  static String line(Tlp tlp) {
    String data = tlp.data().isEmpty() ? "" : " [" + tlp.data() + "]";
    return name(tlp) + " " + body(tlp) + data + tlp.traits();
  }

  private static String name(Tlp tlp) {
    String name = TlpType.name(tlp.fmtType());
    return switch (tlp) {
      case Tlp.MemoryRead _, Tlp.MemoryWrite _, Tlp.AtomicOp _ ->
          name + TlpType.headerBytes(tlp.fmtType()) / 4 + "DW";
      default -> name;
    };
  }

  private static String body(Tlp tlp) {
    return switch (tlp) {
      case Tlp.MemoryRead t ->
          from(t.requesterId(), t.tag())
              + memory(t.address(), t.lengthDw(), t.firstBe(), t.lastBe());
      case Tlp.MemoryWrite t ->
          from(t.requesterId(), t.tag())
              + memory(t.address(), t.data().lengthDw(), t.firstBe(), t.lastBe());
      case Tlp.ConfigRead t ->
          from(t.requesterId(), t.tag()) + register(t.targetId(), t.offset(), t.firstBe());
      case Tlp.ConfigWrite t ->
          from(t.requesterId(), t.tag()) + register(t.targetId(), t.offset(), t.firstBe());
      case Tlp.IoRead t -> from(t.requesterId(), t.tag()) + io(t.address(), t.firstBe());
      case Tlp.IoWrite t -> from(t.requesterId(), t.tag()) + io(t.address(), t.firstBe());
      case Tlp.AtomicOp t ->
          from(t.requesterId(), t.tag()) + String.format(" @%s", address(t.address()));
      case Tlp.Message t -> message(t);
      case Tlp.Completion t -> completion(t);
    };
  }

  private static String message(Tlp.Message t) {
    String fields = t.fields() == 0 ? "" : String.format(" fields %016x", t.fields());
    return MessageCode.name(t.messageCode())
        + " "
        + from(t.requesterId(), t.tag())
        + " "
        + MessageCode.routingName(t.routing())
        + fields;
  }

  private static String completion(Tlp.Completion t) {
    return String.format(
        "%s %s>%s tag %03x bc %d la %02x%s",
        t.status(),
        Bdf.of(t.completerId()),
        Bdf.of(t.requesterId()),
        t.tag(),
        t.byteCount(),
        t.lowerAddress(),
        t.byteCountModified() ? " BCM" : "");
  }

  private static String from(int requesterId, int tag) {
    return String.format("%s tag %03x", Bdf.of(requesterId), tag);
  }

  private static String memory(long address, int lengthDw, int firstBe, int lastBe) {
    int bytes = ByteEnables.span(lengthDw, firstBe, lastBe);
    return String.format(
        " @%s %d B, %d DW be %x/%x",
        address(address + ByteEnables.skipped(firstBe)), bytes, lengthDw, firstBe, lastBe);
  }

  private static String register(int targetId, int offset, int firstBe) {
    return String.format(" >%s +%03x be %x", Bdf.of(targetId), offset, firstBe);
  }

  private static String io(long address, int firstBe) {
    return String.format(" io @%s be %x", address(address), firstBe);
  }

  private static String address(long address) {
    return String.format(address >>> 32 == 0 ? "%08x" : "%016x", address);
  }
}
