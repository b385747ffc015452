package farslot.function;

/** What a slot gives its function: the agent it runs on, and the endpoint's parts. */
record SlotPort(Agent agent, Dma dma, Interrupts interrupts, RegisterEvents events)
    implements FunctionPort, OnAgent {
  @Override
  public void registersChanged() {
    events.changed();
  }
}
