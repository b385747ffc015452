package farslot.store;

/**
 * Keys from one on, up to another that does not belong to it, in the order of their characters.
 *
 * @param from the first that could be meant; "" for the first there is
 * @param end the first behind; "" for no end
 */
public record KeyRange(String from, String end) {
  public KeyRange {
    if (!end.isEmpty() && end.compareTo(from) <= 0) {
      throw new IllegalArgumentException(
          "a range that ends at '%s' has to begin before that, not at '%s'".formatted(end, from));
    }
  }

  private static final KeyRange ALL = new KeyRange("", "");

  public static KeyRange all() {
    return ALL;
  }

  /** The one key. */
  public static KeyRange key(String key) {
    return new KeyRange(Keys.check(key), key + '\0');
  }

  /** All keys that begin so, such as {@code /assignments/}. */
  public static KeyRange prefix(String prefix) {
    if (prefix.isEmpty()) {
      return ALL;
    }
    Keys.check(prefix);
    int last = prefix.length() - 1;
    return new KeyRange(prefix, prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }

  /** This range behind a key, to read on where an answer ended. */
  public KeyRange after(String key) {
    return new KeyRange(key + '\0', end);
  }

  public boolean contains(String key) {
    return key.compareTo(from) >= 0 && (end.isEmpty() || key.compareTo(end) < 0);
  }
}
