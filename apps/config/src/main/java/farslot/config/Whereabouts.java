package farslot.config;

import java.nio.file.Path;
import java.util.Map;

/** Where whoever runs this program keeps things. */
public final class Whereabouts {
  private static final Path SYSTEM_STATE = Path.of("/var/lib/farslot");

  private Whereabouts() {}

  /**
   * The home directory: what HOME says, as everywhere else on a command line. Java's own answer is
   * the password file's, which for sudo, services and containers is somebody else's.
   */
  public static Path home() {
    return home(System.getenv());
  }

  static Path home(Map<String, String> environment) {
    String said = environment.getOrDefault("HOME", "");
    return Path.of(said.startsWith("/") ? said : System.getProperty("user.home", "."));
  }

  /** Whether this is root, who keeps state where programs of the system do. */
  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** What outlives a restart, unless a configuration says otherwise. */
  public static Path stateDir() {
    return isRoot() ? SYSTEM_STATE : home().resolve(Path.of(".local", "state", "farslot"));
  }
}
