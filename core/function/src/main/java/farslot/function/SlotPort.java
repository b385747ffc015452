package farslot.function;

/** What a slot gives its function: the agent it runs on, and the endpoint's parts. */
record SlotPort(Agent agent, Dma dma, Interrupts interrupts, RegisterEvents events)
    implements FunctionPort {
  @Override
  public void registersChanged() {
    events.changed();
  }

  @Override
  public long nowNs() {
    return agent.nowNs();
  }

  @Override
  public Timer timer(Runnable task) {
    return agent.timer(task);
  }

  @Override
  public void execute(Runnable task) {
    agent.execute(task);
  }
}
