package farslot.pcie.nettlp;

import farslot.pcie.TlpLimits;

/**
 * NetTLP's encapsulation (Kuga et al., NSDI 2020) as its library and its adapter have it on the
 * wire (github.com/NetTLP: libtlp 1b34fe7, adapter caf0ed7, driver): IPv4, UDP, six bytes, one TLP.
 * TLPs and the six bytes are big-endian. Offsets and sizes in bytes, from the UDP payload on.
 */
public final class NetTlpFormat {
  /** Sequence u16, time stamp u32. The adapter fills them in, the library sends zeros. */
  public static final int HEADER_BYTES = 6;

  /** A TLP's shortest header: 3 DW. */
  public static final int DATAGRAM_BYTES_MIN = HEADER_BYTES + 12;

  public static final int DATAGRAM_BYTES_MAX = HEADER_BYTES + TlpLimits.TLP_BYTES_MAX;

  /** Transactions that the device begins, and their completions: plus the tag's low 8 bits. */
  public static final int PORT_OF_DEVICE = 0x3000;

  public static final int PORTS_OF_DEVICE = 256;

  /** Requests of the host to the device, and their completions: plus the tag's low 4 bits. */
  public static final int PORT_OF_HOST = 0x4000;

  public static final int PORTS_OF_HOST = 16;

  /** The tag's bits that choose one of {@link #PORTS_OF_HOST}. */
  public static final int PORT_OF_HOST_MASK = PORTS_OF_HOST - 1;

  private NetTlpFormat() {}

  /** The port for a transaction that the device began. */
  public static int portOfDevice(int tag) {
    return PORT_OF_DEVICE + (tag & PORTS_OF_DEVICE - 1);
  }

  /** The port for a transaction that the host began. */
  public static int portOfHost(int tag) {
    return PORT_OF_HOST + (tag & PORT_OF_HOST_MASK);
  }

  /** Whether the device's transactions go this way. */
  public static boolean isOfDevice(int port) {
    return port >= PORT_OF_DEVICE && port < PORT_OF_DEVICE + PORTS_OF_DEVICE;
  }

  /** Whether the host's requests go this way. */
  public static boolean isOfHost(int port) {
    return port >= PORT_OF_HOST && port < PORT_OF_HOST + PORTS_OF_HOST;
  }
}
