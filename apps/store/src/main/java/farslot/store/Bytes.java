package farslot.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that do not change. Ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
  private static final int SHOWN_MAX = 32;
  private static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these. */
  public static Bytes of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
  }

  /** A text's UTF-8. */
  public static Bytes utf8(String text) {
    return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return bytes.length;
  }

  /** A copy. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** As text; what is no UTF-8 becomes U+FFFD. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people: text if it is printable, else hex, shortened. */
  @Override
  public String toString() {
    int shown = Math.min(bytes.length, SHOWN_MAX);
    String more = bytes.length > shown ? "... (" + bytes.length + " bytes)" : "";
    for (int i = 0; i < shown; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return "0x" + HexFormat.of().formatHex(bytes, 0, shown) + more;
      }
    }
    return new String(bytes, 0, shown, StandardCharsets.US_ASCII) + more;
  }
}
