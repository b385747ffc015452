package farslot.cards.nvme;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

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

  /** Submission queues in which a fused first command waits for its second. */
  int fused() {
    int count = 0;
    for (SubmissionQueue sq : sqs) {
      count += sq != null && sq.isOpen() && sq.holdsFused() ? 1 : 0;
    }
    return count;
  }

  /** Lets every queue go on that has entries. */
  void wake(Arbiter arbiter) {
    for (SubmissionQueue sq : sqs) {
      if (sq != null && sq.isOpen()) {
        sq.cq().stalled = false;
        arbiter.ready(sq);
      }
    }
  }

  /** Those that are open, completion queues first. */
  void save(StateWriter state) {
    int open = 0;
    for (int id = 0; id < cqs.length; id++) {
      open += cq(id) == null ? 0 : 1;
    }
    state.u16(open);
    for (int id = 0; id < cqs.length; id++) {
      if (cq(id) != null) {
        cqs[id].save(state);
      }
    }
    open = 0;
    for (int id = 0; id < sqs.length; id++) {
      open += sq(id) == null ? 0 : 1;
    }
    state.u16(open);
    for (int id = 0; id < sqs.length; id++) {
      if (sq(id) != null) {
        sqs[id].save(state);
      }
    }
  }

  /** All are closed before. */
  void restore(StateReader state, InterruptVectors vectors) throws StateException {
    int open = state.u16("completion queues", 0, cqs.length);
    for (int i = 0; i < open; i++) {
      int id = state.u16("a completion queue's identifier", 0, ioMax());
      state.require(cq(id) == null, "completion queue " + id + " is there twice");
      newCq(id).restore(state, vectors.count());
      vectors.restored(cqs[id]);
    }
    open = state.u16("submission queues", 0, sqs.length);
    for (int i = 0; i < open; i++) {
      int id = state.u16("a submission queue's identifier", 0, ioMax());
      int cqid = state.u16("its completion queue", 0, ioMax());
      state.require(sq(id) == null, "submission queue " + id + " is there twice");
      boolean pair = cq(cqid) != null && (id == 0) == (cqid == 0);
      state.require(pair, "submission queue " + id + " completes to " + cqid);
      newSq(id).restore(state, cqs[cqid]);
    }
    state.require((sq(0) == null) == (cq(0) == null), "half of the admin queues");
    state.require(sq(0) != null || !anyIo(), "I/O queues without admin queues");
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
