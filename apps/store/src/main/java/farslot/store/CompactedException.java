package farslot.store;

/** What was asked for is so long ago that the store has forgotten it. */
public final class CompactedException extends StoreException {
  private static final long serialVersionUID = 1;

  private final long compactedRevision;

  public CompactedException(long revision, long compactedRevision) {
    super(
        "revision %d is forgotten; the store remembers from %d on: read anew"
            .formatted(revision, compactedRevision),
        null);
    this.compactedRevision = compactedRevision;
  }

  /** The lowest that can still be read; the next one is the lowest to watch from. */
  public long compactedRevision() {
    return compactedRevision;
  }
}
