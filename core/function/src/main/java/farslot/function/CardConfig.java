package farslot.function;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A card's part of the configuration: a tree of maps, lists and scalars as YAML gives it, read with
 * checks. {@link #finish} refuses keys that nobody asked for, so that a misspelt one is not
 * silently ignored.
 */
public final class CardConfig {
  private final String where;
  private final Map<String, ?> values;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param where how a person finds it, for example {@code slots[0]}
   * @param values keys to String, Number, Boolean, List or Map
   */
  public CardConfig(String where, Map<String, ?> values) {
    this.where = where;
    this.values = values;
  }

  /** Whether there is no key at all. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Whether the key is there. */
  public boolean has(String key) {
    asked.add(key);
    return values.get(key) != null;
  }

  /** A string, or {@code otherwise} when the key is missing. */
  public String string(String key, String otherwise) throws CardConfigException {
    return has(key) ? String.valueOf(scalar(key)) : otherwise;
  }

  /** A string that must be there. */
  public String string(String key) throws CardConfigException {
    if (!has(key)) {
      throw new CardConfigException(where + ": '" + key + "' is missing");
    }
    return string(key, null);
  }

  /** The words of a list; one that stands alone is a list of one. Empty when the key is missing. */
  public List<String> strings(String key) throws CardConfigException {
    if (!has(key)) {
      return List.of();
    }
    if (!(values.get(key) instanceof List<?> items)) {
      return List.of(string(key));
    }
    List<String> words = new ArrayList<>();
    for (Object item : items) {
      if (item == null || item instanceof Map || item instanceof List) {
        throw wrong(key, "one value or a list of values");
      }
      words.add(String.valueOf(item));
    }
    return words;
  }

  /** A boolean, or {@code otherwise}. */
  public boolean bool(String key, boolean otherwise) throws CardConfigException {
    if (!has(key)) {
      return otherwise;
    }
    return switch (String.valueOf(scalar(key)).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw wrong(key, "true or false");
    };
  }

  /** A whole number (0x for hexadecimal) from {@code min} to {@code max}, or {@code otherwise}. */
  public long number(String key, long otherwise, long min, long max) throws CardConfigException {
    if (!has(key)) {
      return otherwise;
    }
    long value;
    try {
      value = Long.decode(String.valueOf(scalar(key)).trim());
    } catch (NumberFormatException e) {
      throw wrong(key, "a whole number");
    }
    if (value < min || value > max) {
      throw wrong(key, "a number from " + min + " to " + max);
    }
    return value;
  }

  /** A size in bytes: a number, or one with KiB, MiB, GiB, TiB (or K, M, G, T); or otherwise. */
  public long size(String key, long otherwise) throws CardConfigException {
    if (!has(key)) {
      return otherwise;
    }
    String text = String.valueOf(scalar(key)).trim();
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    int shift =
        switch (text.substring(digits).trim().toLowerCase(Locale.ROOT)) {
          case "" -> 0;
          case "k", "kib" -> 10;
          case "m", "mib" -> 20;
          case "g", "gib" -> 30;
          case "t", "tib" -> 40;
          default -> -1;
        };
    try {
      long count = Long.parseLong(text.substring(0, digits));
      if (shift >= 0 && count <= Long.MAX_VALUE >> shift) {
        return count << shift;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same advice as a wrong unit.
    }
    throw wrong(key, "a size such as 512MiB or 10GiB");
  }

  /** Whether a list stands under the key, for keys that also take something shorter. */
  public boolean isList(String key) {
    return has(key) && values.get(key) instanceof List<?>;
  }

  /** The maps of a list, empty when the key is missing. */
  public List<CardConfig> list(String key) throws CardConfigException {
    List<CardConfig> children = new ArrayList<>();
    if (!has(key)) {
      return children;
    }
    if (!(values.get(key) instanceof List<?> items)) {
      throw wrong(key, "a list");
    }
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Map<?, ?> map)) {
        throw wrong(key, "a list of 'key: value' entries");
      }
      children.add(child("." + key + "[" + i + "]", map));
    }
    return children;
  }

  /** The map under a key, which must be there. */
  public CardConfig section(String key) throws CardConfigException {
    if (!has(key) || !(values.get(key) instanceof Map<?, ?> map)) {
      throw wrong(key, "'key: value' entries of its own");
    }
    return child("." + key, map);
  }

  /** Refuses keys that no call above asked for. */
  public void finish() throws CardConfigException {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        throw new CardConfigException(
            where + ": nothing here is called '" + key + "'; known: " + new TreeSet<>(asked));
      }
    }
  }

  /** An error about one key: what stands there and what was expected. */
  public CardConfigException wrong(String key, String expected) {
    return new CardConfigException(
        where + ": '" + key + ": " + values.get(key) + "' should be " + expected);
  }

  /** How a person finds this part, for messages. */
  public String where() {
    return where;
  }

  private CardConfig child(String path, Map<?, ?> map) {
    Map<String, Object> child = new LinkedHashMap<>();
    map.forEach((k, v) -> child.put(String.valueOf(k), v));
    return new CardConfig(where + path, child);
  }

  private Object scalar(String key) throws CardConfigException {
    Object value = values.get(key);
    if (value instanceof Map || value instanceof List) {
      throw wrong(key, "a single value");
    }
    return value;
  }
}
