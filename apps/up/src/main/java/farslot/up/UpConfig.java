package farslot.up;

import farslot.api.client.ManagerAddress;
import farslot.appliance.ApplianceConfig;
import farslot.config.ConfigException;
import farslot.config.ConfigFile;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.initiator.InitiatorConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code farslot up} is told: an appliance's configuration, and what its manager is to be.
 *
 * <pre>
 * name: rack1                  # optional: as this machine is called
 * state-dir: /var/lib/farslot  # optional: there for root, for others ~/.local/state/farslot
 * listen: 127.0.0.1:7580       # and all else that appliance.yaml has
 * slots: [...]
 * server:                      # optional: this machine has guests of its own
 *   guests: [{name: vm1, qmp: /run/vm1.qmp}]   # and all else that initiator.yaml has
 *                              # credentials: those of its own authority, where others reach it
 * manager:                     # optional
 *   listen: 10.0.0.5:7590      # optional: for other machines, over HTTPS
 *   fabric: lab                # optional: what its certificates are for; as the name is
 * </pre>
 *
 * @param appliance under the manager in its own process
 * @param server this machine's own initiator; empty for none
 * @param listen where the manager does, over HTTPS; empty for its control socket alone
 * @param fabric what the manager's authority is for
 */
public record UpConfig(
    ApplianceConfig appliance,
    Optional<InitiatorConfig> server,
    Optional<InetSocketAddress> listen,
    String fabric) {
  private static final String STATE_DIR = "state-dir";
  private static final String RUN_DIR = "run-dir";
  private static final String NAME = "name";
  private static final String SERVER = "server";
  private static final String PKI = "pki";
  private static final String INSECURE = "insecure";
  private static final String MANAGER = "manager";

  /** What the section {@code manager:} says. */
  private record ManagerPart(Optional<InetSocketAddress> listen, Optional<String> fabric) {}

  /**
   * Reads a file.
   *
   * @param stateDir instead of what the file says; null for that
   */
  public static UpConfig of(Path file, Path stateDir) {
    return of(file.toString(), ConfigFile.values(file), stateDir);
  }

  /** Takes values that came from a command line. */
  public static UpConfig of(String where, Map<String, ?> values, Path stateDir) {
    Map<String, Object> ours = new LinkedHashMap<>(values);
    ManagerPart manager = manager(where, ours.remove(MANAGER));
    boolean serves = ours.containsKey(SERVER);
    Object server = ours.remove(SERVER);
    if (stateDir != null) {
      ours.put(STATE_DIR, stateDir.toString());
    }
    ours.putIfAbsent(STATE_DIR, Defaults.stateDir().toString());
    ours.putIfAbsent(NAME, Defaults.name());
    boolean said = ours.containsKey(PKI);
    Path pki = Path.of(String.valueOf(ours.get(STATE_DIR))).resolve(PKI);
    ours.putIfAbsent(PKI, pki.resolve("appliance").toString());
    ApplianceConfig appliance =
        ApplianceConfig.of(where, ours).managedBy(ApplianceConfig.MANAGER_HERE);
    // On one machine alone there is nobody who could have joined, and so nobody could attach.
    boolean alone = appliance.isLocal() && manager.listen.isEmpty();
    if (!said && (alone || Boolean.TRUE.equals(ours.get(INSECURE)))) {
      appliance = appliance.inClear();
    }
    return new UpConfig(
        appliance,
        serves ? Optional.of(server(where, server, appliance)) : Optional.empty(),
        manager.listen,
        manager.fabric.orElse(appliance.name()));
  }

  private static InitiatorConfig server(String where, Object section, ApplianceConfig appliance) {
    String place = where + ": " + SERVER;
    if (section != null && !(section instanceof Map<?, ?>)) {
      throw new ConfigException(
          place + ": should be 'key: value' entries of its own, such as 'guests', or nothing");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    if (section instanceof Map<?, ?> map) {
      map.forEach((key, value) -> values.put(String.valueOf(key), value));
    }
    for (String ours : List.of(MANAGER, STATE_DIR, "appliance")) {
      if (values.containsKey(ours)) {
        throw new ConfigException(place + ": '" + ours + "' is given by what is around it");
      }
    }
    Path stateDir = appliance.stateDir();
    values.put(MANAGER, ApplianceConfig.MANAGER_HERE);
    values.put(STATE_DIR, stateDir.resolve("initiator").toString());
    values.putIfAbsent(NAME, appliance.name());
    if (appliance.pki().isPresent()) {
      values.putIfAbsent(PKI, stateDir.resolve(PKI).resolve("initiator").toString());
    }
    values.putIfAbsent(RUN_DIR, Defaults.runDir(stateDir).toString());
    return InitiatorConfig.of(place, values);
  }

  private static ManagerPart manager(String where, Object section) {
    if (section == null) {
      return new ManagerPart(Optional.empty(), Optional.empty());
    }
    if (!(section instanceof Map<?, ?> map)) {
      throw new ConfigException(
          where
              + ": 'manager: "
              + section
              + "': with 'farslot up' it is in the same process, and this has what it is to be, such"
              + " as 'listen'. For an appliance of another manager use 'farslot appliance'");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(String.valueOf(key), value));
    return ConfigFile.read(where + ": " + MANAGER, values, UpConfig::readManager);
  }

  private static ManagerPart readManager(CardConfig section) throws CardConfigException {
    Optional<String> fabric =
        section.has("fabric") ? Optional.of(ConfigFile.name(section, "fabric")) : Optional.empty();
    return new ManagerPart(listen(section), fabric);
  }

  private static Optional<InetSocketAddress> listen(CardConfig section) throws CardConfigException {
    if (!section.has("listen")) {
      return Optional.empty();
    }
    try {
      ManagerAddress address = ManagerAddress.of(section.string("listen"));
      InetSocketAddress at = new InetSocketAddress(address.host(), address.port());
      if (at.isUnresolved()) {
        throw section.wrong("listen", "an address of this machine");
      }
      return Optional.of(at);
    } catch (IllegalArgumentException e) {
      throw section.wrong("listen", "HOST, HOST:PORT or [ADDRESS]:PORT");
    }
  }

  /** By which this machine's appliance and server are known. */
  public String name() {
    return appliance.name();
  }

  public Path stateDir() {
    return appliance.stateDir();
  }
}
