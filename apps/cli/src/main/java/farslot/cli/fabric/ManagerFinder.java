package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ManagerAddress;
import farslot.config.Whereabouts;
import farslot.control.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where the manager is: what was said, what the environment says, what {@code farslot join} wrote,
 * or the manager of this machine.
 */
final class ManagerFinder {
  /**
   * The environment variable that says it; a system property {@code farslot.manager} goes before.
   */
  static final String VARIABLE = "FARSLOT_MANAGER";

  /** A manager's place. */
  sealed interface Place {
    /** On this machine, by the control socket of its process. */
    record Socket(Path path) implements Place {}

    /**
     * Anywhere, by HTTPS.
     *
     * @param address its host and port
     * @param credentials the directory with certificate and key
     */
    record Address(ManagerAddress address, Path credentials) implements Place {}
  }

  private final Map<String, String> environment;
  private final Path home;
  private final boolean root;

  ManagerFinder(Map<String, String> environment, Path home, boolean root) {
    this.environment = environment;
    this.home = home;
    this.root = root;
  }

  /** By this process's environment. */
  static ManagerFinder here() {
    return new ManagerFinder(System.getenv(), Whereabouts.home(), Whereabouts.isRoot());
  }

  /**
   * The place that is meant.
   *
   * @param said by the command's option; null if nothing was
   */
  Place find(String said) throws ApiException, IOException {
    if (said != null) {
      return place("--manager", said);
    }
    String variable = System.getProperty("farslot.manager", environment.getOrDefault(VARIABLE, ""));
    if (!variable.isEmpty()) {
      return place(VARIABLE, variable);
    }
    Optional<Place> joined = joined();
    return joined.isPresent() ? joined.get() : onThisMachine();
  }

  private Place place(String who, String said) throws ApiException, IOException {
    Path path = Path.of(said.startsWith("~/") ? home + said.substring(1) : said);
    if (Files.isDirectory(path)) {
      return new Place.Socket(path.resolve(ControlClient.SOCKET));
    }
    if (Files.isRegularFile(path)) {
      return configured(path);
    }
    if (Files.exists(path) || said.contains("/")) {
      return new Place.Socket(path); // What is not there is told when it is asked.
    }
    return address(who, said, credentials());
  }

  private static Place.Address address(String who, String said, Path credentials)
      throws ApiException {
    try {
      return new Place.Address(ManagerAddress.of(said), credentials);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          who + " names no manager",
          "'%s' is no socket, no directory, no configuration file, and no HOST[:PORT]"
              .formatted(said),
          "farslot list --help");
    }
  }

  /** A configuration of whatever has a manager in it, or of a client. */
  private Place configured(Path file) throws ApiException, IOException {
    Map<?, ?> values = yaml(file);
    if (values.get("manager") instanceof String manager) {
      return values.get("pki") instanceof String credentials
          ? address(file.toString(), manager, file.resolveSibling(credentials))
          : place(file.toString(), manager);
    }
    for (String key : List.of("state-dir", "run-dir")) {
      if (values.get(key) instanceof String dir) {
        return new Place.Socket(file.resolveSibling(dir).resolve(ControlClient.SOCKET));
      }
    }
    throw new ApiException(
        ApiError.BAD_REQUEST,
        file + " names no manager",
        "it has none of the keys 'manager', 'state-dir' and 'run-dir'",
        "give a configuration of farslot up, or of a client");
  }

  private static Map<?, ?> yaml(Path file) throws ApiException, IOException {
    try {
      YAMLMapper yaml = new YAMLMapper();
      JsonNode all = yaml.readTree(Files.readString(file));
      return all.isObject() ? yaml.treeToValue(all, Map.class) : Map.of();
    } catch (JacksonException e) {
      throw new ApiException(
          ApiError.BAD_REQUEST, file + " cannot be read", e.getOriginalMessage(), "mend it");
    }
  }

  /** Where a person's settings are. */
  Path configuration() {
    String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
    return (base.isEmpty() ? home.resolve(".config") : Path.of(base)).resolve("farslot");
  }

  /** What {@code farslot join} writes for a person. */
  Path clientFile() {
    return configuration().resolve("client.yaml");
  }

  private Path credentials() {
    return configuration().resolve("pki");
  }

  boolean isRoot() {
    return root;
  }

  private Optional<Place> joined() throws ApiException, IOException {
    Path file = clientFile();
    return Files.isRegularFile(file) ? Optional.of(configured(file)) : Optional.empty();
  }

  private Place onThisMachine() throws ApiException {
    List<Path> looked = new ArrayList<>();
    if (root) {
      looked.add(Path.of("/var/lib/farslot"));
    }
    String base = environment.getOrDefault("XDG_STATE_HOME", "");
    looked.add((base.isEmpty() ? home.resolve(".local/state") : Path.of(base)).resolve("farslot"));
    for (Path each : looked) {
      Path socket = each.resolve(ControlClient.SOCKET);
      if (Files.exists(socket)) {
        return new Place.Socket(socket);
      }
    }
    throw new ApiException(
        ApiError.UNAVAILABLE,
        "there is no manager on this machine",
        "no %s in %s"
            .formatted(
                ControlClient.SOCKET,
                String.join(" or ", looked.stream().map(Path::toString).toList())),
        "farslot up, or name one by --manager or " + VARIABLE);
  }
}
