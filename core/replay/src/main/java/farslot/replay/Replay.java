package farslot.replay;

import farslot.capture.TlpFilter;
import farslot.function.Agent;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.PortStream;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.replay.Score.Note;
import farslot.replay.Score.Part;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The server's part of a captured conversation, played to a card. What the server said is said in
 * its order, each thing after all that the card had done before it in the capture: so the card is
 * led through the same states. Its DMA reads get the data that they got then.
 *
 * <p>On the agent's thread only.
 */
public final class Replay implements TlpIn {
  /** The card is at rest when nothing came from it for so long behind the end. */
  private static final long QUIET_NS = 200_000_000L;

  /** Things that the card does not do, one after the other, after which it is left alone. */
  private static final int MISSES_MAX = 8;

  /** Read Completion Boundary: completions end at multiples of it (2.3.1.1). */
  private static final int RCB_BYTES = 64;

  /**
   * How it is played.
   *
   * @param speed as many times as fast as it was; 0 for as fast as the card goes
   * @param patienceNs how long the card may take for what it did in the capture
   * @param ignored addresses whose data is not compared: of registers that tell the time, and of
   *     memory where the card says how far it has come by chance
   */
  public record Options(double speed, long patienceNs, List<TlpFilter.Range> ignored) {
    public Options {
      if (!(speed >= 0) || patienceNs <= 0) {
        throw new IllegalArgumentException("speed " + speed + ", patience " + patienceNs + " ns");
      }
    }
  }

  private final Conversation conversation;
  private final Options options;
  private final Agent agent;
  private final Consumer<Report> done;
  private final Score score;
  private final Findings findings;
  private final CardsPart card;
  private final Agent.Timer patience;
  private final Agent.Timer tempo;
  private final ArrayDeque<byte[]> answers = new ArrayDeque<>();
  private final List<String> notes = new ArrayList<>();
  private PortStream stage;
  private long startNs;
  private int next;
  private int misses;
  private long said;
  private boolean waits;
  private boolean ended;

  /**
   * @param done gets the report, once
   */
  public Replay(Conversation conversation, Options options, Agent agent, Consumer<Report> done) {
    this.conversation = conversation;
    this.options = options;
    this.agent = agent;
    this.done = done;
    score = new Score(conversation);
    findings = new Findings(score);
    card = new CardsPart(score, findings, options.ignored());
    patience = agent.timer(this::onPatience);
    tempo = agent.timer(this::advance);
  }

  /** The card is there, and has just been reset. */
  public void begin(PortStream to) {
    stage = to;
    startNs = agent.nowNs();
    if (!score.assignsAddresses()) {
      notes.add(
          "the capture does not show how the card got its addresses: it began too late, "
              + "after the function was attached");
    }
    if (score.strays() > 0) {
      notes.add(score.strays() + " completions in the capture answer nothing that is there");
    }
    if (score.size() > 0 && score.get(0).part() == Part.RESET) {
      next = 1; // That is what attaching did just now.
      said = 1;
    }
    advance();
  }

  /** Leaves off and reports; harmless when it has ended. */
  public void end(String why) {
    if (!ended) {
      notes.add(why);
      finish();
    }
  }

  // Saying.

  private void advance() {
    while (!ended && next < score.size()) {
      if (!sendAnswers() || !step(score.get(next))) {
        return;
      }
      next++;
      waits = false;
    }
    if (!ended && sendAnswers()) {
      waits = false;
      patience.arm(QUIET_NS);
    }
  }

  /** Does what a note asks; false when that has to wait. */
  private boolean step(Note note) {
    return switch (note.part()) {
      case NOTHING -> true;
      case RESET -> early() ? false : reset();
      case POSTED -> !early() && say(note.said().bytes);
      case REQUEST -> !early() && ask(note);
      case COMPLETION -> !early() && complete(note);
      case PUSH -> !early() && push(note.utterance());
      case REVOKE -> !early() && revoke();
      case CARD_READ -> card.done(next) || spared(note) || await();
      case CARD_POSTED, CARD_ANSWER -> card.done(next) || await();
    };
  }

  /** Whether it is too early for the next note; then the time has been set. */
  private boolean early() {
    if (options.speed() == 0) {
      return false;
    }
    long dueNs = startNs + (long) (score.atNs(next) / options.speed());
    long leftNs = dueNs - agent.nowNs();
    if (leftNs > 0) {
      tempo.arm(leftNs);
    }
    return leftNs > 0;
  }

  private boolean await() {
    if (!waits) {
      waits = true;
      patience.arm(options.patienceNs());
    }
    return false;
  }

  private boolean reset() {
    stage.hotReset();
    card.reset();
    answers.clear();
    said++;
    return true;
  }

  /** An offer: where the link does not take it, the card asks. */
  private boolean push(Utterance push) {
    card.memory().push(push);
    byte[] bytes = push.pushed();
    boolean steady = push.kind() == Utterance.Kind.STEADY_PUSH;
    TlpOut out = stage.out();
    long at = out.pushes() ? out.claimPush(push.address(), bytes.length, steady) : -1;
    if (at >= 0) {
      MemorySegment.copy(bytes, 0, out.segment(), ValueLayout.JAVA_BYTE, at, bytes.length);
      out.commit();
    }
    return true;
  }

