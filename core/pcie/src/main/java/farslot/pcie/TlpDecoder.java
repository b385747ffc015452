package farslot.pcie;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** From a checked view to a record. */
final class TlpDecoder {
  private TlpDecoder() {}

  static Tlp decode(TlpView view) {
    int fmtType = view.fmtType();
    if (TlpType.isMemoryRead(fmtType)) {
      return memoryRead(view);
    }
    if (TlpType.isMemoryWrite(fmtType)) {
      return memoryWrite(view);
    }
    if (TlpType.isCompletion(fmtType)) {
      return completion(view);
    }
    if (TlpType.isConfig(fmtType)) {
      return config(view);
    }
    if (TlpType.isIo(fmtType)) {
      return io(view);
    }
    return TlpType.isMessage(fmtType) ? message(view) : atomic(view);
  }

  private static Tlp memoryRead(TlpView view) {
    return new Tlp.MemoryRead(
        traits(view, true),
        (view.fmtType() & 1) != 0,
        view.requesterId(),
        view.tag(),
        view.address(),
        view.lengthDw(),
        view.firstBe(),
        view.lastBe());
  }

  private static Tlp memoryWrite(TlpView view) {
    return new Tlp.MemoryWrite(
        traits(view, true),
        view.requesterId(),
        view.tag(),
        view.address(),
        view.firstBe(),
        view.lastBe(),
        data(view));
  }

  private static Tlp config(TlpView view) {
    TlpTraits traits = traits(view, false);
    int type = view.fmtType() & 1;
    int from = view.requesterId();
    int to = view.targetId();
    int offset = view.configOffset();
    return TlpType.hasData(view.fmtType())
        ? new Tlp.ConfigWrite(
            traits, type, from, view.tag(), to, offset, view.firstBe(), data(view))
        : new Tlp.ConfigRead(traits, type, from, view.tag(), to, offset, view.firstBe());
  }

  private static Tlp io(TlpView view) {
    TlpTraits traits = traits(view, false);
    int from = view.requesterId();
    long address = view.address();
    return TlpType.hasData(view.fmtType())
        ? new Tlp.IoWrite(traits, from, view.tag(), address, view.firstBe(), data(view))
        : new Tlp.IoRead(traits, from, view.tag(), address, view.firstBe());
  }

  private static Tlp completion(TlpView view) {
    return new Tlp.Completion(
        traits(view, false),
        (view.fmtType() & 1) != 0,
        view.completerId(),
        view.requesterId(),
        view.tag(),
        view.statusCode(),
        view.byteCountModified(),
        view.byteCount(),
        view.lowerAddress(),
        data(view));
  }

  private static Tlp message(TlpView view) {
    return new Tlp.Message(
        traits(view, false),
        view.messageRouting(),
        view.requesterId(),
        view.tag(),
        view.messageCode(),
        view.messageFields(),
        data(view));
  }

  private static Tlp atomic(TlpView view) {
    return new Tlp.AtomicOp(
        traits(view, true),
        view.fmtType() & ~TlpType.FMT_4DW,
        view.requesterId(),
        view.tag(),
        view.address(),
        data(view));
  }

  private static TlpData data(TlpView view) {
    return TlpData.copyOf(view.segment(), view.dataOffset(), view.dataBytes());
  }

  /** TH is reserved but for requests to memory: elsewhere its bits mean something else. */
  private static TlpTraits traits(TlpView view, boolean mayHint) {
    List<Integer> prefixes = new ArrayList<>();
    for (int i = 0; i < view.prefixCount(); i++) {
      prefixes.add(view.prefix(i));
    }
    return new TlpTraits(
        view.trafficClass(),
        view.attributes(),
        view.addressType(),
        mayHint && view.th() ? hint(view) : TlpHint.NONE,
        view.ln(),
        view.poisoned(),
        prefixes,
        view.hasDigest() ? OptionalInt.of(view.digest()) : OptionalInt.empty());
  }

  private static TlpHint hint(TlpView view) {
    int steeringTag = TlpType.isMemoryWrite(view.fmtType()) ? 0 : view.steeringTag();
    return new TlpHint(true, view.processingHint(), steeringTag);
  }
}
