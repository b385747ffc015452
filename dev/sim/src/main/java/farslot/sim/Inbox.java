package farslot.sim;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfLong;
import java.nio.ByteOrder;

/**
 * Reads what one end of a stream receives, and holds it against the rules: each TLP once and in the
 * order of its class, none past a posted write, all bytes as they were sent, all of this epoch.
 */
final class Inbox {
  private static final OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final Message.Kind[] KINDS = Message.Kind.values();
  private final World world;
  private final String who;
  private final long epoch;
  private final TlpView view = new TlpView();
  private final int[] received = new int[FlowClass.values().length];

  Inbox(World world, String who, long epoch) {
    this.world = world;
    this.who = who;
    this.epoch = epoch;
  }

  int received(FlowClass flow) {
    return received[flow.ordinal()];
  }

  /** The message in a TLP; null when a rule is broken. */
  Message open(MemorySegment segment, long offset, int tlpBytes) {
    view.wrap(segment, offset, tlpBytes);
    Message message =
        switch (view.flowClass()) {
          case POSTED -> posted();
          case NON_POSTED -> read();
          case COMPLETION -> completion();
        };
    if (world.trace.isSpoken()) {
      world.trace.say(who, "has " + message);
    } else {
      world.trace.count(epoch, offset);
    }
    return world.judge.hasFailed() ? null : message;
  }

  private Message posted() {
    epochTag(view.requesterId());
    int number = received[FlowClass.POSTED.ordinal()]++;
    if (view.address() == Integer.toUnsignedLong(Message.MSI_ADDRESS)) {
      int data = view.segment().get(ValueLayout.JAVA_INT_UNALIGNED, view.dataOffset());
      return new Message(Message.Kind.MSI, data >>> 24, data & 0xFFFFFF, 0, 0, view.dataBytes());
    }
    return data(FlowClass.POSTED, number);
  }

  private Message read() {
    epochTag(view.requesterId());
    long address = view.address();
    int number = received[FlowClass.NON_POSTED.ordinal()]++ & Message.NUMBER_MASK;
    int saidNumber = (int) (address >> Message.READ_NUMBER_SHIFT) & Message.NUMBER_MASK;
    int saidPosted = (int) (address >> Message.READ_POSTED_SHIFT) & Message.NUMBER_MASK;
    require(
        saidNumber == number, Rule.ANSWERED_ONCE, "read %d came as number %d", saidNumber, number);
    notPassed(saidPosted);
    boolean refuse = (address & Message.READ_REFUSE) != 0;
    int generation = (int) (address >> Message.READ_GENERATION_SHIFT) & 0xFF;
    Message.Kind kind = refuse ? Message.Kind.BAD_READ : Message.Kind.READ;
    return new Message(kind, generation, view.tag(), 0, 0, view.lengthDw() * 4);
  }

  private Message completion() {
    epochTag(view.requesterId());
    int number = received[FlowClass.COMPLETION.ordinal()]++;
    if (!TlpType.hasData(view.fmtType())) {
      return new Message(
          Message.Kind.REFUSAL, view.completerId(), view.tag(), 0, view.byteCount(), 0);
    }
    Message message = data(FlowClass.COMPLETION, number);
    if (message == null) {
      return null;
    }
    require(
        message.id() == view.tag(),
        Rule.ANSWERED_ONCE,
        "tag %d on the data of tag %d",
        view.tag(),
        message.id());
    require(
        message.parts() - message.part() == view.byteCount(),
        Rule.BYTES_INTACT,
        "Byte Count is %d, not %d",
        view.byteCount(),
        message.parts() - message.part());
    return message;
  }

  private Message data(FlowClass flow, int number) {
    MemorySegment from = view.segment();
    long at = view.dataOffset();
    int bytes = view.dataBytes();
    if (!require(bytes >= Message.BYTES_MIN, Rule.BYTES_INTACT, "%d bytes of data", bytes, 0)) {
      return null;
    }
    long first = from.get(U64, at);
    long second = from.get(U64, at + 8);
    long third = from.get(U64, at + 16);
    Rule once = flow == FlowClass.POSTED ? Rule.POSTED_ONCE : Rule.ANSWERED_ONCE;
    require(
        first >>> 32 == epoch, Rule.ONE_OWNER, "came under epoch %d, not %d", first >>> 32, epoch);
    require(second >>> 32 == number, once, "number %d came as number %d", second >>> 32, number);
    notPassed((int) second);
    long epochSaid = first >>> 32;
    for (int i = 24; i < bytes; i += 8) {
      if (from.get(U64, at + i) != Message.pattern(epochSaid, (int) (second >>> 32), i)) {
        world.judge.fail(Rule.BYTES_INTACT, who + ": wrong bytes in " + flow + " " + number);
        break;
      }
    }
    return new Message(
        KINDS[(int) (first >> 8 & 0xFF) % KINDS.length],
        (int) first & 0xFF,
        (int) (third >>> 32),
        (int) (third >> 16) & 0xFFFF,
        (int) third & 0xFFFF,
        bytes);
  }

  private void epochTag(int requesterId) {
    require(
        requesterId == (int) (epoch & 0xFFFF),
        Rule.ONE_OWNER,
        "a TLP of epoch %d, not %d",
        requesterId,
        epoch);
  }

  private void notPassed(int postedBefore) {
    int posted = received[FlowClass.POSTED.ordinal()];
    // A posted write counts itself already.
    require(
        (postedBefore & Message.NUMBER_MASK) <= (posted & Message.NUMBER_MASK),
        Rule.NOT_PASSED,
        "%d posted writes were sent before, %d have come",
        postedBefore,
        posted);
  }

  private boolean require(boolean holds, Rule rule, String text, long one, long other) {
    return holds || world.judge.require(false, rule, who + ": " + text, one, other);
  }
}
