package farslot.cards.nvme;

/** All queues by identifier. Their objects live on when they are deleted, to be opened again. */
final class Queues {
  private final Controller controller;
  private final CommandPool adminPool;
  private final CommandPool ioPool;
  private final SubmissionQueue[] sqs;
  private final CompletionQueue[] cqs;

  /**
   * @param count of I/O queue pairs
   */
  Queues(Controller controller, int count, CommandPool adminPool, CommandPool ioPool) {
    this.controller = controller;
    this.adminPool = adminPool;
    this.ioPool = ioPool;
    sqs = new SubmissionQueue[count + 1];
    cqs = new CompletionQueue[count + 1];
  }

  /** I/O queue pairs there may be. */
  int ioMax() {
    return sqs.length - 1;
  }

  /** The open queue, or null. */
  SubmissionQueue sq(int id) {
    return id < sqs.length && sqs[id] != null && sqs[id].isOpen() ? sqs[id] : null;
  }

  /** The open queue, or null. */
  CompletionQueue cq(int id) {
    return id < cqs.length && cqs[id] != null && cqs[id].isOpen() ? cqs[id] : null;
  }

  /** A closed queue to open. */
  SubmissionQueue newSq(int id) {
    if (sqs[id] == null) {
      sqs[id] = new SubmissionQueue(controller, id, id == 0 ? adminPool : ioPool);
    }
    return sqs[id];
  }

  /** A closed queue to open. */
  CompletionQueue newCq(int id) {
    if (cqs[id] == null) {
      cqs[id] = new CompletionQueue(controller, id);
    }
    return cqs[id];
  }

  /** Whether any I/O queue is there. */
  boolean anyIo() {
    for (int i = 1; i < sqs.length; i++) {
      if (sq(i) != null || cq(i) != null) {
        return true;
      }
    }
    return false;
  }

  /** Lets the submission queues that complete here go on. */
  void unstall(CompletionQueue cq, Arbiter arbiter) {
    cq.stalled = false;
    for (SubmissionQueue sq : sqs) {
      if (sq != null && sq.isOpen() && sq.cq() == cq) {
        arbiter.ready(sq);
      }
    }
  }

  /** Fetches that have not been answered. */
  int fetches() {
    int count = 0;
    for (SubmissionQueue sq : sqs) {
      count += sq == null ? 0 : sq.fetches();
    }
    return count;
  }

  void reset(boolean dmaAbandoned) {
    for (SubmissionQueue sq : sqs) {
      if (sq != null) {
        sq.reset(dmaAbandoned);
      }
    }
    for (CompletionQueue cq : cqs) {
      if (cq != null) {
        cq.close();
      }
    }
  }
}
