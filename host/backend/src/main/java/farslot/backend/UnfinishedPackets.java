package farslot.backend;

import farslot.function.EthernetPort;
import farslot.function.InternetChecksum;
import farslot.linux.VirtioNetHeader;
import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Makes wire frames of what packet sockets get: between two ends of one machine (veth), and behind
 * cards that put packets together, Linux carries TCP in pieces of 64 KiB, leaves checksums to
 * whoever sends by a wire in the end, and keeps VLAN tags beside the packet. Uses and overwrites
 * the packet's memory; allocates nothing.
 */
final class UnfinishedPackets {
  private static final int ADDRESSES_BYTES = 12;
  private static final int TAG_BYTES = 4;
  private static final int TYPE_AT = 12;
  private static final int TYPE_IPV4 = 0x0800;
  private static final int TYPE_IPV6 = 0x86DD;
  private static final int TYPE_CTAG = 0x8100;
  private static final int TYPE_STAG = 0x88A8;
  private static final int TAGS_MAX = 2;
  private static final int IPV4_BYTES_MIN = 20;
  private static final int IPV6_BYTES = 40;
  private static final int TCP_BYTES_MIN = 20;
  private static final int UDP_BYTES = 8;
  private static final int PROTOCOL_TCP = 6;
  private static final int PROTOCOL_UDP = 17;
  private static final int TCP_CHECKSUM_AT = 16;
  private static final int UDP_CHECKSUM_AT = 6;
  private static final int TCP_FIN_PSH = 0x09;
  private static final int TCP_CWR = 0x80;
  private static final int TCP_FLAGS_AT = 13;

  private final MemorySegment cut =
      Arena.ofAuto().allocate(EthernetPort.FRAME_BYTES_MAX, Long.BYTES);

  private MemorySegment packet;
  private long at;
  private int bytes;

  /** From the frame's beginning: IP's header, TCP's or UDP's, what they carry. */
  private int l3;

  private int l4;
  private int payloadAt;
  private boolean ipv4;

  /**
   * Hands over what a packet is on a wire: nothing, a frame, or many.
   *
   * @param headerAt where the {@link VirtioNetHeader} stands that the packet follows
   * @param withHeader length of both
   * @param tag as {@code PacketsIn.tag} knows it
   * @return false when there is no reading it
   */
  boolean finish(
      MemorySegment segment, long headerAt, int withHeader, int tag, EthernetPort.Receiver to) {
    packet = segment;
    at = headerAt + VirtioNetHeader.BYTES;
    bytes = withHeader - VirtioNetHeader.BYTES;
    if (bytes < EthernetPort.FRAME_BYTES_MIN) {
      return false;
    }
    boolean needsChecksum = VirtioNetHeader.needsChecksum(segment, headerAt);
    int checksumStart = VirtioNetHeader.checksumStart(segment, headerAt);
    int checksumOffset = VirtioNetHeader.checksumOffset(segment, headerAt);
    int gso = VirtioNetHeader.gso(segment, headerAt);
    int gsoBytes = VirtioNetHeader.gsoBytes(segment, headerAt);
    if (tag != 0) {
      restore(tag);
      checksumStart += TAG_BYTES;
    }
    if (gso != VirtioNetHeader.GSO_NONE) {
      return walk(gso, needsChecksum ? checksumStart : 0) && segments(gso, gsoBytes, to);
    }
    if (bytes > EthernetPort.FRAME_BYTES_MAX
        || needsChecksum && !checksum(checksumStart, checksumOffset)) {
      return false;
    }
    to.onFrame(packet, at, bytes);
    return true;
  }

  /** The tag back into its place: the addresses move to where the header was. */
  private void restore(int tag) {
    MemorySegment.copy(packet, at, packet, at - TAG_BYTES, ADDRESSES_BYTES);
    at -= TAG_BYTES;
    bytes += TAG_BYTES;
    BigEndian.i32(packet, at + TYPE_AT, tag);
  }

  /** Where the pseudo-header's sum is, comes the whole one. */
  private boolean checksum(int start, int offset) {
    if (start + offset + 2 > bytes) {
      return false;
    }
    int sum = ~InternetChecksum.sum(packet, at + start, bytes - start) & 0xFFFF;
    // UDP's 0 means that there is none; TCP has both zeroes.
    BigEndian.u16(packet, at + start + offset, sum == 0 ? 0xFFFF : sum);
    return true;
  }

