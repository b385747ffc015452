package farslot.sim;

import farslot.link.LinkStream;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * One end of a stream from its attachment to its end: sends and receives {@link Message}s, reads at
 * the other end and answers its reads. What it does with the rest its subclasses say.
 */
abstract class Party implements TlpIn {
  private static final int TAGS = 256;
  private static final int PART_BYTES = 256;
  final Node node;
  final World world;
  final String who;
  final SplittableRandom random;
  final boolean card;
  private final Read[] reads = new Read[TAGS];
  private LinkStream stream;
  private Outbox outbox;
  private Inbox inbox;
  private Pushed pushed;
  private int generation;
  private int readsOpen;
  private boolean over;

  /** A read of ours. */
  private static final class Read {
    final int generation;
    final int bytes;
    final boolean bad;
    final int job;
    int have;

    Read(int generation, int bytes, boolean bad, int job) {
      this.generation = generation;
      this.bytes = bytes;
      this.bad = bad;
      this.job = job;
    }
  }

  Party(Node node, String who, SplittableRandom random, boolean card) {
    this.node = node;
    this.world = node.world;
    this.who = who;
    this.random = random;
    this.card = card;
  }

  /** The stream is there; before anything comes out of it. */
  public final void begin(LinkStream to) {
    stream = to;
    outbox = new Outbox(to, to.epoch(), world, who);
    inbox = new Inbox(world, who, to.epoch());
    pushed = new Pushed(world, who, to.epoch());
  }

  public final LinkStream stream() {
    return stream;
  }

  public final Node node() {
    return node;
  }

  public final String who() {
    return who;
  }

  /** For people and the last judgement. */
  final Outbox outbox() {
    return outbox;
  }

  final Inbox inbox() {
    return inbox;
  }

  final int generation() {
    return generation;
  }

  final boolean isOver() {
    return over;
  }

  /** Whether nothing waits here. */
  public boolean isAtRest() {
    return over || outbox.isEmpty() && readsOpen == 0;
  }

  final int payloadBytes(int wanted) {
    int most = stream.session().payloadBytesMax();
    return Math.clamp(wanted, Message.BYTES_MIN, most) & ~7;
  }

  // Sending.

  final void send(Message message) {
    if (!over) {
      outbox.send(message);
    }
  }

  final boolean takes(FlowClass flow) {
    return !over && outbox.takes(flow);
  }

  /** Reads at the other end, for a job or -1; false when there is no tag or too much waits. */
  final boolean read(int bytes, boolean bad, int job) {
    int tag = random.nextInt(TAGS);
    for (int i = 0; i < TAGS && reads[tag] != null; i++) {
      tag = (tag + 1) % TAGS;
    }
    boolean can = reads[tag] == null && takes(FlowClass.NON_POSTED);
    if (can) {
      reads[tag] = new Read(generation, bytes, bad, job);
      readsOpen++;
      Message.Kind kind = bad ? Message.Kind.BAD_READ : Message.Kind.READ;
      send(new Message(kind, generation, tag, 0, 0, bytes));
    }
    return can;
  }

  /** Sends so many bytes of memory along, if the link takes them now. */
  final void push(int bytes) {
    if (!over && stream.pushes()) {
      pushed.send(stream, Math.clamp(bytes & ~7, Pushed.BYTES_MIN, 4096), sentPosted());
    }
  }

  private int sentPosted() {
    return outbox.sent(FlowClass.POSTED);
  }

  final void revoke() {
    if (!over && stream.pushes()) {
      pushed.revoke(stream);
    }
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    if (world.judge.require(!over, Rule.FENCED, "%s: a push after the end", who)) {
      pushed.received(address, segment, offset, bytes, inbox.received(FlowClass.POSTED));
    }
  }

  @Override
  public void onRevoke() {
    pushed.revoked();
  }

  /** After a Hot Reset: what was asked before gets no answer, or one that nobody waits for. */
  final void nextGeneration(int next) {
    generation = next & 0xFF;
    outbox.clear();
    java.util.Arrays.fill(reads, null);
    readsOpen = 0;
  }

  // Receiving.

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    if (!world.judge.require(!over, Rule.FENCED, "%s: a TLP after the end", who)) {
      return;
    }
    Message message = inbox.open(segment, offset, tlpBytes);
    if (message == null) {
      return;
    }
    switch (message.kind()) {
      case READ, BAD_READ -> onRead(message);
      case ANSWER, REFUSAL -> onCompletion(message);
      default -> onPosted(message);
    }
  }

  /** A register write, data, an interrupt. */
  abstract void onPosted(Message message);

  /** A read for a job is complete. */
  abstract void onJobRead(int job);

  /** Whether what comes with this generation is of now. */
  final boolean isCurrent(Message message) {
    return message.generation() == generation;
  }

  private void onRead(Message read) {
    if (isCurrent(read)) {
      long thinkNs = random.nextInt(4) == 0 ? random.nextInt(2000) * World.US : 0;
      if (thinkNs == 0) {
        answer(read);
      } else {
        world.after(thinkNs, () -> node.turn(() -> answer(read)));
      }
    }
  }

  private void answer(Message read) {
    if (over || !isCurrent(read)) {
      return;
    }
    if (read.kind() == Message.Kind.BAD_READ) {
      send(new Message(Message.Kind.REFUSAL, generation, read.id(), 0, read.bytes(), 0));
      return;
    }
    boolean split = random.nextInt(3) == 0;
    int most = split ? PART_BYTES : stream.session().payloadBytesMax();
    int done = 0;
    while (done < read.bytes()) {
      int bytes = Math.min(most, read.bytes() - done);
      // A rest too short to say what it is goes along with the part before it.
      bytes =
          read.bytes() - done - bytes < Message.BYTES_MIN && bytes + Message.BYTES_MIN <= most
              ? read.bytes() - done
              : bytes;
      send(new Message(Message.Kind.ANSWER, generation, read.id(), done, read.bytes(), bytes));
      done += bytes;
    }
  }

  private void onCompletion(Message completion) {
    Read read = reads[completion.id()];
    boolean stale = read == null || read.generation != completion.generation();
    if (stale && !isCurrent(completion)) {
      // The answer to a question from before a reset.
      world.judge.require(!card, Rule.FENCED, "%s: %s from before a reset", who, completion);
      return;
    }
    if (!world.judge.require(
        read != null, Rule.ANSWERED_ONCE, "%s: nobody asked for %s", who, completion)) {
      return;
    }
    boolean refusal = completion.kind() == Message.Kind.REFUSAL;
    world.judge.require(
        refusal == read.bad
            && completion.part() == read.have
            && (refusal || completion.parts() == read.bytes),
        Rule.ANSWERED_ONCE,
        "%s: %s answers a read of %d bytes, %d of which are here",
        who,
        completion,
        read.bytes,
        read.have);
    read.have += completion.bytes();
    if (refusal || read.have >= read.bytes) {
      reads[completion.id()] = null;
      readsOpen--;
      if (read.job >= 0) {
        onJobRead(read.job);
      }
    }
  }

  @Override
  public void onRoom() {
    if (!over) {
      outbox.onRoom();
    }
  }

  /** The end, from whichever side; once. */
  final boolean finish() {
    boolean first = !over;
    over = true;
    return first;
  }

  @Override
  public String toString() {
    return "%s: %s, %d reads open".formatted(who, outbox, readsOpen);
  }
}
