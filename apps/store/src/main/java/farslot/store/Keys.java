package farslot.store;

/** What a key may look like. ASCII, so that every engine puts keys into the same order. */
final class Keys {
  private Keys() {}

  /**
   * @throws IllegalArgumentException with what is wrong, in words
   */
  static String check(String key) {
    if (key.isEmpty() || key.length() > StoreLimits.KEY_CHARS_MAX) {
      throw new IllegalArgumentException(
          "a key has 1 to %d characters, not %d"
              .formatted(StoreLimits.KEY_CHARS_MAX, key.length()));
    }
    for (int i = 0; i < key.length(); i++) {
      if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
        throw new IllegalArgumentException(
            "a key is of printable ASCII without blanks; character %d of '%s' is U+%04X"
                .formatted(i + 1, key, (int) key.charAt(i)));
      }
    }
    return key;
  }
}
