package farslot.vfiouser.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A message in place: a view over bytes. {@link #check} decides whether what has arrived is a
 * message; only then are the accessors safe. Offsets given to {@link #u32} and the like count from
 * the end of the header.
 */
public final class VfioUserMessage {
  public static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What the bytes are. All but OK and INCOMPLETE leave no way to find the next message. */
  public enum Check {
    OK,
    /** More bytes have to come. */
    INCOMPLETE,
    /** The header announces less than itself. */
    SIZE_TOO_SMALL,
    /** The header announces more than was agreed. */
    SIZE_TOO_LARGE,
    /** Neither command nor reply. */
    TYPE
  }

  private MemorySegment segment = MemorySegment.NULL;
  private long at;

  /**
   * Says what {@code available} bytes at {@code at} are.
   *
   * @param sizeMax largest message, with its header
   */
  public static Check check(MemorySegment segment, long at, long available, int sizeMax) {
    if (available < Wire.HEADER_BYTES) {
      return Check.INCOMPLETE;
    }
    int size = segment.get(U32, at + Wire.SIZE_AT);
    if (Integer.compareUnsigned(size, Wire.HEADER_BYTES) < 0) {
      return Check.SIZE_TOO_SMALL;
    }
    if (Integer.compareUnsigned(size, sizeMax) > 0) {
      return Check.SIZE_TOO_LARGE;
    }
    if ((segment.get(U32, at + Wire.FLAGS_AT) & Wire.TYPE_MASK) > Wire.TYPE_REPLY) {
      return Check.TYPE;
    }
    return available < size ? Check.INCOMPLETE : Check.OK;
  }

  /** Points the view at a message that was found OK. */
  public VfioUserMessage wrap(MemorySegment segment, long at) {
    this.segment = segment;
    this.at = at;
    return this;
  }

  public int id() {
    return Short.toUnsignedInt(segment.get(U16, at + Wire.ID_AT));
  }

  public int command() {
    return Short.toUnsignedInt(segment.get(U16, at + Wire.COMMAND_AT));
  }

  /** Bytes, header included. */
  public int size() {
    return segment.get(U32, at + Wire.SIZE_AT);
  }

  public int flags() {
    return segment.get(U32, at + Wire.FLAGS_AT);
  }

  public boolean isReply() {
    return (flags() & Wire.TYPE_MASK) == Wire.TYPE_REPLY;
  }

  public boolean noReply() {
    return (flags() & Wire.FLAG_NO_REPLY) != 0;
  }

  public boolean isError() {
    return (flags() & Wire.FLAG_ERROR) != 0;
  }

  public int errno() {
    return segment.get(U32, at + Wire.ERRNO_AT);
  }

  public int payloadBytes() {
    return size() - Wire.HEADER_BYTES;
  }

  /** Where the payload begins in {@link #segment}. */
  public long payloadAt() {
    return at + Wire.HEADER_BYTES;
  }

  public MemorySegment segment() {
    return segment;
  }

  public int u8(long offset) {
    return Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, payloadAt() + offset));
  }

  public int u16(long offset) {
    return Short.toUnsignedInt(segment.get(U16, payloadAt() + offset));
  }

  public int u32(long offset) {
    return segment.get(U32, payloadAt() + offset);
  }

  public long u64(long offset) {
    return segment.get(U64, payloadAt() + offset);
  }
}
