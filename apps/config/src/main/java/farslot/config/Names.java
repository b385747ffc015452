package farslot.config;

import java.util.HashSet;
import java.util.Set;

/** Names that must differ. */
public final class Names {
  private final Set<String> seen = new HashSet<>();

  /**
   * Takes note of a name.
   *
   * @param where how a person finds it
   * @throws ConfigException if it was there before
   */
  public String unique(String where, String name) {
    if (!seen.add(name)) {
      throw new ConfigException(where + ": the name '" + name + "' is there twice");
    }
    return name;
  }
}
