package farslot.appliance;

import farslot.carrier.Listener;
import farslot.carrier.TcpListener;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where initiators reach an appliance, as far as it can know that: where it listens over TCP. Which
 * of an initiator's interfaces leads to a raw Ethernet listener only its own side knows, so those
 * are told when the configuration names them.
 */
final class Reachable {
  private Reachable() {}

  /**
   * Addresses as {@code initiator.yaml} takes them.
   *
   * @param configured what the configuration says; it counts alone
   */
  static List<String> addresses(List<String> configured, List<Listener> listeners) {
    if (!configured.isEmpty()) {
      return configured;
    }
    List<String> all = new ArrayList<>();
    for (Listener listener : listeners) {
      if (listener instanceof TcpListener tcp) {
        add(all, tcp.place());
      }
    }
    return all.stream().distinct().limit(ApplianceConfig.ADDRESSES_MAX).toList();
  }

  private static void add(List<String> all, InetSocketAddress place) {
    if (place.getAddress().isAnyLocalAddress()) {
      interfaces().forEach(each -> all.add(text(each, place.getPort())));
    } else {
      all.add(text(place.getAddress(), place.getPort()));
    }
  }

  private static String text(InetAddress address, int port) {
    String host = address.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** IPv4 addresses of interfaces that are up; loopback only where there is no other. */
  private static List<InetAddress> interfaces() {
    List<InetAddress> all = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && !each.isLoopback()) {
          Collections.list(each.getInetAddresses()).stream()
              .filter(Inet4Address.class::isInstance)
              .forEach(all::add);
        }
      }
    } catch (SocketException e) {
      all.clear(); // Whoever reads it sees that it is of no use beyond this machine.
    }
    return all.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : all;
  }
}
