package farslot.store;

/** One key's change. */
public sealed interface Event {
  String key();

  /** The revision that changed it. */
  long revision();

  /** It was made, or has another value, or another lease. */
  record Put(KeyValue item) implements Event {
    @Override
    public String key() {
      return item.key();
    }

    @Override
    public long revision() {
      return item.modRevision();
    }
  }

  /** It is no more. */
  record Delete(String key, long revision) implements Event {}
}
