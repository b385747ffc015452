package farslot.capture;

import static farslot.capture.NetTlpPacket.*;

import farslot.pcie.TlpLimits;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.pcie.nettlp.NetTlpFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Wraps a TLP as NetTLP has it on the wire, so that dissectors made for it read ours. */
final class NetTlpEncoder {
  private final ByteBuffer packet = ByteBuffer.allocate(TLP_AT + TlpLimits.TLP_BYTES_MAX);
  private final MemorySegment segment = MemorySegment.ofBuffer(packet);
  private int sequence;

  /** Where {@link #encode} leaves the packet, from offset 0. */
  MemorySegment segment() {
    return segment;
  }

  /**
   * Makes the packet.
   *
   * @param toDevice from the server's root port to the function
   * @return its bytes
   */
  int encode(TlpView tlp, boolean toDevice) {
    int bytes = TLP_AT + tlp.tlpBytes();
    packet.clear();
    mac(toDevice ? DEVICE_MAC : HOST_MAC);
    mac(toDevice ? HOST_MAC : DEVICE_MAC);
    packet.putShort((short) ETHERTYPE_IPV4);
    ipv4(bytes - ETHERNET_BYTES, toDevice);
    short port = (short) port(tlp, toDevice);
    packet.putShort(port).putShort(port);
    packet.putShort((short) (bytes - ETHERNET_BYTES - IPV4_BYTES)).putShort((short) 0);
    // The time is the file's; NetTLP's own is its adapter's clock, which is not here.
    packet.putShort((short) sequence++).putInt(0);
    MemorySegment.copy(tlp.segment(), tlp.offset(), segment, TLP_AT, tlp.tlpBytes());
    return bytes;
  }

  /** A transaction keeps the port that its request had. */
  private static int port(TlpView tlp, boolean toDevice) {
    boolean ofHost = toDevice != TlpType.isCompletion(tlp.fmtType());
    return ofHost ? NetTlpFormat.portOfHost(tlp.tag()) : NetTlpFormat.portOfDevice(tlp.tag());
  }

  private void mac(long address) {
    packet.putShort((short) (address >>> 32)).putInt((int) address);
  }

  private void ipv4(int bytes, boolean toDevice) {
    int at = packet.position();
    packet.put((byte) 0x45).put((byte) 0).putShort((short) bytes);
    packet.putShort((short) 0).putShort((short) 0x4000); // May not be fragmented.
    packet.put((byte) 64).put((byte) 17).putShort((short) 0);
    packet.putInt(toDevice ? HOST_ADDRESS : DEVICE_ADDRESS);
    packet.putInt(toDevice ? DEVICE_ADDRESS : HOST_ADDRESS);
    int sum = 0;
    for (int i = 0; i < IPV4_BYTES; i += 2) {
      sum += packet.getShort(at + i) & 0xFFFF;
    }
    sum = (sum & 0xFFFF) + (sum >>> 16);
    sum = (sum & 0xFFFF) + (sum >>> 16);
    packet.putShort(at + 10, (short) ~sum);
  }
}
