package farslot.cards.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian fields, as all of NVMe's are. */
final class Le {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Le() {}

  static int u8(MemorySegment s, long at) {
    return s.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int u16(MemorySegment s, long at) {
    return s.get(U16, at) & 0xFFFF;
  }

  static int i32(MemorySegment s, long at) {
    return s.get(U32, at);
  }

  static long u32(MemorySegment s, long at) {
    return s.get(U32, at) & 0xFFFF_FFFFL;
  }

  static long i64(MemorySegment s, long at) {
    return s.get(U64, at);
  }

  static void put8(MemorySegment s, long at, int value) {
    s.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void put16(MemorySegment s, long at, int value) {
    s.set(U16, at, (short) value);
  }

  static void put32(MemorySegment s, long at, int value) {
    s.set(U32, at, value);
  }

  static void put64(MemorySegment s, long at, long value) {
    s.set(U64, at, value);
  }

  /** ASCII, cut or padded with {@code pad} to {@code bytes}. */
  static void putText(MemorySegment s, long at, String text, int bytes, char pad) {
    for (int i = 0; i < bytes; i++) {
      put8(s, at + i, i < text.length() ? text.charAt(i) : pad);
    }
  }
}
