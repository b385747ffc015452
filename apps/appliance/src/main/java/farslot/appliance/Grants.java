package farslot.appliance;

import farslot.api.ApiException;
import farslot.api.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The manager's orders as they were kept: on stable media before anybody is told that they count,
 * and what an appliance goes by while its manager is away. One file, replaced as a whole, among
 * those of the {@link EpochStore}.
 */
final class Grants {
  private static final Logger LOG = System.getLogger("farslot.appliance");
  private static final String FILE = "grants.json";

  /** Jackson reads and writes it; the names stand in the file. */
  record Kept(SortedMap<String, Grant> functions) {}

  private final StateFiles files;
  private SortedMap<String, Grant> kept;

  /**
   * Reads what was kept. A file that cannot be read is put aside: then nobody may have anything
   * until the manager has said who, and what was given out stays with {@link EpochStore}.
   */
  Grants(StateFiles files) throws IOException {
    this.files = files;
    kept = load();
  }

  private SortedMap<String, Grant> load() throws IOException {
    Optional<String> text = files.read(FILE);
    if (text.isEmpty()) {
      return new TreeMap<>();
    }
    try {
      Kept read = Json.readTolerantly(Json.parse(text.get()), Kept.class);
      if (read.functions() == null || read.functions().containsValue(null)) {
        throw new IOException("it names no functions");
      }
      return new TreeMap<>(read.functions());
    } catch (ApiException | IOException e) {
      String aside = FILE + ".damaged";
      files.putAside(FILE, aside);
      LOG.log(
          Level.ERROR,
          "{0} was damaged ({1}) and is {2} now: nobody may have a function here until the manager"
              + " has been reached",
          files.path(FILE),
          e.getMessage(),
          files.path(aside));
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
    files.replace(FILE, Json.pretty(Json.tree(new Kept(sorted))));
    synchronized (this) {
      kept = sorted;
    }
  }
}
