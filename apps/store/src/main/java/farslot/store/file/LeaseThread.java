package farslot.store.file;

import farslot.store.StoreException;

/** Lets leases end while nobody asks. */
final class LeaseThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LeaseThread.class.getName());

  private final FileStateStore store;
  private final Thread thread;
  private volatile boolean closed;

  LeaseThread(FileStateStore store) {
    this.store = store;
    thread = Thread.ofPlatform().daemon().name("store-leases").start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(FileStateStore.TICK);
        store.tick();
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.DEBUG, "leases cannot end", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Does not wait: it may be about to write for others. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
