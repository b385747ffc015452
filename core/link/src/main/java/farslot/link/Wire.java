package farslot.link;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Big-endian fields at any alignment: all that the frame is made of. */
final class Wire {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Wire() {}

  static int u8(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int u16(MemorySegment segment, long at) {
    return segment.get(U16, at) & 0xFFFF;
  }

  static int u32(MemorySegment segment, long at) {
    return segment.get(U32, at);
  }

  static long u64(MemorySegment segment, long at) {
    return segment.get(U64, at);
  }

  static void u8(MemorySegment segment, long at, int value) {
    segment.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void u16(MemorySegment segment, long at, int value) {
    segment.set(U16, at, (short) value);
  }

  static void u32(MemorySegment segment, long at, int value) {
    segment.set(U32, at, value);
  }

  static void u64(MemorySegment segment, long at, long value) {
    segment.set(U64, at, value);
  }
}
