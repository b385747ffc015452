package farslot.cards.nvme;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * A controller's state in parts. Commands are not among it: those that were fetched have ended when
 * it is taken, and all others are in the server's memory; asynchronous event requests, which wait
 * for ever, are identifiers.
 */
final class ControllerState {
  private static final int VERSION = 1;

  private final Controller controller;

  ControllerState(Controller controller) {
    this.controller = controller;
  }

  void save(StateWriter state) {
    state.part("nvme", VERSION).text(controller.config().serial().text());
    state.u16(controller.namespaces().size());
    for (Namespace namespace : controller.namespaces()) {
      state.i64(namespace.store.sizeBytes()).u8(namespace.shift());
    }
    controller.queues().save(state.part("nvme.queues", VERSION));
    controller.saveRegisters(state.part("nvme.registers", VERSION));
    controller.features().save(state.part("nvme.features", VERSION));
    controller.vectors().save(state.part("nvme.interrupts", VERSION));
    state.part("nvme.events", VERSION);
    controller.events().save(state);
    controller.changed().save(state);
    state.part("nvme.logs", VERSION);
    controller.health().save(state);
    controller.errorLog().save(state);
  }

  void restore(StateReader state) throws StateException {
    check(state);
    state.part("nvme.queues", VERSION);
    controller.queues().restore(state, controller.vectors());
    state.part("nvme.registers", VERSION);
    controller.restoreRegisters(state);
    state.part("nvme.features", VERSION);
    controller.features().restore(state);
    state.part("nvme.interrupts", VERSION);
    controller.vectors().restore(state);
    state.part("nvme.events", VERSION);
    controller.events().restore(state);
    controller.changed().restore(state);
    // Last, for no reset clears them.
    state.part("nvme.logs", VERSION);
    controller.health().restore(state);
    controller.errorLog().restore(state);
  }

  /** A server that finds another drive, or one of another shape, would write over it. */
  private void check(StateReader state) throws StateException {
    state.part("nvme", VERSION);
    String serial = state.text();
    String own = controller.config().serial().text();
    state.require(serial.equals(own), "it is of drive '" + serial + "', and this is '" + own + "'");
    int count = state.u16();
    int here = controller.namespaces().size();
    state.require(count == here, "it has " + count + " namespaces, and here are " + here);
    for (Namespace namespace : controller.namespaces()) {
      String name = "namespace " + namespace.nsid;
      long bytes = state.i64();
      long bytesHere = namespace.store.sizeBytes();
      state.require(
          bytes == bytesHere, name + " had " + bytes + " bytes, and has " + bytesHere + " here");
      int shift = state.u8();
      state.require(shift == namespace.shift(), name + " is formatted otherwise here");
    }
  }
}
