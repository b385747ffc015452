package farslot.store;

/** What came of an action, at its place. */
public sealed interface ActionResult {
  /** A key was put. */
  record Done() implements ActionResult {}

  /** How many keys went. */
  record Deleted(int keys) implements ActionResult {}

  /** What was read. */
  record Got(RangeResult range) implements ActionResult {}
}
