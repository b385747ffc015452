package farslot.backend;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a person says about a disk in a file.
 *
 * @param where for messages
 * @param sizeBytes 0 for the file's own
 * @param inline answers from the page cache on the data thread
 * @param direct goes past the page cache
 */
record FileConfig(
    String where,
    Path path,
    long sizeBytes,
    boolean readOnly,
    Io io,
    boolean inline,
    boolean direct) {
  /** Who waits for the medium. */
  enum Io {
    /** io_uring where this machine permits it, else threads. */
    AUTO,
    URING,
    POOL
  }

  static FileConfig read(CardConfig config) throws CardConfigException {
    boolean direct = config.bool("direct", false);
    boolean inline = config.bool("inline", !direct);
    if (direct && inline) {
      throw config.wrong("inline", "false with 'direct: true', which has no page cache to look in");
    }
    return new FileConfig(
        config.where(),
        Path.of(config.string("file")).toAbsolutePath(),
        config.size("size", 0),
        config.bool("read-only", false),
        io(config),
        inline,
        direct);
  }

  private static Io io(CardConfig config) throws CardConfigException {
    String word = config.string("io", "auto");
    return Arrays.stream(Io.values())
        .filter(io -> io.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() -> config.wrong("io", "auto, uring or pool"));
  }
}
