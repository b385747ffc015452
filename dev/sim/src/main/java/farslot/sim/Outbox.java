package farslot.sim;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.util.ArrayDeque;

/**
 * What one end of a stream has yet to send, in the order that the base specification's table asks
 * for (2.4.1): posted writes pass what is blocked, nothing passes a posted write.
 */
final class Outbox {
  /** Per class: who has more to say waits. */
  static final int WAITING_MAX = 1024;

  private static final FlowClass[] ORDER = {
    FlowClass.POSTED, FlowClass.COMPLETION, FlowClass.NON_POSTED
  };

  private final long epoch;
  private final TlpOut out;
  private final World world;
  private final String who;
  private final int[] sent = new int[ORDER.length];
  private final boolean[] blocked = new boolean[ORDER.length];
  private final ArrayDeque<Message> posted = new ArrayDeque<>();
  private final ArrayDeque<Message> nonPosted = new ArrayDeque<>();
  private final ArrayDeque<Message> completions = new ArrayDeque<>();

  Outbox(TlpOut out, long epoch, World world, String who) {
    this.out = out;
    this.epoch = epoch;
    this.world = world;
    this.who = who;
  }

  private ArrayDeque<Message> queue(FlowClass flow) {
    return switch (flow) {
      case POSTED -> posted;
      case NON_POSTED -> nonPosted;
      case COMPLETION -> completions;
    };
  }

  /** Whether one more of this class may wait here. */
  boolean takes(FlowClass flow) {
    return queue(flow).size() < WAITING_MAX;
  }

  void send(Message message) {
    queue(message.kind().flow).add(message);
    pump();
  }

  /** There is room again. */
  void onRoom() {
    for (FlowClass flow : ORDER) {
      blocked[flow.ordinal()] = false;
    }
    pump();
  }

  private void pump() {
    for (FlowClass flow : ORDER) {
      ArrayDeque<Message> queue = queue(flow);
      while (!queue.isEmpty()
          && !blocked[flow.ordinal()]
          && (flow == FlowClass.POSTED || posted.isEmpty())) {
        if (commit(flow, queue.peek())) {
          queue.remove();
        } else {
          blocked[flow.ordinal()] = true;
        }
      }
    }
  }

  private boolean commit(FlowClass flow, Message message) {
    long at = out.claim(flow, message.tlpBytes(), message.dataBytes());
    if (at < 0) {
      return false;
    }
    int number = sent[flow.ordinal()]++;
    int postedBefore = sent[FlowClass.POSTED.ordinal()] - (flow == FlowClass.POSTED ? 1 : 0);
    message.write(out.segment(), at, epoch, number, postedBefore);
    out.commit();
    if (world.trace.isSpoken()) {
      world.trace.say(who, "sends " + flow + " " + number + ": " + message);
    } else {
      world.trace.count(epoch, (long) message.kind().ordinal() << 32 | number);
    }
    return true;
  }

  /** Forgets what waits: a reset. */
  void clear() {
    posted.clear();
    nonPosted.clear();
    completions.clear();
  }

  boolean isEmpty() {
    return posted.isEmpty() && nonPosted.isEmpty() && completions.isEmpty();
  }

  int sent(FlowClass flow) {
    return sent[flow.ordinal()];
  }

  @Override
  public String toString() {
    return "%d posted, %d non-posted, %d completions wait"
        .formatted(posted.size(), nonPosted.size(), completions.size());
  }
}
