package farslot.replay;

import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpPrinter;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;

/** A TLP, and words for it. Keeps bytes of its own: people read what comes of this. */
final class Said {
  private static final int SHOWN_BYTES = 32;

  final byte[] bytes;
  final TlpView tlp;

  Said(byte[] bytes) {
    this.bytes = bytes;
    tlp = new TlpView().wrap(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  boolean isCompletion() {
    return TlpType.isCompletion(tlp.fmtType());
  }

  boolean isRead() {
    return TlpType.isMemoryRead(tlp.fmtType());
  }

  boolean isConfig() {
    return TlpType.isConfig(tlp.fmtType());
  }

  /** Bytes that a read asks for: from its first enabled one to its last. */
  int wanted() {
    return tlp.enabledBytes();
  }

  byte[] data() {
    int at = (int) tlp.dataOffset();
    return Arrays.copyOfRange(bytes, at, at + tlp.dataBytes());
  }

  /** What a completion contributes to its request. */
  byte[] completed() {
    if (tlp.dataBytes() == 0) {
      return new byte[0]; // Whatever Lower Address says.
    }
    int at = (int) tlp.dataOffset() + (tlp.lowerAddress() & 3);
    return Arrays.copyOfRange(bytes, at, at + tlp.completedBytes());
  }

  /**
   * Whether two TLPs of the card ask or tell the same. Who says it and by which tag is not asked:
   * these are the link's and the card's own choice.
   */
  boolean same(Said other) {
    return sameButForData(other) && Arrays.equals(data(), other.data());
  }

  boolean sameButForData(Said other) {
    TlpView a = tlp;
    TlpView b = other.tlp;
    if (a.fmtType() != b.fmtType() || a.lengthDw() != b.lengthDw()) {
      return false;
    }
    boolean message = TlpType.isMessage(a.fmtType());
    return message
        ? a.messageCode() == b.messageCode() && a.messageFields() == b.messageFields()
        : a.address() == b.address() && a.firstBe() == b.firstBe() && a.lastBe() == b.lastBe();
  }

  /** In few words: type and where. */
  String words() {
    String name = TlpType.name(tlp.fmtType());
    if (isCompletion()) {
      return "%s tag %x".formatted(name, tlp.tag());
    }
    if (isConfig()) {
      return "%s reg %03x".formatted(name, tlp.configOffset());
    }
    if (TlpType.isMessage(tlp.fmtType())) {
      return "%s code %02x".formatted(name, tlp.messageCode());
    }
    int bytesCount = Math.max(tlp.dataBytes(), isRead() ? wanted() : 0);
    return "%s 0x%x %d B".formatted(name, tlp.firstByteAddress(), bytesCount);
  }

  /** As an analyser shows it. */
  String line() {
    return TlpPrinter.describe(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /** Data, cut to what fits a line. */
  static String hex(byte[] data) {
    byte[] shown = Arrays.copyOf(data, Math.min(data.length, SHOWN_BYTES));
    String hex = HexFormat.of().formatHex(shown);
    return data.length <= SHOWN_BYTES ? hex : hex + " ... (" + data.length + " B)";
  }

  static String status(int code) {
    CompletionStatus status = CompletionStatus.of(code);
    return status == null ? "status " + code : status.name();
  }
}
