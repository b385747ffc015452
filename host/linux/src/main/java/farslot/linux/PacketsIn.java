package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Several packets received by one call (recvmmsg(2)). Serves all sockets of a thread in turn;
 * allocates nothing per use.
 */
public final class PacketsIn {
  private static final int MESSAGE_BYTES = 64;
  private static final int VECTOR_AT = 16;
  private static final int VECTORS_AT = 24;
  private static final int FLAGS_AT = 48;
  private static final int LENGTH_AT = 56;
  private static final int IOVEC_BYTES = 16;
  private static final int MSG_TRUNC = 0x20;
  private static final int ALIGNMENT = 64;

  private final int packetsMax;
  private final int stride;
  private final MemorySegment messages;
  private final MemorySegment vectors;
  private final MemorySegment packets;

  /**
   * @param packetsMax of one call, 1 to 1024
   * @param packetBytesMax what is longer is cut, and {@link #truncated} says so
   */
  public PacketsIn(int packetsMax, int packetBytesMax) {
    if (packetsMax < 1 || packetsMax > 1024) {
      throw new IllegalArgumentException(packetsMax + " packets");
    }
    this.packetsMax = packetsMax;
    stride = packetBytesMax + ALIGNMENT - 1 & -ALIGNMENT;
    Arena arena = Arena.ofAuto();
    messages = arena.allocate((long) packetsMax * MESSAGE_BYTES, Long.BYTES);
    vectors = arena.allocate((long) packetsMax * IOVEC_BYTES, Long.BYTES);
    packets = arena.allocate((long) packetsMax * stride, ALIGNMENT);
    for (int i = 0; i < packetsMax; i++) {
      long vector = (long) i * IOVEC_BYTES;
      vectors.set(ValueLayout.JAVA_LONG, vector, packets.address() + offset(i));
      vectors.set(ValueLayout.JAVA_LONG, vector + Long.BYTES, packetBytesMax);
      long message = (long) i * MESSAGE_BYTES;
      messages.set(ValueLayout.JAVA_LONG, message + VECTOR_AT, vectors.address() + vector);
      messages.set(ValueLayout.JAVA_LONG, message + VECTORS_AT, 1);
    }
  }

  /**
   * Receives what is there; what was received before is gone.
   *
   * @return how many packets, or a negative errno: {@link Errno#EAGAIN} when there is none
   */
  public int receive(int socket) {
    int result;
    do {
      result = PacketCalls.recvmmsg(socket, messages.address(), packetsMax, 0);
    } while (result == -Errno.EINTR);
    return result;
  }

  /** Most packets of one call: so many, and there may be more. */
  public int packetsMax() {
    return packetsMax;
  }

  /** Where all packets are. */
  public MemorySegment segment() {
    return packets;
  }

  /** Where one begins. */
  public long offset(int packet) {
    return (long) packet * stride;
  }

  /** Its length, as far as it is there. */
  public int bytes(int packet) {
    return messages.get(ValueLayout.JAVA_INT, (long) packet * MESSAGE_BYTES + LENGTH_AT);
  }

  /** Whether it was longer than there was room. */
  public boolean truncated(int packet) {
    long at = (long) packet * MESSAGE_BYTES + FLAGS_AT;
    return (messages.get(ValueLayout.JAVA_INT, at) & MSG_TRUNC) != 0;
  }
}
