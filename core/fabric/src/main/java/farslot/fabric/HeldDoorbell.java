package farslot.fabric;

import farslot.fabric.GuideCounts.Count;
import farslot.function.Agent;
import farslot.function.Turn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A doorbell that is held back for a moment: until the turn's end, since another write to the same
 * register may make it superfluous; or, where nobody waits for what the card does with it, until
 * something goes anyway, so that it costs no frame and no wake-up of its own. Whatever else goes to
 * the card goes behind it: nothing is ever overtaken.
 */
final class HeldDoorbell {
  /**
   * How long one that may wait is held alone. Longer than a guest takes from the end of one command
   * to the next, and nothing to a queue that has room.
   */
  static final long HELD_NS = 100_000;

  private static final int BYTES_MAX = 8;

  private final PostedWrites posted;
  private final GuideCounts counts;
  private final CardInterrupts interrupts;
  private final Agent.Timer timer;
  private final Turn turn;
  private final MemorySegment value = Arena.ofAuto().allocate(BYTES_MAX, 8);
  private long address;
  private int bytes;
  private boolean held;
  private boolean mayWait;

  /** Whether something has gone to the card in this turn: then this one goes along. */
  private boolean company;

  HeldDoorbell(PostedWrites posted, CardInterrupts interrupts, GuideCounts counts, Agent agent) {
    this.posted = posted;
    this.interrupts = interrupts;
    this.counts = counts;
    turn = new Turn(agent, this::onTurnEnd);
    timer = agent.timer(this::flush);
  }

  /**
   * Holds a write, instead of an earlier one to the same register if that is held.
   *
   * @param wait whether nobody waits for what the card does with it
   * @return false if it cannot be held: it is the caller's to send
   */
  boolean hold(long to, MemorySegment from, long at, int count, boolean wait) {
    if (count > BYTES_MAX || !posted.flows()) {
      flush();
      return false;
    }
    if (held && (address != to || bytes != count)) {
      flush();
    }
    if (held) {
      counts.add(Count.COMBINED, 1);
    }
    MemorySegment.copy(from, at, value, 0, count);
    address = to;
    bytes = count;
    held = true;
    // A pin stays asserted until the card has it, and interrupts its server again and again.
    mayWait = wait && !interrupts.intxArmed();
    turn.later();
    return true;
  }

  /** Sends what is held: something else is about to go, or time is up. */
  void flush() {
    if (held) {
      drop();
      posted.writeNow(address, value, 0, bytes);
    }
    company = turn.isDue();
  }

  /** Forgets what is held: the card is being reset, or gone. */
  void drop() {
    if (held) {
      held = false;
      timer.cancel();
    }
  }

  private void onTurnEnd() {
    if (held && mayWait && !company) {
      timer.arm(HELD_NS);
    } else {
      flush();
    }
    company = false;
  }
}
