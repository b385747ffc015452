package farslot.cards.nvme;

import farslot.cards.nvme.spec.Event;

/** Doorbell registers (PCIe 3.1.2), from the second page of BAR0 on. */
final class Doorbells {
  private final Controller controller;

  Doorbells(Controller controller) {
    this.controller = controller;
  }

  /**
   * @param index doorbell: even ones are submission queue tails, odd ones completion queue heads
   * @param value bits 15:0 count, the others are reserved
   */
  void write(int index, int value) {
    if (controller.stopped()) {
      return;
    }
    int id = index >> 1;
    if ((index & 1) == 0) {
      tail(id, value & 0xFFFF);
    } else {
      head(id, value & 0xFFFF);
    }
  }

  private void tail(int id, int value) {
    SubmissionQueue sq = controller.queues().sq(id);
    if (sq == null) {
      controller.events().raise(Event.TYPE_ERROR, Event.ERROR_INVALID_DOORBELL_REGISTER);
    } else if (sq.submitted(value)) {
      controller.arbiter().ready(sq);
      controller.batch().later(); // with what other doorbells bring in this turn
    } else {
      controller.events().raise(Event.TYPE_ERROR, Event.ERROR_INVALID_DOORBELL_VALUE);
    }
  }

  private void head(int id, int value) {
    CompletionQueue cq = controller.queues().cq(id);
    if (cq == null) {
      controller.events().raise(Event.TYPE_ERROR, Event.ERROR_INVALID_DOORBELL_REGISTER);
    } else if (!cq.consumed(value)) {
      controller.events().raise(Event.TYPE_ERROR, Event.ERROR_INVALID_DOORBELL_VALUE);
    } else {
      controller.completionFreed(cq);
      controller.batch().later();
      if (id == 0) {
        controller.events().deliver();
      }
    }
  }
}
