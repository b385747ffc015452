package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Packets received into memory that the kernel shares (PACKET_RX_RING, TPACKET_V2): the other way
 * besides {@link PacketsIn}. One system call a packet less, and one copy that the kernel makes
 * sooner. {@code farslot bench --only packet_ring} compares the two. On one thread.
 */
public final class PacketRing implements AutoCloseable {
  private static final int SOL_PACKET = 263;
  private static final int PACKET_RX_RING = 5;
  private static final int PACKET_VERSION = 10;
  private static final int TPACKET_V2 = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  /** struct tpacket2_hdr: status, length, length captured, u16 where the packet begins. */
  private static final int STATUS_AT = 0;

  private static final int CAPTURED_AT = 8;
  private static final int MAC_AT = 12;

  /** What stands before a packet's Ethernet header: that, a sockaddr_ll, and alignment. */
  private static final int BEFORE_BYTES = 96;

  private static final int STATUS_KERNEL = 0;
  private static final int STATUS_USER = 1;
  private static final int BLOCK_BYTES = 1 << 16;
  private static final VarHandle STATUS = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment ring;
  private final int frames;
  private final int frameBytes;
  private int at;

  /**
   * @param fd of {@link PacketSocket#open}
   * @param packets that fit in at least; beyond, they are lost
   * @param packetBytesMax what is longer is cut
   */
  @SuppressWarnings("restricted")
  public PacketRing(int fd, int packets, int packetBytesMax) throws ErrnoException {
    frameBytes = Integer.highestOneBit(packetBytesMax + BEFORE_BYTES - 1) << 1;
    int blockBytes = Math.max(BLOCK_BYTES, frameBytes);
    int blocks = (packets * frameBytes + blockBytes - 1) / blockBytes;
    frames = blocks * (blockBytes / frameBytes);
    SocketOptions.set(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request =
          arena.allocateFrom(ValueLayout.JAVA_INT, blockBytes, blocks, frameBytes, frames);
      int bytes = (int) request.byteSize();
      int result = SocketCalls.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, request.address(), bytes);
      Fd.check(result, "setsockopt(" + fd + ", PACKET_RX_RING, " + frames + ")");
    }
    long bytes = (long) blocks * blockBytes;
    long address = MemoryCalls.mmap(bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    if (address < 0) {
      throw new ErrnoException("mmap(" + fd + ", " + bytes + ")", (int) -address);
    }
    ring = MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Whether a packet is there; then {@link #offset} and {@link #bytes} say where. */
  public boolean ready() {
    return ((int) STATUS.getAcquire(ring, header() + STATUS_AT) & STATUS_USER) != 0;
  }

  /** Where all packets are. */
  public MemorySegment segment() {
    return ring;
  }

  /** Where the packet begins. */
  public long offset() {
    return header() + (ring.get(ValueLayout.JAVA_SHORT, header() + MAC_AT) & 0xFFFF);
  }

  /** Its length, as far as it is there. */
  public int bytes() {
    return ring.get(ValueLayout.JAVA_INT, header() + CAPTURED_AT);
  }

  /** Gives the packet's place back to the kernel and goes on to the next. */
  public void next() {
    STATUS.setRelease(ring, header() + STATUS_AT, STATUS_KERNEL);
    at = at + 1 == frames ? 0 : at + 1;
  }

  private long header() {
    return (long) at * frameBytes;
  }

  /** Unmaps; nothing is read any more. */
  @Override
  public void close() {
    MemoryCalls.munmap(ring.address(), ring.byteSize());
  }
}
