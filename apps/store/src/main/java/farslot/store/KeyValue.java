package farslot.store;

/**
 * A key, its value, and what the store knows of it.
 *
 * @param createRevision the revision that made the key, after its last deletion; never used twice,
 *     so it serves as an epoch
 * @param modRevision the revision of its last change
 * @param version 1 when it was made, and one more for each change since
 * @param lease the lease whose end deletes it; 0 for none
 */
public record KeyValue(
    String key, Bytes value, long createRevision, long modRevision, long version, long lease) {}
