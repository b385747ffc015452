package farslot.up;

import farslot.config.Whereabouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What holds where nothing is said. */
public final class Defaults {
  private static final String SYSTEM_STATE = "/var/lib/farslot";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final int NAME_CHARS_MAX = 64;
  private static final String NAMELESS = "farslot";

  private Defaults() {}

  /** For root where programs of the system keep their state, for others below their home. */
  public static Path stateDir() {
    return Whereabouts.stateDir();
  }

  /** Where the sockets of functions are. */
  static Path runDir(Path stateDir) {
    return stateDir.equals(Path.of(SYSTEM_STATE))
        ? Path.of("/run/farslot")
        : stateDir.toAbsolutePath().resolve("run");
  }

  /** As this machine is called, without its domain. */
  static String name() {
    try {
      return nameOf(Files.readString(HOST_NAME));
    } catch (IOException e) {
      return NAMELESS;
    }
  }

  /** A name of ours made of a host's. */
  static String nameOf(String host) {
    String name = host.strip().replaceAll("\\..*", "").replaceAll("[^A-Za-z0-9_-]", "-");
    name = name.replaceAll("^[_-]+", "");
    return name.isEmpty() ? NAMELESS : name.substring(0, Math.min(NAME_CHARS_MAX, name.length()));
  }
}
