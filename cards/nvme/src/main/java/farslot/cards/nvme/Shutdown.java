package farslot.cards.nvme;

import farslot.function.BlockStore;

/** Shutdown notification (Base 3.6.1): everything that was completed gets onto stable media. */
final class Shutdown implements BlockStore.Done {
  private final Controller controller;
  private long generation;
  private int pending;

  /** Flushes that stores have not answered, of whichever generation. */
  private int flushes;

  Shutdown(Controller controller) {
    this.controller = controller;
  }

  void begin() {
    generation++;
    // One more than there are flushes, so that the end is reached without namespaces too.
    pending = 1;
    for (Namespace namespace : controller.namespaces()) {
      pending++;
      flushes++;
      namespace.store.flush(this, generation);
    }
    ended(generation, BlockStore.Status.OK);
  }

  /** Whether stores are asked for nothing. */
  boolean isQuiet() {
    return flushes == 0;
  }

  /** A reset came in between: nobody waits for the end any more. */
  void forget() {
    generation++;
  }

  @Override
  public void done(long cookie, BlockStore.Status status) {
    flushes--;
    ended(cookie, status);
  }

  private void ended(long cookie, BlockStore.Status status) {
    if (cookie != generation) {
      return;
    }
    if (status != BlockStore.Status.OK) {
      controller.storeFailed(status);
    }
    if (--pending == 0) {
      controller.shutdownEnded();
    }
  }
}
