package farslot.cards.nvme;

/**
 * Who may work on a namespace: many commands together, or one alone (a fused compare and write, a
 * Format). First come first served, so that neither kind starves the other.
 */
final class Gate {
  private final WaitList waiting = new WaitList();
  private int inside;
  private boolean closed;

  /** Lets the command in, now or later. */
  void enter(Command command) {
    if (isFreeFor(command)) {
      admit(command);
    } else {
      waiting.add(command);
    }
  }

  /** Whether the command would get in now. */
  boolean isFreeFor(Command command) {
    return waiting.isEmpty() && free(command);
  }

  private boolean free(Command command) {
    return !closed && (!command.alone || inside == 0);
  }

  private void admit(Command command) {
    command.gate = this;
    inside++;
    closed = command.alone;
  }

  /** The command has gone. */
  void leave(Command command) {
    command.gate = null;
    inside--;
    closed = false;
    while (!waiting.isEmpty() && free(waiting.first())) {
      Command next = waiting.remove();
      admit(next);
      next.resume();
    }
  }

  /** The one inside makes room for another in its place, without anybody in between. */
  void hand(Command from, Command to) {
    from.gate = null;
    to.gate = this;
    to.alone = from.alone;
  }

  /** Who waits is forgotten; who is inside leaves by itself. */
  void reset() {
    waiting.clear();
  }
}
