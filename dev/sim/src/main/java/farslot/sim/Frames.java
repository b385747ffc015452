package farslot.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import java.lang.foreign.ValueLayout.OfShort;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A frame's header as bytes: the simulator's own copy of the numbers in docs/spec/pcieoe.md,
 * section 3, so that a mistake in the link's is not made twice.
 */
final class Frames {
  static final int DATA = 4;
  static final int ACK = 5;
  static final int HEADER_BYTES = 40;
  static final int RECORD_HEADER_BYTES = 8;
  static final int RECORD_TLP = 1;
  static final int RECORD_CREDIT = 2;
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;
  private static final int LENGTH_AT = 6;
  private static final int SESSION_AT = 8;
  private static final int SEQ_AT = 12;
  private static final int ACK_AT = 16;
  private static final int CRC_AT = 36;
  private static final int FLAG_CRC = 1;
  private static final int FLAG_REPLAY = 8;
  private static final OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Frames() {}

  /** Length of the frame at {@code at}. */
  static int bytes(MemorySegment segment, long at) {
    return segment.get(U16, at + LENGTH_AT) & 0xFFFF;
  }

  static int u16(byte[] bytes, int at) {
    return MemorySegment.ofArray(bytes).get(U16, at) & 0xFFFF;
  }

  static int u32(byte[] bytes, int at) {
    return MemorySegment.ofArray(bytes).get(U32, at);
  }

  static void u32(byte[] bytes, int at, int value) {
    MemorySegment.ofArray(bytes).set(U32, at, value);
  }

  static void u16(byte[] bytes, int at, int value) {
    MemorySegment.ofArray(bytes).set(U16, at, (short) value);
  }

  static int type(byte[] frame) {
    return frame[TYPE_AT];
  }

  static int session(byte[] frame) {
    return u32(frame, SESSION_AT);
  }

  static void session(byte[] frame, int id) {
    u32(frame, SESSION_AT, id);
  }

  static int seq(byte[] frame) {
    return u32(frame, SEQ_AT);
  }

  static void seq(byte[] frame, int seq) {
    u32(frame, SEQ_AT, seq);
  }

  static int ack(byte[] frame) {
    return u32(frame, ACK_AT);
  }

  static void ack(byte[] frame, int ack) {
    u32(frame, ACK_AT, ack);
  }

  static boolean isReplay(byte[] frame) {
    return (u16(frame, FLAGS_AT) & FLAG_REPLAY) != 0;
  }

  /** Makes the CRC right again, where there is one. */
  static void seal(byte[] frame) {
    if ((u16(frame, FLAGS_AT) & FLAG_CRC) != 0) {
      u32(frame, CRC_AT, 0);
      CRC32C crc = new CRC32C();
      crc.update(frame, 0, frame.length);
      u32(frame, CRC_AT, (int) crc.getValue());
    }
  }

  /** Kind of the record at {@code at}. */
  static int recordKind(byte[] frame, int at) {
    return frame[at + 2] & 0xFF;
  }

  /** Where the record behind the one at {@code at} begins. */
  static int nextRecord(byte[] frame, int at) {
    return at + RECORD_HEADER_BYTES + (u16(frame, at + 4) + 3 & ~3);
  }

  /** For people. */
  static String words(byte[] frame) {
    String[] types = {"?", "HELLO", "WELCOME", "REFUSE", "DATA", "ACK", "BYE"};
    int type = type(frame);
    return "%s seq %d ack %d, %d bytes%s"
        .formatted(
            type > 0 && type < types.length ? types[type] : "type " + type,
            seq(frame),
            ack(frame),
            frame.length,
            isReplay(frame) ? ", again" : "");
  }
}
