package farslot.cards.nvme;

/**
 * Round robin among submission queues that have entries, with a burst (Base 3.4.4.1). A queue whose
 * completion queue is full steps aside until the server has consumed; one whose window is full,
 * until a fetch has ended.
 */
final class Arbiter {
  private final Controller controller;
  private SubmissionQueue first;
  private SubmissionQueue last;

  Arbiter(Controller controller) {
    this.controller = controller;
  }

  /** The queue has entries, or may go on. */
  void ready(SubmissionQueue sq) {
    if (sq.queued || !sq.hasEntries()) {
      return;
    }
    sq.queued = true;
    sq.next = null;
    if (first == null) {
      first = sq;
    } else {
      last.next = sq;
    }
    last = sq;
  }

  /** Fetches while anything can be fetched. */
  void run() {
    // Everybody may have a turn without success once: contexts of one pool may be short while the
    // other has some.
    if (first == null || controller.paused() || !controller.dma().hasRoom()) {
      return; // completions already wait for the link, and more would only pile up
    }
    SubmissionQueue lastShort = null;
    while (first != null && first != lastShort && !controller.stopped()) {
      SubmissionQueue sq = first;
      first = sq.next;
      sq.queued = false;
      if (!sq.hasEntries() || !sq.canFetch()) {
        continue; // its next doorbell or its next fetch brings it back
      }
      if (sq.cq().available() == 0) {
        sq.cq().stalled = true;
        continue;
      }
      int max = Math.min(controller.features().burst(), sq.cq().available());
      max = Math.min(max, sq.pool().available());
      if (max == 0) {
        lastShort = lastShort == null ? sq : lastShort;
      } else {
        sq.fetch(max);
        lastShort = null;
      }
      ready(sq);
    }
  }

  void reset() {
    while (first != null) {
      first.queued = false;
      first = first.next;
    }
  }
}
