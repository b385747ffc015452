package farslot.api.agent;

/**
 * What an {@link AgentLoop} lets speak with a manager. Called by one thread at a time. A report
 * that is asked for after {@link #obey} has returned tells how things are under those orders, or on
 * the way there; never how they were before.
 */
public interface Agent {
  /** How things are. */
  Report report() throws InterruptedException;

  /**
   * Begins to bring about what is ordered, and does not wait for it. Comes again with the same
   * orders after a restart, and whenever the manager is found again.
   */
  void obey(Orders orders) throws InterruptedException;
}
