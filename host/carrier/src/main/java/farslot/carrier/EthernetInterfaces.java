package farslot.carrier;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import java.io.IOException;

/** Interfaces and sockets at them, with errors that say what to do. */
final class EthernetInterfaces {
  private EthernetInterfaces() {}

  /** Looks an interface up that may carry frames once it is up. */
  static NetInterface of(EthernetAddress address) throws IOException {
    String name = address.interfaceName();
    NetInterface found;
    try {
      found = NetInterface.of(name);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENODEV) {
        throw new IOException("there is no interface " + name + " here; 'ip link' lists them", e);
      }
      throw e;
    }
    if (!found.ethernet()) {
      throw new IOException(name + " is no Ethernet interface");
    }
    if (found.mtuBytes() < EthernetFormat.MTU_LEAST) {
      throw new IOException(
          "the MTU of %s is %d; frames need %d at least: ip link set %s mtu %d"
              .formatted(
                  name,
                  found.mtuBytes(),
                  EthernetFormat.MTU_LEAST,
                  name,
                  EthernetFormat.MTU_LEAST));
    }
    return found;
  }

  /** Looks an interface up that carries frames now. */
  static NetInterface ready(EthernetAddress address) throws IOException {
    NetInterface found = of(address);
    String name = found.name();
    if (!found.up()) {
      throw new IOException(name + " is down: ip link set " + name + " up");
    }
    return found;
  }

  /** Why nobody answers at an interface, if that can be seen from here; else an empty text. */
  static String deaf(EthernetAddress address) {
    try {
      // Linux says a while late that there is a carrier, so only who got no answer looks at it.
      return of(address).running()
          ? ""
          : address.interfaceName()
              + " has no carrier: is its cable plugged in, and the other end switched on?";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** Opens a socket for packets of ours to a port, in the address's VLAN. */
  static int open(EthernetAddress address, NetInterface at, PacketFilter filter)
      throws IOException {
    boolean vlan = address.vlan() != 0;
    try {
      // Only who takes all EtherTypes sees tags: for others Linux has taken them away, and marked
      // packets of VLANs as not for this station.
      int fd =
          PacketSocket.open(at, vlan ? PacketSocket.ALL : EthernetFormat.ETHER_TYPE, filter.mine());
      if (address.pcp() != 0) {
        priority(fd, address.pcp());
      }
      return fd;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES) {
        throw new IOException(
            "raw Ethernet at " + at.name() + " needs root or CAP_NET_RAW: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** The filter of a port: our EtherType, our port, our VLAN. */
  static PacketFilter filter(EthernetAddress address, int port) {
    PacketFilter filter =
        new PacketFilter()
            .u16(EthernetFormat.TYPE_AT, EthernetFormat.ETHER_TYPE)
            .u16(EthernetFormat.DESTINATION_PORT_AT, port);
    return address.vlan() == 0 ? filter : filter.vlan(address.vlan());
  }

  /** The tag says it on the wire; this tells the interface's queues, and a VLAN device. */
  private static void priority(int fd, int pcp) {
    try {
      PacketSocket.priority(fd, pcp);
    } catch (ErrnoException e) {
      // Above 6 it takes CAP_NET_ADMIN. Frames go out all the same.
    }
  }
}
