package farslot.store;

/** What has to be so for a transaction's first branch. */
public sealed interface Compare {
  String key();

  /** How what is there relates to what is given. */
  enum Relation {
    EQUAL,
    NOT_EQUAL,
    LESS,
    GREATER;

    /**
     * @param order negative, 0 or positive: what is there, beside what is given
     */
    public boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case GREATER -> order > 0;
      };
    }
  }

  /** What the store counts of a key; 0 for a key that is not there. */
  enum Count {
    CREATE_REVISION,
    MOD_REVISION,
    VERSION,
    LEASE
  }

  /** Compares what the store counts. */
  record OfCount(String key, Count count, Relation relation, long number) implements Compare {
    public OfCount {
      Keys.check(key);
    }
  }

  /** Compares the value, as unsigned bytes; of a key that is not there it never holds. */
  record OfValue(String key, Relation relation, Bytes value) implements Compare {
    public OfValue {
      Keys.check(key);
    }
  }

  /** That the key is not there. */
  static Compare absent(String key) {
    return new OfCount(key, Count.VERSION, Relation.EQUAL, 0);
  }

  static Compare present(String key) {
    return new OfCount(key, Count.VERSION, Relation.GREATER, 0);
  }

  /** That nobody changed the key since it was read; 0 if it was not there. */
  static Compare unchanged(String key, long modRevision) {
    return new OfCount(key, Count.MOD_REVISION, Relation.EQUAL, modRevision);
  }

  /** That it is the key that was made by this revision, not a later one of that name. */
  static Compare createdAt(String key, long createRevision) {
    return new OfCount(key, Count.CREATE_REVISION, Relation.EQUAL, createRevision);
  }

  static Compare value(String key, Bytes value) {
    return new OfValue(key, Relation.EQUAL, value);
  }
}
