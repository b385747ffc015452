package farslot.store;

/**
 * How much a store of our own keeps, in memory and on disk.
 *
 * @param keysMax keys that are there at a time
 * @param bytesMax their names and values together
 * @param historyRevisionsMax revisions that can be read and watched; older ones are forgotten
 * @param historyBytesMax names and values of what those revisions changed
 */
public record Capacity(int keysMax, long bytesMax, int historyRevisionsMax, long historyBytesMax) {
  /** Room for a hundred thousand keys; a rack has some thousands. */
  public static final Capacity DEFAULT = new Capacity(100_000, 128L << 20, 10_000, 32L << 20);

  public Capacity {
    if (keysMax < 1 || bytesMax < 1 || historyRevisionsMax < 1 || historyBytesMax < 0) {
      throw new IllegalArgumentException("a store without room: " + keysMax + " keys");
    }
  }
}
