package farslot.capture;

/**
 * NetTLP's encapsulation (NSDI 2020; libtlp): Ethernet, IPv4, UDP, six bytes, a TLP. All fields
 * big-endian, offsets and sizes in bytes.
 */
final class NetTlpFormat {
  static final int ETHERNET_BYTES = 14;
  static final int ETHERTYPE_AT = 12;
  static final int ETHERTYPE_IPV4 = 0x0800;
  static final int IPV4_BYTES = 20;
  static final int UDP_BYTES = 8;

  /** Behind UDP: sequence u16, time stamp u32. */
  static final int NETTLP_BYTES = 6;

  static final int TLP_AT = ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + NETTLP_BYTES;

  /** Transactions that the device issues, and their completions: plus the tag's low 8 bits. */
  static final int PORT_OF_DEVICE = 0x3000;

  /** Requests of the host to the device, and their completions: plus the tag's low 4 bits. */
  static final int PORT_OF_HOST = 0x4000;

  /** 192.168.10.1, the adapter in the host. */
  static final int HOST_ADDRESS = 0xC0A80A01;

  /** 192.168.10.3, the device in software. */
  static final int DEVICE_ADDRESS = 0xC0A80A03;

  static final long HOST_MAC = 0x001122334455L;

  /** Locally administered. */
  static final long DEVICE_MAC = 0x020000000003L;

  private NetTlpFormat() {}
}
