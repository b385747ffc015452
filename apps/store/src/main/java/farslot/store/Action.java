package farslot.store;

/** What a transaction does. */
public sealed interface Action {
  /**
   * Makes a key, or gives it another value.
   *
   * @param lease under which lease it is from now on; 0 for none
   */
  record Put(String key, Bytes value, long lease) implements Action {
    public Put {
      Keys.check(key);
      if (value.length() > StoreLimits.VALUE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "the value of '%s' has %d bytes; at most %d are taken"
                .formatted(key, value.length(), StoreLimits.VALUE_BYTES_MAX));
      }
    }
  }

  /** Deletes every key of a range; none is fine. */
  record Delete(KeyRange range) implements Action {}

  /**
   * Reads, at the place that it has among the other actions: what a put before it has put is there.
   * The answer's revision is the transaction's.
   */
  record Get(KeyRange range) implements Action {}

  static Put put(String key, Bytes value) {
    return new Put(key, value, 0);
  }

  static Put put(String key, Bytes value, long lease) {
    return new Put(key, value, lease);
  }

  static Delete delete(String key) {
    return new Delete(KeyRange.key(key));
  }

  static Get get(String key) {
    return new Get(KeyRange.key(key));
  }
}
