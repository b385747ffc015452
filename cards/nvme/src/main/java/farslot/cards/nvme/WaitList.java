package farslot.cards.nvme;

/** Commands that wait for one thing, first come first served. A command is in one at a time. */
final class WaitList {
  private Command first;
  private Command last;

  boolean isEmpty() {
    return first == null;
  }

  /** The one whose turn is next, or null. */
  Command first() {
    return first;
  }

  /** The command waits here: it does not go on before {@link Command#resume}. */
  void add(Command command) {
    command.wait(this);
    if (first == null) {
      first = command;
    } else {
      last.next = command;
    }
    last = command;
  }

  /** Takes the first out. */
  Command remove() {
    Command command = first;
    first = command.next;
    command.next = null;
    return command;
  }

  /** Takes one out, wherever it is. */
  void remove(Command command) {
    Command before = null;
    for (Command c = first; c != command; c = c.next) {
      before = c;
    }
    if (before == null) {
      first = command.next;
    } else {
      before.next = command.next;
    }
    if (last == command) {
      last = before;
    }
    command.next = null;
  }

  /** Forgets all of them; their owner sees to them. */
  void clear() {
    while (first != null) {
      remove();
    }
  }
}
