package farslot.pcie;

/**
 * The three classes that flow control and ordering know (PCI Express Base Specification 2.6.1).
 * Each has its own header and data credits, so that a blocked non-posted request never holds up a
 * posted one or a completion behind it.
 */
public enum FlowClass {
  POSTED,
  NON_POSTED,
  COMPLETION
}
