package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.TxDescriptor.*;

import farslot.function.InternetChecksum;
import farslot.pcie.BigEndian;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What becomes of a packet's bytes before they are frames: segmentation (7.2.4), checksums (7.2.5),
 * the VLAN tag (7.4.1), padding. Works in place: a segment's header is put before its payload, over
 * bytes that have been sent.
 */
final class Offloads {
  /** Where frames go. */
  interface Sink {
    void frame(MemorySegment memory, long at, int bytes);
  }

  private static final int MAC_BYTES_MIN = 14;
  private static final int IPV4_BYTES_MIN = 20;
  private static final int IPV6_BYTES_MIN = 40;
  private static final int ADDRESSES_BYTES = 12;
  private static final int TAG_BYTES = 4;
  private static final int HEADER_BYTES_MAX = MACLEN_MASK + IPLEN_MASK + L4LEN_MASK;

  // Fields of headers
  private static final int IPV4_TOTAL_LENGTH = 2;
  private static final int IPV4_IDENTIFICATION = 4;
  private static final int IPV4_CHECKSUM = 10;
  private static final int IPV6_PAYLOAD_LENGTH = 4;
  private static final int TCP_SEQUENCE = 4;
  private static final int TCP_FLAGS = 13;
  private static final int TCP_CHECKSUM = 16;
  private static final int TCP_BYTES_MIN = 20;
  private static final int FIN_PSH = 0x09;
  private static final int CWR = 0x80;
  private static final int UDP_LENGTH = 4;
  private static final int UDP_CHECKSUM = 6;
  private static final int UDP_BYTES = 8;
  private static final int SCTP_CHECKSUM = 8;
  private static final int SCTP_BYTES = 12;

  private final MemorySegment memory;
  private final ByteBuffer buffer;
  private final Sink sink;
  private final CRC32C crc = new CRC32C();

  /** The headers of the packet that is being segmented, as its sender made them. */
  private final MemorySegment headers = Arena.ofAuto().allocate(HEADER_BYTES_MAX, 8);

  private final MemorySegment padded = Arena.ofAuto().allocate(FRAME_BYTES_PADDED, 8);

  /**
   * @param memory native, where packets are
   */
  Offloads(MemorySegment memory, Sink sink) {
    this.memory = memory;
    this.sink = sink;
    buffer = memory.asByteBuffer();
  }

  /** Whether a packet can be made into frames: everything that it asks for is inside it. */
  static boolean possible(TransmitPacket packet) {
    if (packet.needsContext() && !packet.hasContext) {
      return false;
    }
    boolean checksums = packet.ipChecksum() || packet.l4Checksum() || packet.segments();
    if (checksums && !headersInside(packet)) {
      return false;
    }
    int tag = packet.tags() ? TAG_BYTES : 0;
    if (!packet.segments()) {
      return packet.bytes + tag <= FRAME_BYTES_MAX;
    }
    int header = packet.headerBytes();
    int least = packet.l4Type() == TUCMD_L4T_TCP ? TCP_BYTES_MIN : UDP_BYTES;
    return packet.l4Type() != TUCMD_L4T_SCTP
        && packet.l4Bytes() >= least
        && packet.mss() > 0
        && header < packet.bytes
        && packet.payloadBytes() == packet.bytes - header
        && header + packet.mss() + tag <= FRAME_BYTES_MAX;
  }

  private static boolean headersInside(TransmitPacket packet) {
    int l4 = packet.macBytes() + packet.ipBytes();
    boolean ip = packet.ipChecksum() || packet.segments();
    int ipLeast = !ip ? 0 : packet.ipv4() ? IPV4_BYTES_MIN : IPV6_BYTES_MIN;
    return packet.macBytes() >= MAC_BYTES_MIN
        && packet.ipBytes() >= ipLeast
        && l4 + (packet.l4Checksum() ? l4BytesMin(packet) : 0) <= packet.bytes;
  }

  private static int l4BytesMin(TransmitPacket packet) {
    return switch (packet.l4Type()) {
      case TUCMD_L4T_TCP -> TCP_BYTES_MIN;
      case TUCMD_L4T_UDP -> UDP_BYTES;
      default -> SCTP_BYTES;
    };
  }

  /**
   * Sends frames of a packet that is {@link #possible}.
   *
   * @param most so many at this time
   * @return how many; the packet is done when {@link #done} says so
   */
  int send(TransmitPacket packet, int most) {
    if (!packet.segments()) {
      packet.begun = true;
      whole(packet);
      return 1;
    }
    int frames = 0;
    while (frames < most && !done(packet)) {
      segment(packet);
      frames++;
    }
    return frames;
  }

  /** Whether every frame of it has been sent. */
  static boolean done(TransmitPacket packet) {
    return packet.begun && (!packet.segments() || packet.sent == packet.payloadBytes());
  }

  private void whole(TransmitPacket packet) {
    int l3 = packet.at + packet.macBytes();
    int l4 = l3 + packet.ipBytes();
    int end = packet.at + packet.bytes;
    if (packet.ipChecksum() && packet.ipv4()) {
      ipv4Checksum(l3, packet.ipBytes());
    }
    if (packet.l4Checksum()) {
      l4Checksum(packet.l4Type(), l4, end, 0);
    }
    emit(packet, packet.at, packet.bytes);
  }

