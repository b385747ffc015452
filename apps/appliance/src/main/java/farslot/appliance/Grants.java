package farslot.appliance;

import farslot.api.ApiException;
import farslot.api.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The manager's orders as they were kept: on stable media before anybody is told that they count,
 * and what an appliance goes by while its manager is away. One file, replaced as a whole. In the
 * directory that {@link EpochStore} has locked.
 */
final class Grants {
  private static final Logger LOG = System.getLogger("farslot.appliance");
  private static final String FILE = "grants.json";

  /** Jackson reads and writes it; the names stand in the file. */
  record Kept(SortedMap<String, Grant> functions) {}

  private final Path dir;
  private SortedMap<String, Grant> kept;

  /**
   * Reads what was kept. A file that cannot be read is put aside: then nobody may have anything
   * until the manager has said who, and what was given out stays with {@link EpochStore}.
   */
  Grants(Path dir) throws IOException {
    this.dir = dir;
    kept = load();
  }

  private SortedMap<String, Grant> load() throws IOException {
    Path file = dir.resolve(FILE);
    if (!Files.exists(file)) {
      return new TreeMap<>();
    }
    try {
      Kept read = Json.readTolerantly(Json.parse(Files.readString(file)), Kept.class);
      if (read.functions() == null || read.functions().containsValue(null)) {
        throw new IOException("it names no functions");
      }
      return new TreeMap<>(read.functions());
    } catch (ApiException | IOException e) {
      Path aside = dir.resolve(FILE + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.log(
          Level.ERROR,
          "{0} was damaged ({1}) and is {2} now: nobody may have a function here until the manager"
              + " has been reached",
          file,
          e.getMessage(),
          aside);
      return new TreeMap<>();
    }
  }

  /** All that were ever ordered. */
  synchronized Map<String, Grant> all() {
    return Map.copyOf(kept);
  }

  /** Nobody's, if nothing was ordered. */
  synchronized Grant of(String function) {
    return kept.getOrDefault(function, Grant.NONE);
  }

  /**
   * Keeps these instead. On stable media when this returns; on an exception it is as before. One
   * caller at a time.
   */
  void keep(Map<String, Grant> next) throws IOException {
    SortedMap<String, Grant> sorted = new TreeMap<>(next);
    Path fresh = dir.resolve(FILE + ".new");
    Files.writeString(fresh, Json.pretty(Json.tree(new Kept(sorted))));
    sync(fresh, StandardOpenOption.WRITE);
    Files.move(
        fresh,
        dir.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(dir, StandardOpenOption.READ);
    synchronized (this) {
      kept = sorted;
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
