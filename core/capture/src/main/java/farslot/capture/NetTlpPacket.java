package farslot.capture;

import farslot.pcie.nettlp.NetTlpFormat;

/**
 * What a file has around NetTLP's datagrams: Ethernet, IPv4, UDP. All fields big-endian, offsets
 * and sizes in bytes.
 */
final class NetTlpPacket {
  static final int ETHERNET_BYTES = 14;
  static final int ETHERTYPE_AT = 12;
  static final int ETHERTYPE_IPV4 = 0x0800;
  static final int IPV4_BYTES = 20;
  static final int UDP_BYTES = 8;

  static final int TLP_AT = ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + NetTlpFormat.HEADER_BYTES;

  /** 192.168.10.1, the adapter in the host. */
  static final int HOST_ADDRESS = 0xC0A80A01;

  /** 192.168.10.3, the device in software. */
  static final int DEVICE_ADDRESS = 0xC0A80A03;

  static final long HOST_MAC = 0x001122334455L;

  /** Locally administered. */
  static final long DEVICE_MAC = 0x020000000003L;

  private NetTlpPacket() {}
}