  /** Finds the headers; {@code l4At} is where the kernel says that TCP or UDP begins, or 0. */
  private boolean walk(int gso, int l4At) {
    l3 = EthernetPort.FRAME_BYTES_MIN;
    int type = BigEndian.u16(packet, at + l3 - 2);
    for (int i = 0; i < TAGS_MAX && (type == TYPE_CTAG || type == TYPE_STAG); i++) {
      l3 += TAG_BYTES;
      if (l3 > bytes) {
        return false;
      }
      type = BigEndian.u16(packet, at + l3 - 2);
    }
    ipv4 = type == TYPE_IPV4;
    int least = ipv4 ? IPV4_BYTES_MIN : IPV6_BYTES;
    if (!ipv4 && type != TYPE_IPV6 || l3 + least > bytes) {
      return false;
    }
    int own = ipv4 ? (BigEndian.u8(packet, at + l3) & 0xF) * 4 : IPV6_BYTES;
    l4 = l4At != 0 ? l4At : l3 + own;
    if (own < least || l4 < l3 + own || l4 + TCP_BYTES_MIN > bytes) {
      return false;
    }
    boolean udp = gso == VirtioNetHeader.GSO_UDP_L4;
    int header = udp ? UDP_BYTES : (BigEndian.u8(packet, at + l4 + 12) >>> 4) * 4;
    payloadAt = l4 + header;
    return (udp || header >= TCP_BYTES_MIN) && payloadAt < bytes;
  }

  private boolean segments(int gso, int gsoBytes, EthernetPort.Receiver to) {
    boolean udp = gso == VirtioNetHeader.GSO_UDP_L4;
    boolean known = udp || gso == (ipv4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6);
    if (!known || gsoBytes == 0 || payloadAt + gsoBytes > EthernetPort.FRAME_BYTES_MAX) {
      return false;
    }
    int payload = bytes - payloadAt;
    for (int done = 0, i = 0; done < payload; done += gsoBytes, i++) {
      int part = Math.min(gsoBytes, payload - done);
      MemorySegment.copy(packet, at, cut, 0, payloadAt);
      MemorySegment.copy(packet, at + payloadAt + done, cut, payloadAt, part);
      int whole = payloadAt + part;
      ip(whole, i);
      if (udp) {
        BigEndian.u16(cut, l4 + 4, whole - l4);
      } else {
        tcp(done, done + part == payload);
      }
      l4Checksum(udp, whole);
      to.onFrame(cut, 0, whole);
    }
    return true;
  }

  private void ip(int whole, int which) {
    if (!ipv4) {
      BigEndian.u16(cut, l3 + 4, whole - l3 - IPV6_BYTES);
      return;
    }
    BigEndian.u16(cut, l3 + 2, whole - l3);
    BigEndian.u16(cut, l3 + 4, BigEndian.u16(cut, l3 + 4) + which);
    BigEndian.u16(cut, l3 + 10, 0);
    int headerBytes = (BigEndian.u8(cut, l3) & 0xF) * 4;
    BigEndian.u16(cut, l3 + 10, ~InternetChecksum.sum(cut, l3, headerBytes));
  }

  private void tcp(int done, boolean last) {
    BigEndian.i32(cut, l4 + 4, BigEndian.i32(cut, l4 + 4) + done);
    int flags = BigEndian.u8(cut, l4 + TCP_FLAGS_AT);
    flags &= last ? 0xFF : ~TCP_FIN_PSH;
    flags &= done == 0 ? 0xFF : ~TCP_CWR;
    BigEndian.u8(cut, l4 + TCP_FLAGS_AT, flags);
  }

  private void l4Checksum(boolean udp, int whole) {
    int field = l4 + (udp ? UDP_CHECKSUM_AT : TCP_CHECKSUM_AT);
    BigEndian.u16(cut, field, 0);
    int addressesAt = l3 + (ipv4 ? 12 : 8);
    long sum = InternetChecksum.sum(cut, addressesAt, ipv4 ? 8 : 32);
    sum += (udp ? PROTOCOL_UDP : PROTOCOL_TCP) + (whole - l4);
    sum += InternetChecksum.sum(cut, l4, whole - l4);
    int checksum = ~InternetChecksum.fold(sum) & 0xFFFF;
    BigEndian.u16(cut, field, checksum == 0 && udp ? 0xFFFF : checksum);
  }
}