  // ---- segmentation

  private void segment(TransmitPacket packet) {
    int headerBytes = packet.headerBytes();
    int payloadBytes = packet.payloadBytes();
    int part = Math.min(packet.mss(), payloadBytes - packet.sent);
    int at = packet.at + packet.sent;
    if (!packet.begun) {
      MemorySegment.copy(memory, at, headers, 0, headerBytes);
    } else {
      MemorySegment.copy(headers, 0, memory, at, headerBytes);
    }
    int l3 = at + packet.macBytes();
    int l4 = l3 + packet.ipBytes();
    int end = at + headerBytes + part;
    ipHeader(packet, l3, end);
    if (packet.l4Type() == TUCMD_L4T_TCP) {
      tcpHeader(packet, l4, packet.sent + part == payloadBytes);
    } else {
      BigEndian.u16(memory, l4 + UDP_LENGTH, end - l4);
    }
    if (packet.l4Checksum()) {
      // The sender's pseudo-header has no length, for it is each segment's own.
      l4Checksum(packet.l4Type(), l4, end, end - l4);
    }
    packet.begun = true;
    packet.sent += part;
    emit(packet, at, headerBytes + part);
  }

  private void ipHeader(TransmitPacket packet, int l3, int end) {
    if (!packet.ipv4()) {
      BigEndian.u16(memory, l3 + IPV6_PAYLOAD_LENGTH, end - l3 - IPV6_BYTES_MIN);
      return;
    }
    int number = packet.sent / packet.mss();
    int identification = BigEndian.u16(memory, l3 + IPV4_IDENTIFICATION) + number;
    BigEndian.u16(memory, l3 + IPV4_TOTAL_LENGTH, end - l3);
    BigEndian.u16(memory, l3 + IPV4_IDENTIFICATION, identification);
    if (packet.ipChecksum()) {
      ipv4Checksum(l3, packet.ipBytes());
    }
  }

  /** FIN and PSH are the last segment's, CWR the first one's (7.2.4.7). */
  private void tcpHeader(TransmitPacket packet, int l4, boolean last) {
    int sequence = BigEndian.i32(memory, l4 + TCP_SEQUENCE) + packet.sent;
    BigEndian.i32(memory, l4 + TCP_SEQUENCE, sequence);
    int flags = LittleEndian.u8(memory, l4 + TCP_FLAGS);
    flags &= last ? -1 : ~FIN_PSH;
    flags &= packet.sent == 0 ? -1 : ~CWR;
    LittleEndian.u8(memory, l4 + TCP_FLAGS, flags);
  }

  // ---- checksums

  private void ipv4Checksum(int l3, int ipBytes) {
    BigEndian.u16(memory, l3 + IPV4_CHECKSUM, 0);
    BigEndian.u16(memory, l3 + IPV4_CHECKSUM, ~InternetChecksum.sum(memory, l3, ipBytes));
  }

  /** The field holds the sum of the pseudo-header, from the sender. */
  private void l4Checksum(int type, int l4, int end, int pseudoLength) {
    if (type == TUCMD_L4T_SCTP) {
      sctpChecksum(l4, end);
      return;
    }
    int field = l4 + (type == TUCMD_L4T_TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
    long sum = InternetChecksum.sum(memory, l4, end - l4) + (long) pseudoLength;
    int checksum = ~InternetChecksum.fold(sum) & 0xFFFF;
    // RFC 768: zero would say that there is none.
    boolean none = checksum == 0 && type == TUCMD_L4T_UDP;
    BigEndian.u16(memory, field, none ? 0xFFFF : checksum);
  }

  /** RFC 9260, Appendix A. */
  private void sctpChecksum(int l4, int end) {
    LittleEndian.i32(memory, l4 + SCTP_CHECKSUM, 0);
    crc.reset();
    buffer.limit(end).position(l4);
    crc.update(buffer);
    LittleEndian.i32(memory, l4 + SCTP_CHECKSUM, (int) crc.getValue());
  }

  // ---- the frame

  private void emit(TransmitPacket packet, int frameAt, int frameBytes) {
    int at = frameAt;
    int bytes = frameBytes;
    if (packet.tags()) {
      at -= TAG_BYTES;
      bytes += TAG_BYTES;
      // Source and destination move forward, four bytes at a time, over what was before them.
      for (int i = 0; i < ADDRESSES_BYTES; i += 4) {
        LittleEndian.i32(memory, at + i, LittleEndian.i32(memory, at + TAG_BYTES + i));
      }
      BigEndian.u16(memory, at + ADDRESSES_BYTES, Headers.ETHERTYPE_VLAN);
      BigEndian.u16(memory, at + ADDRESSES_BYTES + 2, packet.tag());
    }
    if (bytes < FRAME_BYTES_PADDED) {
      // Elsewhere, for the next segment's payload may stand right behind.
      padded.fill((byte) 0);
      MemorySegment.copy(memory, at, padded, 0, bytes);
      sink.frame(padded, 0, FRAME_BYTES_PADDED);
    } else {
      sink.frame(memory, at, bytes);
    }
  }
}
