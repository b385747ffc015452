package farslot.function;

/** Something that is handed out as the agent on which it lives. */
public interface OnAgent extends Agent {
  /** Whose thread, time and timers these are. */
  Agent agent();

  @Override
  default long nowNs() {
    return agent().nowNs();
  }

  @Override
  default Timer timer(Runnable task) {
    return agent().timer(task);
  }

  @Override
  default void execute(Runnable task) {
    agent().execute(task);
  }
}
