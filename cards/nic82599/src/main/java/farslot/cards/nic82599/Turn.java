package farslot.cards.nic82599;

import farslot.function.FunctionPort;

/**
 * What a function does once for all that happens in one turn of the agent: doorbells, data that
 * have come, frames of the switch. The server cannot tell this from a card that is quick.
 */
final class Turn implements Runnable {
  private final FunctionPort port;
  private final Runnable work;
  private boolean posted;

  Turn(FunctionPort port, Runnable work) {
    this.port = port;
    this.work = work;
  }

  /** There is something to do at the end of this turn. */
  void later() {
    if (!posted) {
      posted = true;
      port.execute(this);
    }
  }

  @Override
  public void run() {
    posted = false;
    work.run();
  }
}
