package farslot.testkit;

import java.util.HexFormat;

/** TLPs written by hand from the specification's figures, for tests only. */
final class Raw {
  private Raw() {}

  /** Hexadecimal digits, blanks between them as one likes. */
  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** A 3-DW header: {@code dw0} and the rest. */
  static byte[] tlp(int... dws) {
    byte[] bytes = new byte[4 * dws.length];
    for (int i = 0; i < dws.length; i++) {
      for (int j = 0; j < 4; j++) {
        bytes[4 * i + j] = (byte) (dws[i] >>> 24 - 8 * j);
      }
    }
    return bytes;
  }

  /** What the other end has sent, caught by a tap. */
  static final class Catch implements TlpPipe.Tap {
    final java.util.List<String> seen = new java.util.ArrayList<>();

    @Override
    public void onTlp(java.lang.foreign.MemorySegment segment, long offset, int tlpBytes) {
      byte[] bytes =
          segment.asSlice(offset, tlpBytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      seen.add(HexFormat.of().formatHex(bytes));
    }
  }
}
