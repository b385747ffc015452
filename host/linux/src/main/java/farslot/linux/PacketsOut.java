package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Several packets sent by one call (sendmmsg(2)), each of the same header and a body from where it
 * lies. One a socket, reused; allocates nothing per use.
 */
public final class PacketsOut {
  /** struct mmsghdr of 64-bit machines: a struct msghdr and the length sent. */
  private static final int MESSAGE_BYTES = 64;

  private static final int VECTOR_AT = 16;
  private static final int VECTORS_AT = 24;
  private static final int IOVEC_BYTES = 16;

  /** Two pieces a packet: header and body. */
  private static final int PACKET_VECTOR_BYTES = 2 * IOVEC_BYTES;

  private static final int BODY_AT = IOVEC_BYTES;

  private final int packetsMax;
  private final MemorySegment messages;
  private final MemorySegment vectors;

  /** Kept alive: only its address is in the vectors. */
  private final MemorySegment header;

  private int packets;

  /**
   * @param packetsMax of one call, 1 to 1024
   * @param header native memory that stands before each body; may change between calls
   */
  public PacketsOut(int packetsMax, MemorySegment header) {
    if (packetsMax < 1 || packetsMax > 1024) {
      throw new IllegalArgumentException(packetsMax + " packets");
    }
    this.packetsMax = packetsMax;
    this.header = header;
    Arena arena = Arena.ofAuto();
    messages = arena.allocate((long) packetsMax * MESSAGE_BYTES, Long.BYTES);
    vectors = arena.allocate((long) packetsMax * PACKET_VECTOR_BYTES, Long.BYTES);
    long headerAt = Calls.address(header, 0, header.byteSize());
    for (int i = 0; i < packetsMax; i++) {
      long vector = (long) i * PACKET_VECTOR_BYTES;
      vectors.set(ValueLayout.JAVA_LONG, vector, headerAt);
      vectors.set(ValueLayout.JAVA_LONG, vector + Long.BYTES, header.byteSize());
      long message = (long) i * MESSAGE_BYTES;
      messages.set(ValueLayout.JAVA_LONG, message + VECTOR_AT, vectors.address() + vector);
      messages.set(ValueLayout.JAVA_LONG, message + VECTORS_AT, 2);
    }
  }

  public void clear() {
    packets = 0;
  }

  /** Packets added. */
  public int count() {
    return packets;
  }

  /** Whether {@link #add} would fail. */
  public boolean isFull() {
    return packets == packetsMax;
  }

  /** Adds a packet's body: native memory, which stays alive and unchanged until it is sent. */
  public void add(MemorySegment segment, long offset, long bytes) {
    if (isFull()) {
      throw new IllegalStateException("more than " + packetsMax + " packets");
    }
    long at = (long) packets * PACKET_VECTOR_BYTES + BODY_AT;
    vectors.set(ValueLayout.JAVA_LONG, at, Calls.address(segment, offset, bytes));
    vectors.set(ValueLayout.JAVA_LONG, at + Long.BYTES, bytes);
    packets++;
  }

  /**
   * Sends what was added.
   *
   * @return how many packets went, from the first on; if none did, a negative errno: {@link
   *     Errno#EAGAIN} when the socket's buffer is full, {@link Errno#ENOBUFS} when the interface's
   *     queue is, and so on. What stopped the packet behind the last one shows when that is sent
   *     again
   */
  public int send(int socket) {
    return send(socket, 0);
  }

  /** As {@link #send(int)}, but for the first packets, which went before or never shall. */
  public int send(int socket, int first) {
    long at = messages.address() + (long) first * MESSAGE_BYTES;
    int flags = Sockets.MSG_NOSIGNAL;
    int result;
    do {
      result = PacketCalls.sendmmsg(socket, at, packets - first, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  /** What stands before each body. */
  public MemorySegment header() {
    return header;
  }
}
