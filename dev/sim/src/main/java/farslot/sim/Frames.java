package farslot.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfInt;
import java.lang.foreign.ValueLayout.OfShort;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32C;

/**
 * A frame's header as bytes: the simulator's own copy of the numbers in docs/spec/pcieoe.md,
 * section 3, so that a mistake in the link's is not made twice.
 */
final class Frames {
  static final int HELLO = 1;
  static final int WELCOME = 2;
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
  private static final int SACK_AT = 20;
  private static final int RANGE_BYTES = 8;
  private static final int TX_TIME_AT = 24;
  private static final int ECHO_TIME_AT = 28;
  private static final int CRC_AT = 36;
  private static final int FLAG_CRC = 1;
  private static final int FLAG_ECHO = 2;
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

  static int sack(byte[] frame) {
    return u32(frame, SACK_AT);
  }

  static void sack(byte[] frame, int bits) {
    u32(frame, SACK_AT, bits);
  }

  /** Ranges in the body of an ACK: how many. */
  static int ranges(byte[] frame) {
    return type(frame) == ACK ? (frame.length - HEADER_BYTES) / RANGE_BYTES : 0;
  }

  /** The first frame of a range. */
  static int rangeFirst(byte[] frame, int range) {
    return u32(frame, HEADER_BYTES + range * RANGE_BYTES);
  }

  /** The frame behind the last of a range. */
  static int rangeEnd(byte[] frame, int range) {
    return u32(frame, HEADER_BYTES + range * RANGE_BYTES + 4);
  }

  static void range(byte[] frame, int range, int first, int end) {
    u32(frame, HEADER_BYTES + range * RANGE_BYTES, first);
    u32(frame, HEADER_BYTES + range * RANGE_BYTES + 4, end);
  }

  /** Says each frame's number beyond ack that the sender claims to have. */
  static void claimed(byte[] frame, IntConsumer seqs) {
    int bits = sack(frame);
    for (int n = 0; n < Integer.SIZE; n++) {
      if ((bits & 1 << n) != 0) {
        seqs.accept(ack(frame) + 1 + n);
      }
    }
    for (int range = 0; range < ranges(frame); range++) {
      for (int seq = rangeFirst(frame, range); seq < rangeEnd(frame, range); seq++) {
        seqs.accept(seq);
      }
    }
  }

  /**
   * Says other numbers of what has come.
   *
   * @param ack of the frame expected next, to what is said of it
   * @param edge of a frame where a claim begins or before which it ends, to the same
   * @return the frame, or a shorter one in its place
   */
  static byte[] acknowledge(byte[] frame, IntUnaryOperator ack, IntUnaryOperator edge) {
    int before = ack(frame);
    int after = ack.applyAsInt(before);
    int bits = 0;
    for (int n = 0; n < Integer.SIZE; n++) {
      int end = edge.applyAsInt(before + 2 + n);
      for (int seq = edge.applyAsInt(before + 1 + n); seq < end; seq++) {
        int bit = seq - after - 1;
        boolean claimed = (sack(frame) & 1 << n) != 0 && bit >= 0 && bit < Integer.SIZE;
        bits |= claimed ? 1 << bit : 0;
      }
    }
    ack(frame, after);
    sack(frame, bits);
    int kept = 0;
    for (int range = 0; range < ranges(frame); range++) {
      int first = Math.max(after + 1, edge.applyAsInt(rangeFirst(frame, range)));
      int end = edge.applyAsInt(rangeEnd(frame, range));
      if (first < end) {
        range(frame, kept++, first, end);
      }
    }
    return kept < ranges(frame) ? cut(frame, HEADER_BYTES + kept * RANGE_BYTES) : frame;
  }

  private static byte[] cut(byte[] frame, int bytes) {
    byte[] shorter = java.util.Arrays.copyOf(frame, bytes);
    u16(shorter, LENGTH_AT, bytes);
    return shorter;
  }

  static boolean isReplay(byte[] frame) {
    return (u16(frame, FLAGS_AT) & FLAG_REPLAY) != 0;
  }

  /** Leaves out of a HELLO or WELCOME what its sender can do besides. */
  static void capabilities(byte[] frame, int mask) {
    if (type(frame) == HELLO || type(frame) == WELCOME) {
      u32(frame, HEADER_BYTES, u32(frame, HEADER_BYTES) & mask);
      seal(frame);
    }
  }

  /** Makes of a header the ACK that tells an end that its WELCOME has been heard. */
  static void ackOf(byte[] header, byte[] welcome, byte[] hello) {
    header[TYPE_AT] = ACK;
    u16(header, LENGTH_AT, HEADER_BYTES);
    u16(header, FLAGS_AT, u16(header, FLAGS_AT) | FLAG_ECHO);
    u32(header, ECHO_TIME_AT, u32(welcome, TX_TIME_AT));
    seq(header, ack(welcome));
    ack(header, ack(hello));
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

  /** Whether it is whole and as its CRC says. */
  static boolean isIntact(byte[] frame) {
    if (u16(frame, LENGTH_AT) != frame.length || (u16(frame, FLAGS_AT) & FLAG_CRC) == 0) {
      return false;
    }
    byte[] copy = frame.clone();
    u32(copy, CRC_AT, 0);
    CRC32C crc = new CRC32C();
    crc.update(copy);
    return (int) crc.getValue() == u32(frame, CRC_AT);
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
    StringBuilder more = new StringBuilder();
    if (sack(frame) != 0) {
      more.append(", sack ").append(Integer.toHexString(sack(frame)));
    }
    for (int range = 0; range < ranges(frame); range++) {
      more.append(", has %d to %d".formatted(rangeFirst(frame, range), rangeEnd(frame, range) - 1));
    }
    return "%s seq %d ack %d, %d bytes%s%s"
        .formatted(
            type > 0 && type < types.length ? types[type] : "type " + type,
            seq(frame),
            ack(frame),
            frame.length,
            more,
            isReplay(frame) ? ", again" : "");
  }
}
