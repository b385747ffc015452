package farslot.carrier;

import farslot.linux.MacAddress;
import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What stands before each frame of a socket: addresses, VLAN tag if there is one, ports. */
final class EthernetHeader {
  private final MemorySegment segment;
  private final int portsAt;

  EthernetHeader(EthernetAddress segment, MacAddress source, int sourcePort) {
    boolean tagged = segment.vlan() != 0 || segment.pcp() != 0;
    int tagBytes = tagged ? EthernetFormat.VLAN_TAG_BYTES : 0;
    this.segment = Arena.ofAuto().allocate(EthernetFormat.FRAME_AT + tagBytes);
    source.write(this.segment, EthernetFormat.SOURCE_AT);
    if (tagged) {
      int tag = segment.pcp() << EthernetFormat.PCP_SHIFT | segment.vlan();
      BigEndian.u16(this.segment, EthernetFormat.TYPE_AT, EthernetFormat.VLAN_TYPE);
      BigEndian.u16(this.segment, EthernetFormat.TYPE_AT + 2, tag);
    }
    BigEndian.u16(this.segment, EthernetFormat.TYPE_AT + tagBytes, EthernetFormat.ETHER_TYPE);
    portsAt = EthernetFormat.DESTINATION_PORT_AT + tagBytes;
    BigEndian.u16(this.segment, portsAt + 2, sourcePort);
  }

  /** Native memory; changes as {@link #to} says. */
  MemorySegment segment() {
    return segment;
  }

  EthernetHeader to(MacAddress station, int port) {
    station.write(segment, EthernetFormat.DESTINATION_AT);
    return toPort(port);
  }

  EthernetHeader toPort(int port) {
    BigEndian.u16(segment, portsAt, port);
    return this;
  }
}
