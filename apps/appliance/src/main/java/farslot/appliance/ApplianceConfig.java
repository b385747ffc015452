package farslot.appliance;

import farslot.carrier.RailAddress;
import farslot.config.ConfigException;
import farslot.config.ConfigFile;
import farslot.config.Names;
import farslot.config.QosConfig;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.link.FrameFormat;
import farslot.link.Qos;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an appliance is told: where to listen, where to remember, and what is in its slots.
 *
 * <pre>
 * listen: 127.0.0.1:7580    # or a list
 * state-dir: /var/lib/farslot
 * hold-time: 30s            # optional: how long a session waits for its connection to come back
 * spin-us: 100              # optional: how long to look for work before sleeping
 * slots:
 *   - name: disk0
 *     card: nvme
 *     qos: {peak: 100MB/s}  # optional: what each of its functions may send, see QosConfig
 *     ...                   # the card's own keys
 * manager: 10.0.0.1:7590    # optional: who says who may have what; without one, whoever asks first
 * pki: /etc/farslot/pki     # certificates for the manager and for initiators; may be left out on loopback
 * insecure: true            # instead of pki: anybody who reaches it may have functions
 * addresses: [10.0.0.5]     # optional: where initiators reach it, for the manager to tell them
 * </pre>
 *
 * @param name the appliance's own, for logs and its peers
 * @param listen where initiators connect, 1 to {@link #LISTENERS_MAX}
 * @param stateDir where epochs are kept; made if it is not there
 * @param holdNs how long a session outlives its connection, nanoseconds
 * @param spinUs how long the data thread looks for work before it sleeps, microseconds
 * @param slots at least one
 * @param manager where the manager is; {@link #MANAGER_HERE} for one in the same process; empty for
 *     none
 * @param pki directory of certificates and keys
 * @param addresses where initiators reach it; empty for where it listens
 */
public record ApplianceConfig(
    String name,
    List<RailAddress> listen,
    Path stateDir,
    long holdNs,
    int spinUs,
    List<Slot> slots,
    Optional<String> manager,
    Optional<Path> pki,
    List<String> addresses) {
  /** The manager is in the appliance's own process. */
  public static final String MANAGER_HERE = "here";

  /** Port for PCIeoE over TCP. */
  public static final int PORT = 7580;

  /** Places to listen at. */
  public static final int LISTENERS_MAX = 64;

  /** Rails of a session at most: more would be of no use. */
  public static final int ADDRESSES_MAX = FrameFormat.RAILS_MAX;

  public static final int SLOTS_MAX = 4096;
  public static final long HOLD_NS = 30_000_000_000L;
  public static final long HOLD_NS_MAX = 3_600_000_000_000L;

  /** Outlasts the other side's cold wake-up, some 60 us. */
  public static final int SPIN_US = 100;

  public static final int SPIN_US_MAX = 1_000_000;

  /**
   * One slot.
   *
   * @param name under which its function is exported; before each function's own, of a card of
   *     several
   * @param card the kind of card, as its provider calls it
   * @param qos what each of its functions may send
   * @param config the card's own part of the configuration
   */
  public record Slot(String name, String card, Qos qos, CardConfig config) {
    private boolean holds(String function) {
      return function.equals(name) || function.startsWith(name + ".");
    }
  }

  /** Reads a file. */
  public static ApplianceConfig of(Path file) {
    return ConfigFile.read(file, ApplianceConfig::read);
  }

  /** Takes values that came from a command line. */
  public static ApplianceConfig of(String where, Map<String, ?> values) {
    return ConfigFile.read(where, values, ApplianceConfig::read);
  }

  /**
   * The same with one slot alone, that of this function, on any free port of loopback: for who
   * needs its card only.
   *
   * @param stateDir another one: this is no appliance that remembers
   * @throws ConfigException when there is no such slot
   */
  public ApplianceConfig alone(String function, Path stateDir) {
    List<Slot> one = slots.stream().filter(each -> each.holds(function)).toList();
    if (one.isEmpty()) {
      List<String> names = slots.stream().map(Slot::name).toList();
      throw new ConfigException("there is no function '" + function + "'; there are " + names);
    }
    List<RailAddress> listen = List.of(RailAddress.parseListen("127.0.0.1:0"));
    return new ApplianceConfig(
        name, listen, stateDir, holdNs, spinUs, one, Optional.empty(), Optional.empty(), List.of());
  }

  /** The same under a manager. */
  public ApplianceConfig managedBy(String where) {
    return new ApplianceConfig(
        name, listen, stateDir, holdNs, spinUs, slots, Optional.of(where), pki, addresses);
  }

  /** The same without credentials: whoever reaches it may ask for functions. */
  public ApplianceConfig inClear() {
    return new ApplianceConfig(
        name, listen, stateDir, holdNs, spinUs, slots, manager, Optional.empty(), addresses);
  }

  /** Whether nobody but this machine reaches it. */
  public boolean isLocal() {
    return listen.stream().allMatch(RailAddress::isLoopback);
  }

  private static ApplianceConfig read(CardConfig root) throws CardConfigException {
    String name = root.has("name") ? ConfigFile.name(root, "name") : "appliance";
    List<RailAddress> listen =
        root.has("listen")
            ? ConfigFile.each(root, "listen", LISTENERS_MAX, RailAddress::parseListen)
            : List.of(RailAddress.parseListen("127.0.0.1:" + PORT));
    Path stateDir = Path.of(root.string("state-dir"));
    long holdNs = ConfigFile.duration(root, "hold-time", HOLD_NS, HOLD_NS_MAX);
    int spinUs = (int) root.number("spin-us", SPIN_US, 0, SPIN_US_MAX);
    List<Slot> slots = new ArrayList<>();
    Names names = new Names();
    for (CardConfig slot : root.list("slots")) {
      String slotName = names.unique(slot.where(), ConfigFile.name(slot, "name"));
      slots.add(new Slot(slotName, slot.string("card"), QosConfig.read(slot), slot));
    }
    if (slots.isEmpty() || slots.size() > SLOTS_MAX) {
      throw new ConfigException(
          root.where() + ": 'slots' should be a list of 1 to " + SLOTS_MAX + " entries");
    }
    Optional<String> manager = Optional.ofNullable(root.string("manager", null));
    Optional<Path> pki = Optional.ofNullable(root.string("pki", null)).map(Path::of);
    boolean insecure = root.bool("insecure", false);
    if (pki.isEmpty() && !insecure) {
      refuseBeyondLoopback(root, listen);
    }
    return new ApplianceConfig(
        name, listen, stateDir, holdNs, spinUs, List.copyOf(slots), manager, pki, addresses(root));
  }

  /** Whoever reaches it there could take any function, in any server's name. */
  private static void refuseBeyondLoopback(CardConfig root, List<RailAddress> listen) {
    for (RailAddress each : listen) {
      if (!each.isLoopback()) {
        throw new ConfigException(
            "%s: 'listen: %s' is reached from other machines, and without credentials anybody there"
                    .formatted(root.where(), each)
                + " may take functions and read what servers write. Give 'pki: DIRECTORY' (made by"
                + " 'farslot join'), or 'insecure: true' where only friends are");
      }
    }
  }

  private static List<String> addresses(CardConfig root) throws CardConfigException {
    return root.has("addresses")
        ? ConfigFile.each(root, "addresses", ADDRESSES_MAX, RailAddress::parse).stream()
            .map(RailAddress::toString)
            .toList()
        : List.of();
  }
}
