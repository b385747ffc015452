package farslot.cards.nic82599;

import farslot.cards.nic82599.spec.VfRegister;
import farslot.pcie.BigEndian;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * What a frame's headers say, found by one walk over them; used again for the next frame. Lengths
 * that a header claims are believed only as far as there are bytes.
 */
final class Headers {
  static final int ETHERTYPE_VLAN = 0x8100;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int SCTP = 132;

  private static final int TYPE_AT = 12;
  private static final int ETHERNET_BYTES = 14;
  private static final int TAG_BYTES = 4;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86DD;
  private static final int IPV4_BYTES_MIN = 20;
  private static final int IPV6_BYTES = 40;
  private static final int TCP_BYTES_MIN = 20;
  private static final int UDP_BYTES = 8;
  private static final int SCTP_BYTES = 12;
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION = 60;

  /** The 802.1Q tag's 16 bits; -1 where there is none. */
  int tag;

  /** Of the addresses, the tag and the type. */
  int l2Bytes;

  boolean ipv4;
  boolean ipv6;

  /** Options or extension headers are there. */
  boolean extended;

  /** The addresses in the header are not those in the pseudo-header, or there is no whole L4. */
  boolean partOfL4;

  /** Where IP begins, from the frame's beginning. */
  int l3;

  /** Where TCP, UDP or SCTP begins. */
  int l4;

  /** TCP, UDP or SCTP when its header is whole; otherwise 0. */
  int protocol;

  /** Of the header of {@link #protocol}. */
  int l4HeaderBytes;

  /** Where the IP packet ends: before padding. */
  int l3End;

  /** Looks at a frame of at least 14 bytes. */
  void parse(MemorySegment frame, long at, int bytes) {
    ipv4 = false;
    ipv6 = false;
    extended = false;
    partOfL4 = false;
    protocol = 0;
    l4HeaderBytes = 0;
    tag = -1;
    l2Bytes = ETHERNET_BYTES;
    int type = BigEndian.u16(frame, at + TYPE_AT);
    if (type == ETHERTYPE_VLAN && bytes >= ETHERNET_BYTES + TAG_BYTES) {
      tag = BigEndian.u16(frame, at + TYPE_AT + 2);
      type = BigEndian.u16(frame, at + TYPE_AT + TAG_BYTES);
      l2Bytes += TAG_BYTES;
    }
    l3 = l2Bytes;
    l4 = bytes;
    l3End = bytes;
    if (type == ETHERTYPE_IPV4) {
      ipv4(frame, at, bytes);
    } else if (type == ETHERTYPE_IPV6) {
      ipv6(frame, at, bytes);
    }
  }

  private void ipv4(MemorySegment frame, long at, int bytes) {
    if (bytes < l3 + IPV4_BYTES_MIN) {
      return;
    }
    int first = LittleEndian.u8(frame, at + l3);
    int headerBytes = (first & 0xF) * 4;
    int totalBytes = BigEndian.u16(frame, at + l3 + 2);
    if (first >>> 4 != 4 || headerBytes < IPV4_BYTES_MIN || bytes < l3 + headerBytes) {
      return;
    }
    ipv4 = true;
    extended = headerBytes > IPV4_BYTES_MIN;
    l4 = l3 + headerBytes;
    boolean whole = totalBytes >= headerBytes && l3 + totalBytes <= bytes;
    l3End = whole ? l3 + totalBytes : bytes;
    // More fragments, or not the first one.
    partOfL4 = !whole || (BigEndian.u16(frame, at + l3 + 6) & 0x3FFF) != 0;
    if (!partOfL4) {
      l4(frame, at, LittleEndian.u8(frame, at + l3 + 9));
    }
  }

  private void ipv6(MemorySegment frame, long at, int bytes) {
    if (bytes < l3 + IPV6_BYTES || LittleEndian.u8(frame, at + l3) >>> 4 != 6) {
      return;
    }
    ipv6 = true;
    l4 = l3 + IPV6_BYTES;
    int end = l4 + BigEndian.u16(frame, at + l3 + 4);
    partOfL4 = end > bytes;
    l3End = Math.min(end, bytes);
    int next = LittleEndian.u8(frame, at + l3 + 6);
    for (int i = 0; i < NicLimits.EXTENSION_HEADERS && isExtension(next); i++) {
      extended = true;
      if (next == FRAGMENT || l4 + 8 > l3End) {
        partOfL4 = true;
        return;
      }
      // Segments left: the address that the pseudo-header has is in here.
      partOfL4 |= next == ROUTING && LittleEndian.u8(frame, at + l4 + 3) != 0;
      next = LittleEndian.u8(frame, at + l4);
      l4 += 8 * (1 + LittleEndian.u8(frame, at + l4 + 1));
      if (l4 > l3End) {
        l4 = l3End;
        partOfL4 = true;
        return;
      }
    }
    if (!partOfL4) {
      l4(frame, at, next);
    }
  }

  private static boolean isExtension(int next) {
    return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION;
  }

  private void l4(MemorySegment frame, long at, int next) {
    int room = l3End - l4;
    int headerBytes =
        switch (next) {
          case TCP -> room < TCP_BYTES_MIN ? 0 : (LittleEndian.u8(frame, at + l4 + 12) >>> 4) * 4;
          case UDP -> UDP_BYTES;
          case SCTP -> SCTP_BYTES;
          default -> 0;
        };
    boolean tooShort = next == TCP && headerBytes < TCP_BYTES_MIN;
    if (headerBytes > 0 && !tooShort && headerBytes <= room) {
      protocol = next;
      l4HeaderBytes = headerBytes;
    }
  }

  /** Bytes of the headers that PSRTYPE wants to be split off (7.1.10), 0 for none. */
  int splitBytes(int psrtype) {
    if (protocol == TCP && (psrtype & VfRegister.PSRTYPE_TCPHDR) != 0
        || protocol == UDP && (psrtype & VfRegister.PSRTYPE_UDPHDR) != 0) {
      return l4 + l4HeaderBytes;
    }
    if (ipv4 && (psrtype & VfRegister.PSRTYPE_IPV4HDR) != 0
        || ipv6 && (psrtype & VfRegister.PSRTYPE_IPV6HDR) != 0) {
      return l4;
    }
    return (psrtype & VfRegister.PSRTYPE_L2HDR) != 0 ? l2Bytes : 0;
  }
}
