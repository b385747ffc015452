package farslot.cards.nic82599;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Fields of frames, at any alignment. */
final class BigEndian {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  static int u16(MemorySegment frame, long at) {
    return frame.get(SHORT, at) & 0xFFFF;
  }

  static int i32(MemorySegment frame, long at) {
    return frame.get(INT, at);
  }

  static void u16(MemorySegment frame, long at, int value) {
    frame.set(SHORT, at, (short) value);
  }

  static void i32(MemorySegment frame, long at, int value) {
    frame.set(INT, at, value);
  }
}
