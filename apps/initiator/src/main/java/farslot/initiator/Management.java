package farslot.initiator;

import farslot.config.ConfigFile;
import farslot.config.Names;
import farslot.config.Whereabouts;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.vfiouser.VfioUserOptions.Msix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an initiator is told that has a manager, beside the rest.
 *
 * <pre>
 * manager: 10.0.0.2:7590        # or the control socket of one on this machine, or a directory with it
 * state-dir: /var/lib/farslot/a # optional: keeps the manager's last orders
 * guests:                       # optional: into which functions are plugged
 *   - {name: vm1, qmp: /run/vm1.qmp, msix: auto}
 * </pre>
 *
 * @param manager where it is
 * @param stateDir what outlives a restart; made if it is not there
 * @param msix what hypervisors that are handed a socket see of MSI-X
 * @param guests those that can be plugged into
 */
public record Management(String manager, Path stateDir, Msix msix, List<Guest> guests) {
  public static final int GUESTS_MAX = 256;

  /**
   * A guest with a control socket.
   *
   * @param qmp its QEMU's, not used by anybody else
   * @param msix what QEMU sees of MSI-X
   */
  public record Guest(String name, Path qmp, Msix msix) {}

  /** Empty when the file names no manager. */
  static Optional<Management> read(CardConfig root, String name) throws CardConfigException {
    if (!root.has("manager")) {
      for (String key : List.of("state-dir", "guests")) {
        if (root.has(key)) {
          throw root.wrong(key, "used together with 'manager:'");
        }
      }
      return Optional.empty();
    }
    String manager = root.string("manager");
    Path stateDir = Path.of(root.string("state-dir", usualStateDir(name).toString()));
    Msix msix = msix(root, "on");
    return Optional.of(new Management(manager, stateDir, msix, guests(root)));
  }

  /** For root where programs of the system keep their state, for others below their home. */
  static Path usualStateDir(String name) {
    return Whereabouts.stateDir().resolve("initiator-" + name);
  }

  private static List<Guest> guests(CardConfig root) throws CardConfigException {
    List<Guest> guests = new ArrayList<>();
    Names names = new Names();
    for (CardConfig each : root.list("guests")) {
      String name = names.unique(each.where(), ConfigFile.name(each, "name"));
      Path qmp = Path.of(each.string("qmp"));
      guests.add(new Guest(name, qmp, msix(each, "auto")));
      each.finish();
    }
    if (guests.size() > GUESTS_MAX) {
      throw root.wrong("guests", "a list of at most " + GUESTS_MAX);
    }
    return List.copyOf(guests);
  }

  /**
   * What is written as {@code msix:}. AUTO is RELAYED: no QEMU is known yet that survives the
   * unplugging of a device of which it knows that it has MSI-X (docs/hot-plug.md).
   */
  static Msix msix(CardConfig config, String otherwise) throws CardConfigException {
    return switch (config.string("msix", otherwise).toLowerCase(Locale.ROOT)) {
      case "on", "true" -> Msix.SHOWN;
      case "off", "false" -> Msix.HIDDEN;
      case "relay", "auto" -> Msix.RELAYED;
      default -> throw config.wrong("msix", "on, off, relay or auto (docs/hot-plug.md)");
    };
  }
}
