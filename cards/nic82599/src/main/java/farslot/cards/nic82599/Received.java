package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.RxDescriptor.*;

import farslot.function.InternetChecksum;
import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * What a receive descriptor says of a frame (7.1.6.2): its type, hash and checksums (7.1.2.8,
 * 7.1.11). Used again for the next frame.
 */
final class Received {
  final Headers headers = new Headers();

  /** PKT_INFO: the type, and how it was hashed. */
  int packetInfo;

  int rss;

  /** Bits of STATUS_ERROR that are the frame's, without DD, EOP and VP. */
  int status;

  /** Looks at a frame. */
  void inspect(MemorySegment frame, long at, int bytes) {
    headers.parse(frame, at, bytes);
    packetInfo = 0;
    rss = 0;
    status = 0;
    if (headers.ipv4 || headers.ipv6) {
      type();
      hash(frame, at);
      checksums(frame, at);
    }
  }

  private void type() {
    int ip = headers.ipv4 ? PKTTYPE_IPV4 : PKTTYPE_IPV6;
    int extended = headers.ipv4 ? PKTTYPE_IPV4E : PKTTYPE_IPV6E;
    int l4 =
        switch (headers.protocol) {
          case Headers.TCP -> PKTTYPE_TCP;
          case Headers.UDP -> PKTTYPE_UDP;
          case Headers.SCTP -> PKTTYPE_SCTP;
          default -> 0;
        };
    packetInfo = ip | (headers.extended ? extended : 0) | l4;
  }

  private void hash(MemorySegment frame, long at) {
    long l3 = at + headers.l3;
    long l4 = at + headers.l4;
    boolean tcp = headers.protocol == Headers.TCP;
    if (headers.ipv4) {
      rss = tcp ? RssHash.ipv4Ports(frame, l3, l4) : RssHash.ipv4(frame, l3);
      packetInfo |= tcp ? RSSTYPE_IPV4_TCP : RSSTYPE_IPV4;
    } else {
      rss = tcp ? RssHash.ipv6Ports(frame, l3, l4) : RssHash.ipv6(frame, l3);
      packetInfo |= tcp ? RSSTYPE_IPV6_TCP : RSSTYPE_IPV6;
    }
  }

  private void checksums(MemorySegment frame, long at) {
    if (headers.ipv4) {
      int header = InternetChecksum.sum(frame, at + headers.l3, headers.l4 - headers.l3);
      status |= STAT_IPCS | (header == InternetChecksum.RIGHT ? 0 : ERR_IPE);
    }
    if (headers.protocol == Headers.TCP) {
      status |= STAT_L4CS | l4Error(frame, at);
    } else if (headers.protocol == Headers.UDP) {
      udp(frame, at);
    }
  }

  private void udp(MemorySegment frame, long at) {
    boolean none = BigEndian.u16(frame, at + headers.l4 + 6) == 0;
    if (none && headers.ipv4) {
      return; // RFC 768: the sender made none
    }
    status |= STAT_L4CS | STAT_UDPCS | l4Error(frame, at);
  }

  private int l4Error(MemorySegment frame, long at) {
    int bytes = headers.l3End - headers.l4;
    int addresses = headers.ipv4 ? 8 : 32;
    int addressesAt = headers.ipv4 ? 12 : 8;
    long sum = InternetChecksum.sum(frame, at + headers.l3 + addressesAt, addresses);
    sum += headers.protocol + bytes + InternetChecksum.sum(frame, at + headers.l4, bytes);
    return InternetChecksum.fold(sum) == InternetChecksum.RIGHT ? 0 : ERR_TCPE;
  }
}
