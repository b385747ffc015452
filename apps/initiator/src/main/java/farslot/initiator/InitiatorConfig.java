package farslot.initiator;

import farslot.carrier.RailAddress;
import farslot.config.ConfigException;
import farslot.config.ConfigFile;
import farslot.config.Names;
import farslot.config.QosConfig;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.link.FrameFormat;
import farslot.link.Qos;
import farslot.vfiouser.VfioUserOptions.Msix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an initiator is told: who it is, which appliance to ask, and for which functions.
 *
 * <pre>
 * name: server-a
 * appliance: 127.0.0.1:7580 # or a list: several rails to the same appliance
 * appliance-name: rack1     # optional: who must answer there, by its certificate
 * run-dir: /run/farslot
 * functions: [disk0, {name: disk1, msix: false, guides: off}, {name: soft0, card: nettlp}]
 * pki: /etc/farslot/pki     # optional: this server's key and certificate, from `farslot join`
 * guides: on                # optional: send along what a card is about to read
 * access-deadline: 3s       # optional: longest that a guest waits for a register
 * hold-time: 30s            # optional: how long a session waits for its connection to come back
 * frame-bytes: 16640        # optional: largest frame; smaller for rails with a small MTU
 * spin-us: 100              # optional: how long to look for work before sleeping
 * </pre>
 *
 * @param name by which the appliance knows this server; assignments go by it
 * @param appliance ways to the appliance, at most {@link FrameFormat#RAILS_MAX}; none when all
 *     functions are housed here
 * @param applianceName who must be at the end of these ways; "" for any appliance
 * @param runDir where the sockets are; made if it is not there
 * @param accessDeadlineNs longest that a guest waits for a register, nanoseconds
 * @param holdNs how long a session outlives its connection, nanoseconds
 * @param frameBytesMax largest frame of a session, bytes
 * @param spinUs how long the data thread looks for work before it sleeps, microseconds
 * @param guides whether guides send along what cards are about to read, unless a function says
 *     otherwise
 * @param functions those asked for from the start; at least one, unless there is a manager
 * @param pki where this server's key and certificate are: with them, only rails that are protected
 *     and lead to who has proved to be an appliance are used
 * @param management if there is a manager, who has others asked for
 */
public record InitiatorConfig(
    String name,
    List<RailAddress> appliance,
    String applianceName,
    Path runDir,
    long accessDeadlineNs,
    long holdNs,
    int frameBytesMax,
    int spinUs,
    boolean guides,
    List<Function> functions,
    Optional<Path> pki,
    Optional<Management> management) {
  /** Well below the 5 s after which QEMU gives a device up. */
  public static final long ACCESS_DEADLINE_NS = 3_000_000_000L;

  /** QEMU's own limit less the time that a reply may need. */
  public static final long ACCESS_DEADLINE_NS_MAX = 4_500_000_000L;

  public static final long HOLD_NS = 30_000_000_000L;
  public static final long HOLD_NS_MAX = 3_600_000_000_000L;
  public static final int FUNCTIONS_MAX = 1024;
  public static final int SPIN_US = 100;
  public static final int SPIN_US_MAX = 1_000_000;

  /** Longest path of a unix socket that Linux takes: sun_path without its final zero, bytes. */
  static final int SOCKET_PATH_BYTES_MAX = 107;

  /**
   * One function.
   *
   * @param name as the appliance exports it
   * @param msix what the client sees of MSI-X
   * @param guided whether a guide sends along what the card is about to read, if there is one
   * @param card what the initiator houses itself under this name, without asking an appliance
   * @param qos what is sent to the function at most, and before that of others
   */
  public record Function(
      String name, Msix msix, boolean guided, Optional<CardConfig> card, Qos qos) {}

  /** Reads a file. */
  public static InitiatorConfig of(Path file) {
    return ConfigFile.read(file, "functions", InitiatorConfig::read);
  }

  /** Takes values that came from a command line. */
  public static InitiatorConfig of(String where, Map<String, ?> values) {
    return ConfigFile.read(
        where, ConfigFile.namesAsMaps(values, "functions"), InitiatorConfig::read);
  }

  private static InitiatorConfig read(CardConfig root) throws CardConfigException {
    String name = ConfigFile.name(root, "name");
    Path runDir = Path.of(root.string("run-dir"));
    long deadlineNs =
        ConfigFile.duration(root, "access-deadline", ACCESS_DEADLINE_NS, ACCESS_DEADLINE_NS_MAX);
    long holdNs = ConfigFile.duration(root, "hold-time", HOLD_NS, HOLD_NS_MAX);
    int spinUs = (int) root.number("spin-us", SPIN_US, 0, SPIN_US_MAX);
    boolean guides = root.bool("guides", true);
    Optional<Path> pki =
        root.has("pki") ? Optional.of(Path.of(root.string("pki"))) : Optional.empty();
    Optional<Management> management = Management.read(root, name);
    List<Function> functions = functions(root, runDir, guides, management.isPresent());
    boolean asks = functions.stream().anyMatch(function -> function.card().isEmpty());
    List<RailAddress> appliance = asks || root.has("appliance") ? appliance(root) : List.of();
    return new InitiatorConfig(
        name,
        appliance,
        root.has("appliance-name") ? ConfigFile.name(root, "appliance-name") : "",
        runDir,
        deadlineNs,
        holdNs,
        frameBytes(root),
        spinUs,
        guides,
        functions,
        pki,
        management);
  }

  private static List<RailAddress> appliance(CardConfig root) throws CardConfigException {
    if (!root.has("appliance")) {
      root.string("appliance"); // Says that it is missing.
    }
    return ConfigFile.each(root, "appliance", FrameFormat.RAILS_MAX, RailAddress::parse);
  }

  private static int frameBytes(CardConfig root) throws CardConfigException {
    int least = FrameFormat.FRAME_BYTES_LEAST;
    int most = FrameFormat.FRAME_BYTES_MAX;
    return (int) root.number("frame-bytes", FrameFormat.FRAME_BYTES_USUAL, least, most) & ~3;
  }

  private static List<Function> functions(
      CardConfig root, Path runDir, boolean guides, boolean managed) throws CardConfigException {
    List<Function> functions = new ArrayList<>();
    Names names = new Names();
    for (CardConfig each : root.list("functions")) {
      String name = names.unique(each.where(), ConfigFile.name(each, "name"));
      Path socket = runDir.resolve(name + ".sock");
      if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
        throw new ConfigException(
            root.where() + ": 'run-dir' is too long: " + socket + " cannot be a unix socket");
      }
      Msix msix = Management.msix(each, "on");
      boolean guided = each.bool("guides", guides);
      if (each.has("card")) {
        functions.add(new Function(name, msix, guided, Optional.of(each), Qos.NONE));
      } else {
        Qos qos = QosConfig.read(each);
        each.finish();
        functions.add(new Function(name, msix, guided, Optional.empty(), qos));
      }
    }
    if (functions.isEmpty() && !managed || functions.size() > FUNCTIONS_MAX) {
      throw new ConfigException(
          root.where() + ": 'functions' should be a list of 1 to " + FUNCTIONS_MAX + " names");
    }
    return List.copyOf(functions);
  }
}
