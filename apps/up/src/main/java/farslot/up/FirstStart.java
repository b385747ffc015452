package farslot.up;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A configuration for somebody who has none yet: a drive to try things with, in a file that stays.
 * What it writes is used from then on, and may be edited.
 */
public final class FirstStart {
  /** In the state directory. */
  public static final String FILE = "up.yaml";

  private static final String SIZE = "1GiB";

  private FirstStart() {}

  /** Where the configuration is that is used when none is named. */
  public static Path file(Path stateDir) {
    return stateDir.resolve(FILE);
  }

  /**
   * Writes it, unless there is one.
   *
   * @return whether it was written
   */
  public static boolean make(Path stateDir) throws IOException {
    Files.createDirectories(stateDir);
    Path fresh = stateDir.resolve(FILE + ".new");
    if (Files.exists(file(stateDir))) {
      return false;
    }
    Files.writeString(fresh, text(stateDir.toAbsolutePath()), StandardOpenOption.CREATE);
    try {
      Files.move(fresh, file(stateDir));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // Somebody was faster.
    }
  }

  private static String text(Path stateDir) {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    String serial = "FS" + HexFormat.of().withUpperCase().formatHex(random);
    return """
        # Made by the first 'farslot up'. Edit it and start again: what is in the slots is yours to say,
        # 'farslot cards' lists what there is, and README.md what each takes.
        name: %s
        listen: 127.0.0.1:7580      # where initiators connect
        slots:
          - name: disk0
            card: nvme
            serial: %s
            namespaces:
              - file: %s
                size: %s             # sparse: takes what is written
        server:                       # this machine has guests of its own
          guests: []                  # - {name: vm1, qmp: /run/vm1.qmp}
        """
        .formatted(Defaults.name(), serial, quoted(stateDir.resolve("disk0.img")), SIZE);
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
