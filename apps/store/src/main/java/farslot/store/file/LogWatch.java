package farslot.store.file;

import farslot.store.KeyRange;
import farslot.store.StoreException;
import farslot.store.StoreUnavailableException;
import farslot.store.Watch;
import farslot.store.WatchBatch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A place in the history. Who reads slowly costs nothing, and may find that it was forgotten. */
final class LogWatch implements Watch {
  private final Journal journal;
  private final KeyRange range;
  private long nextRevision;
  private volatile boolean closed;

  LogWatch(Journal journal, KeyRange range, long nextRevision) {
    this.journal = journal;
    this.range = range;
    this.nextRevision = nextRevision;
  }

  @Override
  public WatchBatch next(Duration timeout) throws StoreException, InterruptedException {
    long leftNs = TimeUnit.NANOSECONDS.convert(timeout);
    journal.using().lockInterruptibly();
    try {
      while (true) {
        requireOpen();
        WatchBatch batch = journal.state().events(range, nextRevision);
        nextRevision = batch.revision() + 1;
        if (!batch.events().isEmpty()) {
          return batch;
        }
        if (nextRevision <= journal.state().revision()) {
          continue; // Nothing of this range in so many events; there are more.
        }
        if (leftNs <= 0) {
          return batch;
        }
        leftNs = journal.published().awaitNanos(leftNs);
      }
    } finally {
      journal.using().unlock();
    }
  }

  private void requireOpen() throws StoreUnavailableException {
    journal.requireOpen();
    if (closed) {
      throw new StoreUnavailableException("the watch is closed", null);
    }
  }

  @Override
  public void close() {
    journal.using().lock();
    try {
      closed = true;
      journal.published().signalAll();
    } finally {
      journal.using().unlock();
    }
  }
}
