package farslot.manager.http;

import java.io.EOFException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Who is connected. Everybody is a stranger until he has shown a certificate that counts. Of
 * strangers there are few, and fewer of one address: whoever has been one for longest makes room
 * for the next, so that a flood of them keeps out nobody who says who he is at once, wherever he
 * comes from. Of members each has so many, from wherever: a hundred servers may be behind one
 * address. All methods from any thread.
 */
final class Connections implements org.eclipse.jetty.io.Connection.Listener {
  /** One connection, from when it is accepted. */
  final class Connection {
    private final EndPoint endPoint;
    private final InetAddress address;
    private final String network;
    private String member = "";
    private boolean gone;
    private volatile long deadlineNs;

    private Connection(EndPoint endPoint) {
      this.endPoint = endPoint;
      address = ((InetSocketAddress) endPoint.getRemoteSocketAddress()).getAddress();
      network = network(address);
      within(HttpLimits.REQUEST_SECONDS_MAX);
    }

    /** Of the other end. */
    String address() {
      return address.getHostAddress();
    }

    /** It is cut off unless this is called again within a time. */
    void within(long seconds) {
      deadlineNs = clockNs.getAsLong() + seconds * NS_PER_SECOND;
    }

    /**
     * It is a member's from now on, and does not count as a stranger's any more.
     *
     * @return whether the member may have one more
     */
    boolean isOf(String who) {
      return claim(this, who);
    }
  }

  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int NETWORK_BYTES = 8;

  private final LongSupplier clockNs;
  private final Map<EndPoint, Connection> all = new LinkedHashMap<>();
  private final Set<Connection> strangers = new LinkedHashSet<>();
  private final Map<String, Integer> ofNetworks = new HashMap<>();
  private final Map<String, Integer> ofMembers = new HashMap<>();

  Connections(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** An address; of IPv6 the network, because one machine has as many addresses as it likes. */
  private static String network(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    StringBuilder network = new StringBuilder();
    byte[] bytes = address.getAddress();
    for (int i = 0; i < NETWORK_BYTES; i++) {
      network.append("%02x".formatted(bytes[i]));
    }
    return network.toString();
  }

  @Override
  public void onOpened(org.eclipse.jetty.io.Connection opened) {
    if (opened instanceof SslConnection tls && !admit(tls.getEndPoint())) {
      tls.getEndPoint().close();
    }
  }

  @Override
  public void onClosed(org.eclipse.jetty.io.Connection closed) {
    if (closed instanceof SslConnection tls) {
      remove(tls.getEndPoint());
    }
  }

  /** Takes one that was accepted, unless members have them all. */
  private boolean admit(EndPoint endPoint) {
    Connection connection = new Connection(endPoint);
    Optional<Connection> last = Optional.empty();
    synchronized (this) {
      if (ofNetworks.getOrDefault(connection.network, 0) >= HttpLimits.STRANGERS_OF_ADDRESS_MAX) {
        last = Optional.of(oldestOf(connection.network));
      } else if (strangers.size() >= HttpLimits.STRANGERS_MAX) {
        last = Optional.of(oldestOf(busiest()));
      } else if (all.size() >= HttpLimits.CONNECTIONS_MAX) {
        return false;
      }
      last.ifPresent(this::forget);
      all.put(endPoint, connection);
      strangers.add(connection);
      ofNetworks.merge(connection.network, 1, Integer::sum);
    }
    last.ifPresent(each -> each.endPoint.close());
    return true;
  }

  /**
   * The one that is spoken on.
   *
   * @param endPoint of TLS, or what is below
   * @throws EOFException if it was cut off meanwhile
   */
  Connection of(EndPoint endPoint) throws EOFException {
    EndPoint wire = endPoint instanceof EndPoint.Wrapper above ? above.unwrap() : endPoint;
    Connection connection;
    synchronized (this) {
      connection = all.get(wire);
    }
    if (connection == null) {
      throw new EOFException("it was cut off");
    }
    return connection;
  }

  private String busiest() {
    return ofNetworks.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** Who has come first has had time enough to say who he is. */
  private Connection oldestOf(String network) {
    return strangers.stream()
        .filter(each -> each.network.equals(network))
        .findFirst()
        .orElseThrow();
  }

  private synchronized boolean claim(Connection connection, String who) {
    if (connection.member.equals(who)) {
      return true;
    }
    if (connection.gone || ofMembers.getOrDefault(who, 0) >= HttpLimits.CONNECTIONS_OF_MEMBER_MAX) {
      return false;
    }
    uncount(connection);
    connection.member = who;
    ofMembers.merge(who, 1, Integer::sum);
    return true;
  }

  private void uncount(Connection connection) {
    if (connection.member.isEmpty()) {
      strangers.remove(connection);
      ofNetworks.computeIfPresent(connection.network, (_, n) -> n == 1 ? null : n - 1);
    } else {
      ofMembers.computeIfPresent(connection.member, (_, n) -> n == 1 ? null : n - 1);
    }
  }

  private void forget(Connection connection) {
    if (!connection.gone) {
      connection.gone = true;
      all.remove(connection.endPoint);
      uncount(connection);
    }
  }

  private synchronized void remove(EndPoint endPoint) {
    Connection connection = all.get(endPoint);
    if (connection != null) {
      forget(connection);
    }
  }

  /** Cuts off who has taken too long. To be called now and then. */
  void cutOffLate() {
    long nowNs = clockNs.getAsLong();
    List<Connection> late = new ArrayList<>();
    synchronized (this) {
      for (Connection each : all.values()) {
        if (nowNs - each.deadlineNs > 0) {
          late.add(each);
        }
      }
    }
    late.forEach(each -> each.endPoint.close());
  }
}
