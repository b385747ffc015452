package farslot.cards.nvme;

import farslot.cards.nvme.spec.Event;
import farslot.cards.nvme.spec.IdentifyController;
import farslot.cards.nvme.spec.LogPage;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** The Changed Namespace List (Base 5.16.1.5) and its event. */
final class ChangedNamespaces {
  private final Controller controller;
  private final BitSet changed = new BitSet();

  ChangedNamespaces(Controller controller) {
    this.controller = controller;
  }

  /** What Identify says of the namespace is different now. */
  void add(int nsid) {
    changed.set(nsid);
    int wanted = controller.features().eventsWanted();
    if ((wanted & IdentifyController.OAES_NAMESPACE_ATTRIBUTE) != 0) {
      controller.events().raise(Event.TYPE_NOTICE, Event.NOTICE_NAMESPACE_ATTRIBUTE);
    }
  }

  /** The page, which is zero before. Namespaces are fewer than it could name. */
  void fill(MemorySegment page) {
    int at = 0;
    for (int nsid = changed.nextSetBit(0); nsid >= 0; nsid = changed.nextSetBit(nsid + 1)) {
      LittleEndian.i32(page, at, nsid);
      at += Integer.BYTES;
    }
    assert at <= LogPage.CHANGED_BYTES;
  }

  void save(StateWriter state) {
    state.u16(changed.cardinality());
    changed.stream().forEach(state::u16);
  }

  void restore(StateReader state) throws StateException {
    int namespaces = controller.namespaces().size();
    int count = state.u16("changed namespaces", 0, namespaces);
    for (int i = 0; i < count; i++) {
      changed.set(state.u16("a changed namespace", 1, namespaces));
    }
  }

  void reset() {
    changed.clear();
  }
}
