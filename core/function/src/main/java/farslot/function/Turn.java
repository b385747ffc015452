package farslot.function;

/**
 * What is done once for all that happens in one turn of the agent, at its end or soon after: a
 * card's answer to several doorbells, a server's look at several completions. The other side cannot
 * tell it from somebody who is quick. Also a way out of a call from inside which nothing may
 * happen.
 */
public final class Turn implements Runnable {
  private final Agent agent;
  private final Runnable work;
  private boolean due;

  /**
   * @param work called on the agent's thread, once for any number of {@link #later}; what asks for
   *     it again from inside has it called again
   */
  public Turn(Agent agent, Runnable work) {
    this.agent = agent;
    this.work = work;
  }

  /** There is something to do at the end of this turn. */
  public void later() {
    if (!due) {
      due = true;
      agent.execute(this);
    }
  }

  /** Whether it has been asked for and not done. */
  public boolean isDue() {
    return due;
  }

  /** The agent's call. */
  @Override
  public void run() {
    due = false;
    work.run();
  }
}
