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
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_BYTES_AT = 40;
  private static final int FLAGS_AT = 48;
  private static final int LENGTH_AT = 56;
  private static final int IOVEC_BYTES = 16;
  private static final int MSG_TRUNC = 0x20;
  private static final int ALIGNMENT = 64;

  /** struct cmsghdr and, in it, struct tpacket_auxdata, rounded up. */
  private static final int CONTROL_BYTES = 40;

  private static final int AUXDATA_AT = 16;
  private static final int STATUS_AT = AUXDATA_AT;
  private static final int TAG_AT = AUXDATA_AT + 16;
  private static final int TAG_TYPE_AT = AUXDATA_AT + 18;
  private static final int TP_STATUS_VLAN_VALID = 0x10;
  private static final int TP_STATUS_VLAN_TPID_VALID = 0x40;
  private static final int CTAG = 0x8100;

  private final int packetsMax;
  private final int stride;
  private final MemorySegment messages;
  private final MemorySegment vectors;
  private final MemorySegment packets;

  /** Of length 0 where nobody asks for tags. */
  private final MemorySegment controls;

  /**
   * @param packetsMax of one call, 1 to 1024
   * @param packetBytesMax what is longer is cut, and {@link #truncated} says so
   */
  public PacketsIn(int packetsMax, int packetBytesMax) {
    this(packetsMax, packetBytesMax, false);
  }

  /**
   * @param tags whether {@link #tag} will be asked
   */
  public PacketsIn(int packetsMax, int packetBytesMax, boolean tags) {
    if (packetsMax < 1 || packetsMax > 1024) {
      throw new IllegalArgumentException(packetsMax + " packets");
    }
    this.packetsMax = packetsMax;
    stride = packetBytesMax + ALIGNMENT - 1 & -ALIGNMENT;
    Arena arena = Arena.ofAuto();
    messages = arena.allocate((long) packetsMax * MESSAGE_BYTES, Long.BYTES);
    vectors = arena.allocate((long) packetsMax * IOVEC_BYTES, Long.BYTES);
    packets = arena.allocate((long) packetsMax * stride, ALIGNMENT);
    controls = arena.allocate(tags ? (long) packetsMax * CONTROL_BYTES : 0, Long.BYTES);
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
    // What came last time has told how long it was.
    for (long i = 0; i < controls.byteSize() / CONTROL_BYTES; i++) {
      long message = i * MESSAGE_BYTES;
      messages.set(
          ValueLayout.JAVA_LONG, message + CONTROL_AT, controls.address() + i * CONTROL_BYTES);
      messages.set(ValueLayout.JAVA_LONG, message + CONTROL_BYTES_AT, CONTROL_BYTES);
    }
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

  /**
   * The VLAN tag that Linux has taken out of it: type and control information as 32 bits, 0 when
   * there was none. Only with {@link PacketSocket#tags}.
   */
  public int tag(int packet) {
    long message = (long) packet * MESSAGE_BYTES;
    long control = (long) packet * CONTROL_BYTES;
    if (messages.get(ValueLayout.JAVA_LONG, message + CONTROL_BYTES_AT) < TAG_TYPE_AT + 2) {
      return 0;
    }
    int status = controls.get(ValueLayout.JAVA_INT, control + STATUS_AT);
    if ((status & TP_STATUS_VLAN_VALID) == 0) {
      return 0;
    }
    int type =
        (status & TP_STATUS_VLAN_TPID_VALID) == 0
            ? CTAG
            : controls.get(ValueLayout.JAVA_SHORT, control + TAG_TYPE_AT) & 0xFFFF;
    return type << 16 | controls.get(ValueLayout.JAVA_SHORT, control + TAG_AT) & 0xFFFF;
  }

  /** Whether it was longer than there was room. */
  public boolean truncated(int packet) {
    long at = (long) packet * MESSAGE_BYTES + FLAGS_AT;
    return (messages.get(ValueLayout.JAVA_INT, at) & MSG_TRUNC) != 0;
  }
}
