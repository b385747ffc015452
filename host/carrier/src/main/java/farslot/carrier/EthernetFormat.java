package farslot.carrier;

import farslot.carrier.seal.SealFormat;
import farslot.link.FrameFormat;
import farslot.linux.MacAddress;

/**
 * Frames in Ethernet packets (docs/spec/pcieoe.md, section 10). All fields big-endian, offsets and
 * sizes in bytes.
 */
final class EthernetFormat {
  // Section 10.1: packets. Offsets without a VLAN tag, which Linux takes out of what comes in.
  static final int ETHER_TYPE = 0x88B5;
  static final int DESTINATION_AT = 0;
  static final int SOURCE_AT = 6;
  static final int TYPE_AT = 12;
  static final int DESTINATION_PORT_AT = 14;
  static final int SOURCE_PORT_AT = 16;
  static final int FRAME_AT = 18;

  /** Ports, which an interface's MTU has to hold besides the frame. */
  static final int RAIL_HEADER_BYTES = 4;

  /** 802.1Q: TPID, then PCP (3 bits), DEI, VLAN (12 bits). */
  static final int VLAN_TYPE = 0x8100;

  static final int VLAN_TAG_BYTES = 4;
  static final int PCP_SHIFT = 13;

  /** Ports that are drawn at random, from here on. */
  static final int DRAWN_PORT_LEAST = 1024;

  static final int PORT_MAX = 65535;

  /** All appliances of a segment. */
  static final MacAddress APPLIANCES = new MacAddress(0x03_50_43_49_65_6FL);

  /** What a way has to carry, bytes of packet behind the Ethernet header. */
  static final int MTU_LEAST = 1500;

  /** Longest frame that such packets carry. */
  static final int FRAME_BYTES_LEAST = MTU_LEAST - RAIL_HEADER_BYTES;

  private EthernetFormat() {}

  /** Longest frame that fits into packets of an MTU. */
  static int frameBytesMax(int mtuBytes) {
    return Math.min(FrameFormat.FRAME_BYTES_MAX, mtuBytes - RAIL_HEADER_BYTES & ~3);
  }

  /** The same where frames are sealed or not. */
  static int frameBytesMax(int mtuBytes, boolean sealed) {
    return frameBytesMax(mtuBytes - (sealed ? SealFormat.SEAL_BYTES : 0));
  }

  /** Bytes of packet behind the Ethernet header that a frame takes. */
  static int mtuBytes(int frameBytes) {
    return frameBytes + RAIL_HEADER_BYTES;
  }
}
