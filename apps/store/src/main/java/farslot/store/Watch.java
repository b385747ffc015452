package farslot.store;

import java.time.Duration;

/** Tells of changes, in order, each once. Used by one thread at a time; closed by any. */
public interface Watch extends AutoCloseable {
  /**
   * What has happened since the last call; waits if that is nothing.
   *
   * @param timeout how long; zero asks without waiting
   * @return without events when the time is over
   * @throws CompactedException if changes that were still to be told are forgotten; read anew, then
   *     watch from behind what was read
   * @throws StoreUnavailableException if this or the store is closed
   */
  WatchBatch next(Duration timeout) throws StoreException, InterruptedException;

  @Override
  void close();
}
