package farslot.carrier.seal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Carries the bytes of a handshake in packets that may be lost, doubled or overtaken: one under way
 * at a time in each direction, sent again until it is acknowledged. A packet is acknowledged when
 * its bytes have been dealt with, together with what came of them. Pure: time is a parameter.
 */
public final class HandshakeStream {
  private static final int OUT_BYTES_MAX = 1 << 16;

  /** What is not acknowledged is sent again after this long; doubles each time. */
  static final long REPEAT_NS = 50_000_000;

  private static final long REPEAT_NS_MAX = 400_000_000;

  private final long attempt;
  private final boolean replies;
  private final byte[] packet = new byte[SealFormat.BYTES_AT + SealFormat.SEGMENT_BYTES_MAX];
  private final byte[] segment = new byte[SealFormat.SEGMENT_BYTES_MAX];
  private ByteBuffer out = ByteBuffer.allocate(SealFormat.SEGMENT_BYTES_MAX);
  private int segmentBytes;
  private int sent;
  private int taken;
  private boolean underWay;
  private boolean owesAck;
  private long repeatNs;
  private long pauseNs;

  /**
   * @param attempt drawn at random by the end that dials; both say it in every packet
   * @param replies whether this is the other end
   */
  public HandshakeStream(long attempt, boolean replies) {
    this.attempt = attempt;
    this.replies = replies;
  }

  /** The attempt that a packet belongs to; only of one that {@link #check} has passed. */
  public static long attempt(MemorySegment from, long at) {
    return from.get(SealFormat.U64, at + SealFormat.ATTEMPT_AT);
  }

  /** Whether a packet that {@link #check} has passed begins a handshake. */
  public static boolean begins(MemorySegment from, long at) {
    return from.get(SealFormat.U32, at + SealFormat.SEQ_AT) == 1
        && from.get(SealFormat.U32, at + SealFormat.ACK_AT) == 0;
  }

  /**
   * Whether bytes are a KEYS packet.
   *
   * @param available what is behind the packet's own length is ignored
   * @param reply whether it has to come from an appliance, or from who dials
   */
  public static boolean check(MemorySegment from, long at, int available, boolean reply) {
    if (available < SealFormat.BYTES_AT
        || (from.get(SealFormat.U16, at + SealFormat.MAGIC_AT) & 0xFFFF) != SealFormat.MAGIC
        || from.get(ValueLayout.JAVA_BYTE, at + SealFormat.KIND_AT) != SealFormat.KEYS) {
      return false;
    }
    int length = from.get(SealFormat.U16, at + SealFormat.LENGTH_AT) & 0xFFFF;
    int flags = from.get(ValueLayout.JAVA_BYTE, at + SealFormat.FLAGS_AT);
    if (length < SealFormat.BYTES_AT
        || length > Math.min(available, SealFormat.BYTES_AT + SealFormat.SEGMENT_BYTES_MAX)
        || (flags & SealFormat.FLAG_REPLY) != 0 != reply) {
      return false;
    }
    byte[] bytes = from.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return crc(bytes, length) == from.get(SealFormat.U32, at + SealFormat.CRC_AT);
  }

  private static int crc(byte[] packet, int length) {
    CRC32C crc = new CRC32C();
    crc.update(packet, 0, SealFormat.CRC_AT);
    crc.update(new byte[Integer.BYTES]);
    crc.update(packet, SealFormat.BYTES_AT, length - SealFormat.BYTES_AT);
    return (int) crc.getValue();
  }

  // Receiving.

  /**
   * Takes a packet that {@link #check} has passed.
   *
   * @param into where bytes go that are new; a packet that does not fit is as if it had been lost
   * @return whether it was part of this handshake
   */
  public boolean take(MemorySegment from, long at, ByteBuffer into) {
    if (attempt(from, at) != attempt) {
      return false;
    }
    int ack = from.get(SealFormat.U32, at + SealFormat.ACK_AT);
    int seq = from.get(SealFormat.U32, at + SealFormat.SEQ_AT);
    if (ack == sent) {
      underWay = false;
    }
    int bytes =
        (from.get(SealFormat.U16, at + SealFormat.LENGTH_AT) & 0xFFFF) - SealFormat.BYTES_AT;
    if (seq == taken + 1 && bytes > 0 && bytes <= into.remaining()) {
      into.put(from.asSlice(at + SealFormat.BYTES_AT, bytes).asByteBuffer());
      taken++;
      owesAck = true;
    } else if (seq != 0 && seq <= taken) {
      owesAck = true; // Our acknowledgement was lost.
    }
    return true;
  }

  // Sending.

  /** Takes bytes for the peer; false when there are too many. */
  public boolean offer(ByteBuffer bytes) {
    if (out.position() + bytes.remaining() > OUT_BYTES_MAX) {
      return false;
    }
    if (out.remaining() < bytes.remaining()) {
      out = ByteBuffer.allocate(out.position() + bytes.remaining()).put(out.flip());
    }
    out.put(bytes);
    return true;
  }

  /** Whether the peer has acknowledged all that was offered. */
  public boolean idle() {
    return !underWay && out.position() == 0;
  }

  /** When there is something to send again; {@link Long#MAX_VALUE} for never. */
  public long deadlineNs() {
    return underWay ? repeatNs : Long.MAX_VALUE;
  }

  /** Writes the packet that is to be sent now; returns its length, 0 when there is none. */
  public int write(MemorySegment to, long at, long nowNs) {
    boolean repeats = underWay && nowNs >= repeatNs;
    if (!underWay && out.position() > 0) {
      out.flip();
      segmentBytes = Math.min(out.remaining(), segment.length);
      out.get(segment, 0, segmentBytes);
      out.compact();
      sent++;
      underWay = true;
      pauseNs = REPEAT_NS;
      repeatNs = nowNs + pauseNs;
      return put(to, at, sent, segmentBytes);
    }
    if (repeats) {
      pauseNs = Math.min(REPEAT_NS_MAX, 2 * pauseNs);
      repeatNs = nowNs + pauseNs;
      return put(to, at, sent, segmentBytes);
    }
    return owesAck ? put(to, at, 0, 0) : 0;
  }

  private int put(MemorySegment to, long at, int seq, int bytes) {
    owesAck = false;
    ByteBuffer b = ByteBuffer.wrap(packet);
    int length = SealFormat.BYTES_AT + bytes;
    b.putShort((short) SealFormat.MAGIC).put((byte) SealFormat.KEYS);
    b.put((byte) (replies ? SealFormat.FLAG_REPLY : 0))
        .putShort((short) length)
        .putShort((short) 0);
    b.putLong(attempt).putInt(seq).putInt(taken).putInt(0).put(segment, 0, bytes);
    b.putInt(SealFormat.CRC_AT, crc(packet, length));
    MemorySegment.copy(packet, 0, to, ValueLayout.JAVA_BYTE, at, length);
    return length;
  }
}
