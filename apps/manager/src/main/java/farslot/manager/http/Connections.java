package farslot.manager.http;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Who is connected. Everybody is a stranger until he has shown a certificate that counts. Of
 * strangers there are few, and fewer of one address: whoever has been one for longest makes room
 * for the next, so that a flood of them keeps out nobody who says who he is at once, wherever he
 * comes from. Of members each has so many, from wherever: a hundred servers may be behind one
 * address. All methods from any thread.
 */
final class Connections {
  /** One connection, from when it is accepted. */
  final class Connection implements AutoCloseable {
    private final Socket socket;
    private final String network;
    private String member = "";
    private boolean gone;
    private volatile long deadlineNs;

    private Connection(Socket socket) {
      this.socket = socket;
      network = network(socket.getInetAddress());
      within(HttpLimits.REQUEST_SECONDS_MAX);
    }

    Socket socket() {
      return socket;
    }

    /** It is cut off unless this is called again within a time. */
    void within(long seconds) {
      deadlineNs = clockNs.getAsLong() + seconds * NS_PER_SECOND;
    }

    /** It is not cut off while an answer is made. */
    void patiently() {
      within(HttpLimits.ANSWER_SECONDS_MAX);
    }

    /**
     * It is a member's from now on, and does not count as a stranger's any more.
     *
     * @return whether the member may have one more
     */
    boolean isOf(String who) {
      return claim(this, who);
    }

    /** Cuts it off, whoever waits for it. */
    private void cut() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone then.
      }
    }

    @Override
    public void close() {
      remove(this);
      cut();
    }
  }

  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int NETWORK_BYTES = 8;

  private final LongSupplier clockNs;
  private final Set<Connection> all = new LinkedHashSet<>();
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

  /**
   * Takes one that was accepted.
   *
   * @return empty if members have them all; the socket stays the caller's then
   */
  Optional<Connection> admit(Socket socket) {
    Connection connection = new Connection(socket);
    Optional<Connection> last = Optional.empty();
    synchronized (this) {
      if (ofNetworks.getOrDefault(connection.network, 0) >= HttpLimits.STRANGERS_OF_ADDRESS_MAX) {
        last = Optional.of(oldestOf(connection.network));
      } else if (strangers.size() >= HttpLimits.STRANGERS_MAX) {
        last = Optional.of(oldestOf(busiest()));
      } else if (all.size() >= HttpLimits.CONNECTIONS_MAX) {
        return Optional.empty();
      }
      last.ifPresent(this::forget);
      all.add(connection);
      strangers.add(connection);
      ofNetworks.merge(connection.network, 1, Integer::sum);
    }
    last.ifPresent(Connection::cut);
    return Optional.of(connection);
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
      all.remove(connection);
      uncount(connection);
    }
  }

  private synchronized void remove(Connection connection) {
    forget(connection);
  }

  /** Cuts off who has taken too long. To be called now and then. */
  void cutOffLate() {
    long nowNs = clockNs.getAsLong();
    List<Connection> late = new ArrayList<>();
    synchronized (this) {
      for (Connection each : all) {
        if (nowNs - each.deadlineNs > 0) {
          late.add(each);
        }
      }
    }
    late.forEach(Connection::close);
  }

  /** Cuts off everybody. */
  void cutOffAll() {
    List<Connection> everybody;
    synchronized (this) {
      everybody = List.copyOf(all);
    }
    everybody.forEach(Connection::close);
  }

  synchronized int size() {
    return all.size();
  }
}
