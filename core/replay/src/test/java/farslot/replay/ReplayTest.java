package farslot.replay;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.capture.TlpFilter;
import farslot.pcie.PortStream;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.replay.Difference.Kind;
import farslot.testkit.FakeAgent;
import farslot.testkit.TlpPipe;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A conversation is played to cards that do the same, other things, or nothing. */
class ReplayTest {
  private static final long MS = 1_000_000;
  private static final byte[] BAR = Bits.configWrite(0x10, 0x1000);
  private static final byte[] BAR_DONE = Bits.status(9, 0, 0);

  private final List<Utterance> said = new ArrayList<>();
  private final FakeAgent agent = new FakeAgent();
  private final List<byte[]> heard = new ArrayList<>();
  private final ArrayDeque<byte[][]> reactions = new ArrayDeque<>();
  private final List<TlpFilter.Range> ignored = new ArrayList<>();
  private Report report;
  private Replay replay;
  private final List<String> pushed = new ArrayList<>();
  private boolean pushes = true;
  private int resets;
  private double speed;

  ReplayTest() {
    // What a server does first: it tells the card its addresses.
    byte[] bar = BAR.clone();
    bar[6] = 9;
    server(bar);
    card(BAR_DONE);
    reactions.add(new byte[][] {BAR_DONE});
  }

  private void server(byte[] tlp) {
    said.add(new Utterance(said.size() + 1, said.size() * MS, Utterance.Kind.SERVER, tlp));
  }

  private void card(byte[] tlp) {
    said.add(new Utterance(said.size() + 1, said.size() * MS, Utterance.Kind.CARD, tlp));
  }

  private void reset() {
    byte[] nothing = {};
    said.add(new Utterance(said.size() + 1, said.size() * MS, Utterance.Kind.RESET, nothing));
  }

  private void push(boolean steady, byte[] body) {
    Utterance.Kind kind = steady ? Utterance.Kind.STEADY_PUSH : Utterance.Kind.PUSH;
    said.add(new Utterance(said.size() + 1, said.size() * MS, kind, body));
  }

  private void revoke() {
    byte[] nothing = {};
    said.add(new Utterance(said.size() + 1, said.size() * MS, Utterance.Kind.REVOKE, nothing));
  }

  /** What the card sends when it hears the next TLP. */
  private void reacts(byte[]... tlps) {
    reactions.add(tlps);
  }

  private Report play() {
    TlpPipe down = new TlpPipe("replay");
    down.pushes(pushes);
    replay =
        new Replay(
            new Conversation("f", said),
            new Replay.Options(speed, 100 * MS, ignored),
            agent,
            result -> report = result);
    down.join(replay, new Card());
    replay.begin(new Way(down));
    for (int i = 0; i < 10_000 && report == null; i++) {
      if (!down.deliver()) {
        agent.advance(MS);
      }
    }
    assertThat(report).as("a report").isNotNull();
    return report;
  }

  private final class Way implements PortStream {
    private final TlpPipe pipe;

    Way(TlpPipe pipe) {
      this.pipe = pipe;
    }

    @Override
    public TlpOut out() {
      return pipe;
    }

    @Override
    public int payloadBytesMax() {
      return 128;
    }

    @Override
    public void hotReset() {
      resets++;
    }

    @Override
    public void detach(String cause) {
      throw new AssertionError("a replay gives nothing back: " + cause);
    }
  }

  private final class Card implements TlpIn {
    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      heard.add(segment.asSlice(offset, tlpBytes).toArray(ValueLayout.JAVA_BYTE));
      byte[][] next = reactions.poll();
      for (byte[] tlp : next == null ? new byte[0][] : next) {
        agent.execute(() -> replay.onTlp(MemorySegment.ofArray(tlp), 0, tlp.length));
      }
    }

    @Override
    public void onPush(
        long address, MemorySegment segment, long offset, int bytes, boolean steady) {
      byte[] data = segment.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
      pushed.add("%x %s %b".formatted(address, Said.hex(data), steady));
    }

