package farslot.cards.nvme;

import farslot.function.FunctionPort;
import farslot.function.Turn;

/**
 * What is done once for all that happens in one turn of the agent, at its end: entries are fetched
 * for all doorbells together, completion entries that lie next to each other are one write, and a
 * vector is signalled once. The server cannot tell this from a controller that is quick.
 */
final class Batch {
  private final Controller controller;
  private final Turn turn;

  /** Queues that hold entries which have not been written yet. */
  private CompletionQueue first;

  private CompletionQueue last;

  Batch(Controller controller, FunctionPort port) {
    this.controller = controller;
    turn = new Turn(port, this::work);
  }

  /** There is something to do at the end of the turn. */
  void later() {
    turn.later();
  }

  /** Whether the card is at rest, or coming to it. */
  boolean paused() {
    return controller.paused();
  }

  /** Whether there is anything left for the end of a turn. */
  boolean isDue() {
    return turn.isDue() || first != null;
  }

  /** The queue holds entries. */
  void add(CompletionQueue cq) {
    if (cq.inBatch) {
      return;
    }
    cq.inBatch = true;
    cq.nextHeld = null;
    if (first == null) {
      first = cq;
    } else {
      last.nextHeld = cq;
    }
    last = cq;
    later();
  }

  private void work() {
    controller.settle();
    // Whatever that has posted goes out, too: a turn may have many rounds like this one.
    writeEntries();
    controller.vectors().signalDue();
  }

  /** Writes all entries that are held. */
  void writeEntries() {
    while (first != null) {
      remove().writeHeld();
    }
  }

  /** Forgets what is held. */
  void reset() {
    while (first != null) {
      remove();
    }
  }

  private CompletionQueue remove() {
    CompletionQueue cq = first;
    first = cq.nextHeld;
    cq.inBatch = false;
    return cq;
  }
}
