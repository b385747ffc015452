package farslot.cards.nvme;

/**
 * Commands that can go on because another has made way. They go on one after the other from here,
 * not from inside the other one: a thousand that fail in a row would otherwise be a stack.
 */
final class RunQueue {
  private Command first;
  private Command last;
  private boolean running;

  void add(Command command) {
    if (first == null) {
      first = command;
    } else {
      last.next = command;
    }
    last = command;
  }

  /** Runs them all, unless that is going on further out on the stack. */
  void run() {
    if (running) {
      return;
    }
    running = true;
    while (first != null) {
      Command command = first;
      first = command.next;
      command.next = null;
      command.ended();
    }
    running = false;
  }
}
