package farslot.store;

/**
 * What to read.
 *
 * @param revision as it was then; 0 for now
 * @param limit keys of the answer, 1 to {@link StoreLimits#RANGE_KEYS_MAX}
 */
public record RangeRequest(KeyRange range, long revision, int limit) {
  public RangeRequest {
    if (revision < 0 || limit < 1 || limit > StoreLimits.RANGE_KEYS_MAX) {
      throw new IllegalArgumentException(
          "a read has a revision from 0 and a limit of 1 to %d, not %d and %d"
              .formatted(StoreLimits.RANGE_KEYS_MAX, revision, limit));
    }
  }

  public static RangeRequest of(KeyRange range) {
    return new RangeRequest(range, 0, StoreLimits.RANGE_KEYS_MAX);
  }

  public RangeRequest at(long revision) {
    return new RangeRequest(range, revision, limit);
  }

  public RangeRequest limit(int limit) {
    return new RangeRequest(range, revision, limit);
  }
}
