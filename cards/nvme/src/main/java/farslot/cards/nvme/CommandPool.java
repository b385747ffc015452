package farslot.cards.nvme;

import java.util.ArrayList;
import java.util.List;

/** Contexts for commands, made when first needed. They are reserved before entries are fetched. */
final class CommandPool {
  private final Controller controller;
  private final int max;
  private final List<Command> made = new ArrayList<>();
  private Command free;
  private int used;

  CommandPool(Controller controller, int max) {
    this.controller = controller;
    this.max = max;
  }

  /** How many more may be reserved. */
  int available() {
    return max - used;
  }

  /** How many are reserved or active. */
  int used() {
    return used;
  }

  /** Sets some aside; {@link #take} uses them up. */
  void reserve(int count) {
    used += count;
  }

  void unreserve(int count) {
    used -= count;
  }

  /** A context that has been reserved. */
  Command take() {
    Command command = free;
    if (command == null) {
      command = new Command(controller, this);
      made.add(command);
      return command;
    }
    free = command.next;
    command.next = null;
    return command;
  }

  void release(Command command) {
    used--;
    command.next = free;
    free = command;
  }

  /** The active command of a queue with this identifier, or null. */
  Command find(SubmissionQueue sq, int cid) {
    for (int i = 0; i < made.size(); i++) {
      Command command = made.get(i);
      if (command.active() && command.sq == sq && command.cid() == cid) {
        return command;
      }
    }
    return null;
  }

  /** Aborts those of a queue that have not begun with their work. */
  void abortWaiting(SubmissionQueue sq, int status) {
    for (int i = 0; i < made.size(); i++) {
      Command command = made.get(i);
      if (command.active() && command.sq == sq && command.waiting()) {
        command.abort(status);
      }
    }
  }

  /** Abandons all; see {@link Command#abandon}. */
  void abandon(boolean dmaAbandoned) {
    for (int i = 0; i < made.size(); i++) {
      if (made.get(i).active()) {
        made.get(i).abandon(dmaAbandoned);
      }
    }
  }
}
