package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** Bytes written as tests like to read them: hexadecimal, with spaces anywhere. */
final class Hex {
  private Hex() {}

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A view of these bytes, checked, and not at the beginning of its segment. */
  static TlpView view(String hex) {
    byte[] tlp = bytes(hex);
    byte[] shifted = new byte[tlp.length + 5];
    System.arraycopy(tlp, 0, shifted, 5, tlp.length);
    MemorySegment segment = MemorySegment.ofArray(shifted);
    TlpError error = TlpView.check(segment, 5, tlp.length);
    if (error != null) {
      throw new AssertionError(hex + ": " + error);
    }
    return new TlpView().wrap(segment, 5, tlp.length);
  }

  static TlpError check(String hex) {
    byte[] tlp = bytes(hex);
    return TlpView.check(MemorySegment.ofArray(tlp), 0, tlp.length);
  }
}
