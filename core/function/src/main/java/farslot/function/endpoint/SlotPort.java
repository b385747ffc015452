package farslot.function.endpoint;

import farslot.function.Agent;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.function.OnAgent;

/** What a slot gives its function: the agent it runs on, and the endpoint's parts. */
record SlotPort(Agent agent, Dma dma, Interrupts interrupts, RegisterEvents events)
    implements FunctionPort, OnAgent {
  @Override
  public void registersChanged() {
    events.changed();
  }
}
