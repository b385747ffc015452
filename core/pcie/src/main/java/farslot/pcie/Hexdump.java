package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes for people: sixteen a line in DWs, with their offset and what of them is printable. */
public final class Hexdump {
  private static final int LINE_BYTES = 16;

  private Hexdump() {}

  /** Lines end with a newline each; no bytes give an empty string. */
  public static String of(MemorySegment segment, long offset, int bytes) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes; at += LINE_BYTES) {
      line(text, segment, offset + at, at, Math.min(LINE_BYTES, bytes - at));
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, MemorySegment segment, long from, int label, int bytes) {
    text.append(String.format("%04x ", label));
    for (int i = 0; i < LINE_BYTES; i++) {
      text.append(i % 4 == 0 ? " " : "");
      text.append(i < bytes ? String.format("%02x", value(segment, from + i)) : "  ");
    }
    text.append("  ");
    for (int i = 0; i < bytes; i++) {
      int value = value(segment, from + i);
      text.append(value >= ' ' && value <= '~' ? (char) value : '.');
    }
    text.append('\n');
  }

  private static int value(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }
}