    @Override
    public void onRevoke() {
      pushed.add("revoke");
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}
  }

  private void assertSame() {
    assertThat(report.differences()).isEmpty();
    assertThat(report.differenceCount()).isZero();
    assertThat(report.same()).isEqualTo(report.sameOf());
    assertThat(report.said()).isEqualTo(report.saidOf());
  }

  private void assertOnly(Kind kind, String what) {
    assertThat(report.differences()).hasSize(1);
    assertThat(report.differences().getFirst().kind()).isEqualTo(kind);
    assertThat(report.differences().getFirst().what()).contains(what);
  }

  /** A doorbell, on which the card reads, gets its data, and writes. */
  private void job() {
    server(Bits.write(0x1000, 1));
    card(Bits.read(3, 0x8000, 4));
    server(Bits.answer(3, 0, 1, 2, 3, 4));
    card(Bits.write(0x9000, 5, 6));
  }

  @Test
  void theSameAgainUnderAnotherTag() {
    job();
    reacts(Bits.read(0x55, 0x8000, 4));
    reacts(Bits.write(0x9000, 5, 6));
    play();
    assertSame();
    assertThat(report.notes()).isEmpty();
    assertThat(heard.getLast()).isEqualTo(Bits.answer(0x55, 0, 1, 2, 3, 4));
  }

  @Test
  void readsThatAreCutOtherwiseGetTheSameData() {
    job();
    reacts(Bits.read(1, 0x8000, 1), Bits.read(2, 0x8004, 3));
    reacts();
    reacts(Bits.write(0x9000, 5, 6));
    play();
    assertThat(report.differences()).isEmpty();
    assertThat(report.same()).isEqualTo(report.sameOf());
    assertThat(heard.subList(2, 4))
        .containsExactly(Bits.answer(1, 0, 1), Bits.answer(2, 4, 2, 3, 4));
  }

  @Test
  void oneReadInsteadOfTwo() {
    server(Bits.write(0x1000, 1));
    card(Bits.read(3, 0x8000, 1));
    server(Bits.answer(3, 0, 1));
    card(Bits.read(3, 0x8004, 2));
    server(Bits.answer(3, 4, 2, 3));
    reacts(Bits.read(7, 0x8000, 3));
    play();
    assertThat(report.differences()).isEmpty();
    assertThat(heard.getLast()).isEqualTo(Bits.answer(7, 0, 1, 2, 3));
  }

  @Test
  void whatWasPushedIsPushedAgain() {
    push(true, Bits.push(0x8000, 1, 2));
    push(false, Bits.push(0x8FFC, 3));
    server(Bits.write(0x1000, 1));
    card(Bits.write(0x9000, 5));
    revoke();
    reacts(Bits.write(0x9000, 5));
    play();
    assertSame();
    assertThat(pushed)
        .containsExactly("8000 0000000100000002 true", "8ffc 00000003 false", "revoke");
    assertThat(report.notes()).isEmpty();
  }

  @Test
  void aCardThatIsNotPushedReadsWhatWasPushed() {
    pushes = false;
    push(true, Bits.push(0x8000, 1, 2));
    server(Bits.write(0x1000, 1));
    card(Bits.write(0x9000, 5));
    revoke();
    reacts(Bits.read(3, 0x8000, 2));
    reacts(Bits.write(0x9000, 5));
    play();
    assertSame();
    assertThat(heard.getLast()).isEqualTo(Bits.answer(3, 0, 1, 2));
    assertThat(pushed).isEmpty();
  }

  @Test
  void aCardNeedNotReadAgainWhatIsPushed() {
    push(true, Bits.push(0x8000, 1, 2, 3, 4));
    job();
    reacts(Bits.write(0x9000, 5, 6));
    play();
    assertThat(report.differences()).isEmpty();
    assertThat(report.same()).isEqualTo(report.sameOf());
    assertThat(report.notes()).hasSize(1).first().asString().startsWith("1 reads of memory");
  }

  @Test
  void afterARevokeTheReadIsAwaited() {
    push(true, Bits.push(0x8000, 1, 2, 3, 4));
    revoke();
    job();
    reacts();
    play();
    assertThat(report.differences().stream().map(Difference::kind))
        .containsExactly(Kind.MISSING, Kind.MISSING);
  }

  @Test
  void whatWasJustPushedIsMeantAndNotWhatIsReadThereLater() {
    pushes = false;
    push(true, Bits.push(0x8000, 1));
    server(Bits.write(0x1000, 1));
    card(Bits.write(0x9000, 5));
    revoke();
    server(Bits.write(0x1000, 2));
    card(Bits.read(7, 0x8000, 1));
    server(Bits.answer(7, 0, 2));
    card(Bits.write(0x9000, 6));
    reacts(Bits.read(1, 0x8000, 1));
    reacts(Bits.write(0x9000, 5));
    reacts(Bits.read(1, 0x8000, 1));
    reacts(Bits.write(0x9000, 6));
    play();
    assertSame();
    assertThat(heard.get(2)).isEqualTo(Bits.answer(1, 0, 1));
    assertThat(heard.getLast()).isEqualTo(Bits.answer(1, 0, 2));
  }

  @Test
  void readsThatWerePartlyPushedArePutTogether() {
    pushes = false;
    push(true, Bits.push(0x8000, 1));
    server(Bits.write(0x1000, 1));
    card(Bits.read(7, 0x8004, 1));
    server(Bits.answer(7, 4, 2));
    card(Bits.write(0x9000, 6));
    reacts(Bits.read(1, 0x8000, 2));
    reacts(Bits.write(0x9000, 6));
    play();
    assertThat(report.differences()).isEmpty();
    assertThat(heard.getLast()).isEqualTo(Bits.answer(1, 0, 1, 2));
  }

  @Test
  void otherData() {
    job();
    reacts(Bits.read(3, 0x8000, 4));
    reacts(Bits.write(0x9000, 5, 7));
    play();
    assertOnly(Kind.DATA, "MWr 0x9000");
    assertThat(report.differences().getFirst().packet()).isEqualTo(6);
    assertThat(report.differences().getFirst().captured()).isEqualTo("0000000500000006");
    assertThat(report.differences().getFirst().replayed()).isEqualTo("0000000500000007");
  }

  @Test
  void otherDataThatIsIgnored() {
    job();
    ignored.add(new TlpFilter.Range(0x9004, 0x9FFF));
    reacts(Bits.read(3, 0x8000, 4));
    reacts(Bits.write(0x9000, 5, 7));
    play();
    assertSame();
  }

  @Test
  void whatIsNotDoneIsMissedAfterAWhile() {
    job();
    server(Bits.write(0x1000, 2));
    reacts(Bits.read(3, 0x8000, 4));
    play();
    assertOnly(Kind.MISSING, "MWr 0x9000");
    assertThat(report.said()).as("what the server said goes on").isEqualTo(report.saidOf());
  }

  @Test
  void whatIsNotInTheCaptureIsRefused() {
    job();
    reacts(Bits.read(3, 0x8000, 4), Bits.read(4, 0xA000, 1));
    reacts();
    reacts(Bits.write(0x9000, 5, 6));
    play();
    assertOnly(Kind.EXTRA, "MRd 0xa000");
    assertThat(heard).contains(Bits.status(4, 1, 0));
  }

  @Test
  void answersAreCompared() {
    server(Bits.read(1, 0x1000, 1));
    card(Bits.answer(1, 0, 42));
    server(Bits.read(2, 0x1004, 1));
    card(Bits.status(2, 1, 3));
    server(Bits.read(3, 0x1008, 1));
    reacts(Bits.answer(1, 0, 43));
    reacts(Bits.answer(2, 4, 1));
    reacts(Bits.answer(3, 8, 1));
    play();
    assertThat(report.differences().stream().map(Difference::kind))
        .containsExactly(Kind.ANSWER, Kind.ANSWER, Kind.ANSWERED);
    assertThat(report.differences().get(1).captured()).isEqualTo("UR");
  }

  @Test
  void aRefusalWithAnyLowerAddressIsAnAnswer() {
    server(Bits.read(2, 0x1000, 1));
    card(Bits.status(2, 1, 3));
    reacts(Bits.status(2, 1, 3));
    play();
    assertSame();
  }

  @Test
  void aCardThatStopsIsLeftAlone() {
    for (int i = 0; i < 40; i++) {
      server(Bits.read(i, 0x1000, 1));
      card(Bits.answer(i, 0, 42));
    }
    play();
    assertThat(report.notes().toString()).contains("left off at packet");
    assertThat(report.said()).isLessThan(report.saidOf());
    assertThat(report.differenceCount()).isBetween(1L, 20L);
  }

  @Test
  void resetsAreSaidInTheirPlace() {
    server(Bits.read(1, 0x1000, 1)); // Never answered, since there was a reset.
    reset();
    server(Bits.read(1, 0x1000, 1));
    card(Bits.answer(1, 0, 42));
    reacts();
    reacts(Bits.answer(1, 0, 42));
    play();
    assertSame();
    assertThat(resets).isEqualTo(1);
  }

  @Test
  void answersFromBeforeAResetAreNobodys() {
    server(Bits.read(1, 0x1000, 1));
    reset();
    server(Bits.read(2, 0x1000, 1));
    card(Bits.answer(2, 0, 42));
    reacts(Bits.answer(1, 0, 42));
    reacts(Bits.answer(2, 0, 42), Bits.answer(1, 0, 42));
    play();
    assertOnly(Kind.EXTRA, "CplD tag 1");
  }

  @Test
  void asFastAsItWas() {
    speed = 1;
    job();
    reacts(Bits.read(3, 0x8000, 4));
    reacts(Bits.write(0x9000, 5, 6));
    play();
    assertSame();
    assertThat(report.durationNs()).isGreaterThanOrEqualTo(4 * MS);
  }

  @Test
  void anotherOrderIsNoted() {
    server(Bits.write(0x1000, 1));
    card(Bits.write(0x8000, 1));
    card(Bits.write(0x9000, 2));
    reacts(Bits.write(0x9000, 2), Bits.write(0x8000, 1));
    play();
    assertThat(report.differences()).isEmpty();
    assertThat(report.notes()).containsExactly("1 of the card's requests came in another order");
  }

  @Test
  void aCaptureThatBeganTooLateSaysSo() {
    said.clear();
    reactions.clear();
    server(Bits.read(1, 0x1000, 1));
    card(Bits.answer(1, 0, 42));
    reacts(Bits.status(1, 1, 0));
    play();
    assertOnly(Kind.ANSWER, "MRd 0x1000");
    assertThat(report.notes().toString()).contains("began too late");
  }

  @Test
  void hexIsCutForTables() {
    assertThat(Said.hex(new byte[40])).endsWith("... (40 B)").startsWith("00");
    assertThat(Said.hex(Arrays.copyOf(new byte[] {1}, 2))).isEqualTo("0100");
  }
}
