package farslot.api.agent;

/** What an agent shall bring about, as a whole. */
public sealed interface Orders permits ApplianceOrders, InitiatorOrders {
  /** Grows with each change; an agent that has seen it need not hear it again. */
  long revision();
}
