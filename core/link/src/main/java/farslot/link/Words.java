package farslot.link;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Names and texts on the wire (docs/spec/pcieoe.md, section 5.1). Names come from the network into
 * logs and file names, so they hold no control characters; texts are cleaned of them.
 */
final class Words {
  private Words() {}

  /** Bytes of a text, cut to {@link FrameFormat#TEXT_BYTES_MAX} at a character's edge. */
  static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length;
    if (length > FrameFormat.TEXT_BYTES_MAX) {
      length = FrameFormat.TEXT_BYTES_MAX;
      while ((bytes[length] & 0xC0) == 0x80) {
        length--;
      }
    }
    return java.util.Arrays.copyOf(bytes, length);
  }

  /** Bytes of a name; too long or empty is the caller's mistake. */
  static byte[] name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > FrameFormat.NAME_BYTES_MAX || hasControls(name)) {
      throw new IllegalArgumentException(
          "a name is 1 to " + FrameFormat.NAME_BYTES_MAX + " bytes of printable UTF-8: " + name);
    }
    return bytes;
  }

  /** Puts a name, or nothing when it is empty, at {@code at}; how many bytes that were. */
  static int put(MemorySegment to, long at, String name) {
    byte[] bytes = name.isEmpty() ? new byte[0] : name(name);
    MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, at, bytes.length);
    return bytes.length;
  }

  /** A name that arrived, or empty when it is none. */
  static Optional<String> readName(MemorySegment segment, long at, int bytes) {
    if (bytes == 0 || bytes > FrameFormat.NAME_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      String name =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(copy(segment, at, bytes)))
              .toString();
      return hasControls(name) ? Optional.empty() : Optional.of(name);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** A text that arrived, fit for a log. */
  static String readText(MemorySegment segment, long at, int bytes) {
    String text =
        new String(
            copy(segment, at, Math.min(bytes, FrameFormat.TEXT_BYTES_MAX)), StandardCharsets.UTF_8);
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return clean.toString();
  }

  private static byte[] copy(MemorySegment segment, long at, int bytes) {
    byte[] copy = new byte[bytes];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, copy, 0, bytes);
    return copy;
  }

  private static boolean hasControls(String name) {
    return name.codePoints().anyMatch(Character::isISOControl);
  }
}
