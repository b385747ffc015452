package farslot.cards.nvme;

import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** ASCII strings of fixed length, as Identify and the logs have them. */
final class Text {
  private Text() {}

  /** ASCII, cut or padded with {@code pad} to {@code bytes}. */
  static void put(MemorySegment segment, long at, String text, int bytes, char pad) {
    for (int i = 0; i < bytes; i++) {
      LittleEndian.u8(segment, at + i, i < text.length() ? text.charAt(i) : pad);
    }
  }
}