  private boolean revoke() {
    card.memory().revoke();
    stage.out().revoke();
    return true;
  }

  private boolean spared(Note note) {
    if (note.exchange().pushed) {
      card.spare(next);
    }
    return note.exchange().pushed;
  }

  private boolean ask(Note note) {
    int tag = note.said().tlp.tag();
    if (card.open(tag)) {
      return await();
    }
    if (!say(note.said().bytes)) {
      return false;
    }
    card.ask(note.exchange());
    return true;
  }

  private boolean complete(Note note) {
    Exchange read = note.exchange();
    if (read.tag < 0) {
      return true; // The card has not asked, which was told, or has been answered in parts.
    }
    return say(Retagged.of(note.said(), read.requesterId, read.tag));
  }

  private boolean say(byte[] tlp) {
    if (!send(tlp)) {
      return false; // onRoom goes on.
    }
    said++;
    return true;
  }

  private boolean send(byte[] bytes) {
    Said tlp = new Said(bytes);
    TlpOut out = stage.out();
    long at = out.claim(tlp.tlp.flowClass(), bytes.length, tlp.tlp.dataBytes());
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(bytes, 0, out.segment(), ValueLayout.JAVA_BYTE, at, bytes.length);
    out.commit();
    return true;
  }

  // Hearing.

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    if (ended || stage == null) {
      return;
    }
    Said heard = new Said(segment.asSlice(offset, tlpBytes).toArray(ValueLayout.JAVA_BYTE));
    misses = 0;
    if (heard.isCompletion()) {
      card.onCompletion(heard, next);
    } else if (heard.tlp.flowClass() == FlowClass.POSTED) {
      card.onPosted(heard, next);
    } else if (card.onRead(heard, next) == null) {
      improvise(heard);
    }
    waits = false;
    advance();
  }

  /** The card reads what it did not read, or otherwise. */
  private void improvise(Said read) {
    byte[] data = read.isRead() && read.wanted() > 0 ? card.compose(read) : null;
    if (data != null) {
      answer(read, data);
      return;
    }
    findings.add(Difference.Kind.EXTRA, next - 1, read.words(), "", read.line());
    byte[] bytes = new byte[12];
    TlpEncoder.completion(
        MemorySegment.ofArray(bytes),
        0,
        0,
        read.tlp.requesterId(),
        read.tlp.tag(),
        CompletionStatus.UR,
        read.tlp.answerByteCount(),
        read.tlp.answerLowerAddress());
    answers.add(bytes);
  }

  private void answer(Said read, byte[] data) {
    long address = read.tlp.firstByteAddress();
    int at = 0;
    while (at < data.length) {
      long end = (address + at + stage.payloadBytesMax()) & -RCB_BYTES;
      int bytes = (int) Math.min(end - address - at, data.length - at);
      int lower = (int) (address + at) & 0x7F;
      byte[] tlp = new byte[12 + TlpEncoder.dataBytes(lower, bytes)];
      TlpEncoder.completionWithData(
          MemorySegment.ofArray(tlp),
          0,
          0,
          read.tlp.requesterId(),
          read.tlp.tag(),
          data.length - at,
          lower,
          bytes);
      System.arraycopy(data, at, tlp, 12 + (lower & 3), bytes);
      answers.add(tlp);
      at += bytes;
    }
  }

  /** Sends what is due to reads that the capture does not have; false when there is no room. */
  private boolean sendAnswers() {
    while (!answers.isEmpty()) {
      if (!send(answers.peek())) {
        return false;
      }
      answers.remove();
    }
    return true;
  }

  @Override
  public void onRoom() {
    if (stage != null) {
      advance();
    }
  }

  @Override
  public void onHotReset() {
    // Goes downstream only.
  }

  @Override
  public void onDown() {
    end("the function was taken away");
  }

  // The end.

  private void onPatience() {
    if (ended) {
      return;
    }
    if (next == score.size()) {
      finish();
      return;
    }
    if (++misses > MISSES_MAX) {
      end(
          "the card has stopped doing what the capture shows; left off at packet "
              + score.get(next).utterance().packet());
      return;
    }
    Note note = score.get(next);
    if (note.part() == Part.REQUEST) {
      card.abandon(note.said().tlp.tag());
    } else {
      card.giveUp(next);
    }
    waits = false;
    advance();
  }

  private void finish() {
    ended = true;
    patience.cancel();
    tempo.cancel();
    if (card.spared() > 0) {
      notes.add(card.spared() + " reads of memory that had been pushed were not needed this time");
    }
    if (card.moved() > 0) {
      notes.add(card.moved() + " of the card's requests came in another order");
    }
    done.accept(
        new Report(
            conversation.function(),
            said,
            score.count(Part.POSTED, Part.REQUEST, Part.COMPLETION, Part.RESET),
            card.same(),
            score.count(Part.CARD_READ, Part.CARD_POSTED, Part.CARD_ANSWER),
            findings.kept(),
            findings.count(),
            List.copyOf(notes),
            agent.nowNs() - startNs));
  }
}
