package farslot.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What Linux has left undone of a packet ({@code struct virtio_net_hdr}, linux/virtio_net.h), in
 * the machine's byte order: a checksum to be filled in, a packet to be cut into segments.
 */
public final class VirtioNetHeader {
  public static final int BYTES = 10;

  /** Nothing is left to be cut. */
  public static final int GSO_NONE = 0;

  public static final int GSO_TCPV4 = 1;
  public static final int GSO_TCPV6 = 4;
  public static final int GSO_UDP_L4 = 5;

  /** The first segment alone keeps CWR; comes on top of the others. */
  private static final int GSO_ECN = 0x80;

  private static final int NEEDS_CSUM = 1;

  private VirtioNetHeader() {}

  /** Whether a checksum is to be filled in, where its pseudo-header's sum stands now. */
  public static boolean needsChecksum(MemorySegment segment, long at) {
    return (segment.get(ValueLayout.JAVA_BYTE, at) & NEEDS_CSUM) != 0;
  }

  /** One of the {@code GSO_} kinds, or another that nobody should send. */
  public static int gso(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at + 1) & 0xFF & ~GSO_ECN;
  }

  /** Payload of one segment. */
  public static int gsoBytes(MemorySegment segment, long at) {
    return u16(segment, at + 4);
  }

  /** Where the checksum begins to count, from the Ethernet header on. */
  public static int checksumStart(MemorySegment segment, long at) {
    return u16(segment, at + 6);
  }

  /** Where it stands, from there on. */
  public static int checksumOffset(MemorySegment segment, long at) {
    return u16(segment, at + 8);
  }

  private static int u16(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFF;
  }
}
