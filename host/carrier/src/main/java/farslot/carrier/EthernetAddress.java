package farslot.carrier;

import farslot.linux.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An Ethernet segment, and whom to reach there: {@code eth:IFACE}, {@code eth:IFACE/NODE-NAME} or
 * {@code eth:IFACE/aa:bb:cc:dd:ee:ff}, with {@code ?vlan=100&pcp=5&port=1}.
 *
 * @param interfaceName as {@code ip link} shows it
 * @param peer whom to dial; {@link Anyone} to listen
 * @param vlan VLAN that both ends are in, 1 to 4094; 0 for none
 * @param pcp priority code point of what is sent, 0 to 7
 * @param port where the appliance listens, 1 to 65535
 */
public record EthernetAddress(String interfaceName, Peer peer, int vlan, int pcp, int port)
    implements RailAddress {
  /** What such addresses begin with. */
  public static final String SCHEME = "eth:";

  /** Where appliances listen unless told otherwise (docs/spec/pcieoe.md, section 10). */
  public static final int PORT = 1;

  public static final int VLAN_MAX = 4094;
  public static final int PCP_MAX = 7;
  static final int PORT_MAX = 65535;

  /** IFNAMSIZ without the closing zero. */
  private static final int INTERFACE_BYTES_MAX = 15;

  /** Whom to dial on a segment. */
  public sealed interface Peer {}

  /** The only appliance there. */
  public record Anyone() implements Peer {}

  /** The appliance of this node name. */
  public record Node(String name) implements Peer {}

  /** The appliance with this address. */
  public record Station(MacAddress mac) implements Peer {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public static EthernetAddress parse(String text) {
    String path = AddressParameters.before(text);
    if (!path.startsWith(SCHEME)) {
      throw wrong(text);
    }
    int slash = path.indexOf('/');
    String name = path.substring(SCHEME.length(), slash < 0 ? path.length() : slash);
    if (!interfaceNameValid(name) || slash == path.length() - 1) {
      throw wrong(text);
    }
    AddressParameters parameters = new AddressParameters(text, List.of("vlan", "pcp", "port"));
    return new EthernetAddress(
        name,
        slash < 0 ? new Anyone() : peer(text, path.substring(slash + 1)),
        parameters.number("vlan", 1, VLAN_MAX, 0),
        parameters.number("pcp", 0, PCP_MAX, 0),
        parameters.number("port", 1, PORT_MAX, PORT));
  }

  private static Peer peer(String text, String name) {
    if (!MacAddress.isOne(name)) {
      return new Node(name);
    }
    MacAddress mac = MacAddress.parse(name);
    if (mac.isGroup()) {
      throw new IllegalArgumentException("'" + text + "': " + mac + " is the address of a group");
    }
    return new Station(mac);
  }

  private static boolean interfaceNameValid(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= 1
        && bytes <= INTERFACE_BYTES_MAX
        && name.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no address: write eth:INTERFACE, eth:INTERFACE/NODE-NAME or"
            + " eth:INTERFACE/aa:bb:cc:dd:ee:ff; an interface's name has at most "
            + INTERFACE_BYTES_MAX
            + " bytes");
  }

  @Override
  public boolean isLoopback() {
    return false;
  }

  /** The segment alone, for listening and for looking who is there. */
  public EthernetAddress segment() {
    return new EthernetAddress(interfaceName, new Anyone(), vlan, pcp, port);
  }

  @Override
  public String toString() {
    String whom =
        switch (peer) {
          case Anyone _ -> "";
          case Node node -> "/" + node.name();
          case Station station -> "/" + station.mac();
        };
    List<String> parameters = new ArrayList<>();
    if (vlan != 0) {
      parameters.add("vlan=" + vlan);
    }
    if (pcp != 0) {
      parameters.add("pcp=" + pcp);
    }
    if (port != PORT) {
      parameters.add("port=" + port);
    }
    String tail = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    return SCHEME + interfaceName + whom + tail;
  }
}
