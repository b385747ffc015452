package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A HELLO alone changes nothing: it may be yesterday's, or somebody else's. */
class ConfirmationTest {
  private final RawInitiator peer = new RawInitiator();

  private static byte[] helloFrame(RawInitiator by, int session) {
    byte[] body = Frames.helloBody(16640, 11, by.tokenHigh, by.tokenLow, "server-1");
    return Frames.frame(Frames.HELLO, 0, session, 0, session == 0 ? 1 : by.expected, body);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-70")
  @Tag("PCIEOE-21")
  void aHelloForANewSessionNeitherEndsNorMakesOne(boolean reliable) {
    peer.reliable = reliable;
    peer.attached();
    LinkSession live = peer.live();
    int session = peer.session;
    peer.connect();
    peer.helloOnly("server-1", 11);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.WELCOME);
    assertThat(peer.acceptor.sessions()).containsExactly(live);
    assertThat(live.state()).isEqualTo(LinkState.L0);
    peer.pass(3_001 * RawInitiator.MS);
    assertThat(peer.rail.closed).isNotNull();
    assertThat(peer.acceptor.freshRails()).isZero();
    assertThat(peer.acceptor.sessions()).extracting(LinkSession::id).containsExactly(session);
  }

  @Test
  @Tag("PCIEOE-70")
  void aHelloThatResumesDoesNotTakeTheRail() {
    peer.reliable = false;
    peer.attached();
    FakeRail working = peer.rail;
    RailListener from = peer.listener;
    byte[] again = helloFrame(peer, peer.session);
    peer.connect();
    peer.say(again);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.WELCOME);
    assertThat(working.closed).isNull();
    // What was recorded with it comes again, too: its echo is of another day.
    byte[] recorded = Frames.echoing(Frames.frame(Frames.ACK, 2, peer.session, 2, 2), 12345);
    peer.say(recorded);
    peer.say(Frames.frame(Frames.DATA, 0, peer.session, 2, 2));
    assertThat(working.closed).isNull();
    assertThat(peer.rail.closed).isNull();
    peer.listener = from;
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Frames.ACK, Frames.DATA})
  @Tag("PCIEOE-70")
  void anyFrameOfTheSessionConfirms(int type) {
    peer.reliable = false;
    peer.connect();
    peer.helloOnly("server-1", 11);
    Frames.Frame welcome = peer.rail.last();
    assertThat(peer.acceptor.sessions()).isEmpty();
    byte[] other = Frames.frame(type, 2, welcome.session() ^ 1, 1, 1);
    peer.say(Frames.echoing(other, welcome.txTime()));
    assertThat(peer.acceptor.sessions()).isEmpty();
    byte[] first = Frames.frame(type, 2, welcome.session(), 1, 1);
    peer.say(Frames.echoing(first, welcome.txTime()));
    assertThat(peer.live().id()).isEqualTo(welcome.session());
    assertThat(peer.live().expected()).isEqualTo(type == Frames.DATA ? 2 : 1);
  }

  /** Found by eight paths that joined before the first had confirmed. */
  @Test
  @Tag("PCIEOE-70")
  void aHelloWithTheTokenConfirmsToo() {
    peer.connect();
    peer.helloOnly("server-1", 11);
    FakeRail first = peer.rail;
    RailListener from = peer.listener;
    int txTime = first.last().txTime();
    peer.tokenLow ^= 1;
    peer.connect();
    peer.helloOnly("server-1", 11);
    assertThat(peer.rail.last().text()).startsWith("3: ");
    peer.tokenLow ^= 1;
    assertThat(peer.acceptor.sessions()).isEmpty();
    peer.connect();
    peer.helloOnly("server-1", 11);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.WELCOME);
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
    peer.confirm();
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
    peer.rail = first;
    peer.listener = from;
    peer.say(Frames.echoing(Frames.frame(Frames.ACK, 2, peer.session, 1, 1), txTime));
    assertThat(peer.acceptor.sessions()).hasSize(1);
    assertThat(peer.acceptor.freshRails()).isZero();
  }

  @Test
  @Tag("PCIEOE-70")
  void aSessionBeginsAtTheBeginning() {
    peer.connect();
    peer.helloOnly("server-1", 11);
    peer.say(Frames.frame(Frames.ACK, 0, peer.rail.last().session(), 1, 9));
    assertThat(peer.rail.last().text()).startsWith("7: ");
    assertThat(peer.acceptor.sessions()).isEmpty();
  }

  @Test
  @Tag("PCIEOE-70")
  void onAReliableRailNothingElseMayFollowWelcome() {
    for (int type : new int[] {Frames.HELLO, Frames.ACK}) {
      peer.session = 0;
      peer.connect();
      peer.helloOnly("server-1", 11);
      int session = type == Frames.HELLO ? 0 : peer.rail.last().session() ^ 1;
      byte[] body =
          type == Frames.HELLO ? Frames.helloBody(16640, 11, 0, 0, "server-1") : new byte[0];
      peer.say(Frames.frame(type, 0, session, 0, 1, body));
      assertThat(peer.rail.last().text()).startsWith("2: ");
      assertThat(peer.rail.closed).isNotNull();
    }
  }

  @Test
  @Tag("PCIEOE-70")
  void helloesByTheThousandCostNoSession() {
    for (int i = 0; i < 1000; i++) {
      peer.session = 0;
      peer.connect();
      peer.helloOnly("server-" + i, i);
    }
    assertThat(peer.acceptor.sessions()).isEmpty();
    assertThat(peer.acceptor.freshRails()).isEqualTo(LinkSizes.USUAL.sessionsMax());
    peer.pass(3_001 * RawInitiator.MS);
    assertThat(peer.acceptor.freshRails()).isZero();
  }

  @Test
  @Tag("PCIEOE-72")
  void aRepeatedHelloIsAnsweredAgainUntilTheSessionUsesTheRail() {
    peer.reliable = false;
    peer.connect();
    byte[] hello = Frames.withCrc(helloFrame(peer, 0));
    for (int i = 0; i < 3; i++) {
      peer.listener.onFrame(MemorySegment.ofArray(hello), 0, hello.length, peer.nowNs);
      peer.nowNs += RawInitiator.MS;
    }
    assertThat(peer.rail.sent).hasSize(3).allMatch(f -> f.type() == Frames.WELCOME);
    Frames.Frame first = peer.rail.sent.getFirst();
    assertThat(peer.rail.sent)
        .allMatch(f -> f.session() == first.session())
        .allMatch(f -> java.util.Arrays.equals(f.body(), first.body()));
    // A late answer counts as well as the last one, one from before the first does not.
    peer.session = first.session();
    peer.say(Frames.echoing(Frames.frame(Frames.ACK, 2, peer.session, 1, 1), first.txTime() - 1));
    assertThat(peer.acceptor.sessions()).isEmpty();
    peer.say(
        Frames.echoing(
            Frames.frame(Frames.ACK, 2, peer.session, 1, 1), peer.rail.sent.get(1).txTime()));
    assertThat(peer.acceptor.sessions()).hasSize(1);
    int sent = peer.rail.sent.size();
    peer.listener.onFrame(MemorySegment.ofArray(hello), 0, hello.length, peer.nowNs);
    assertThat(peer.rail.sent).hasSize(sent);
    assertThat(peer.rail.closed).isNull();
  }

  @Test
  @Tag("PCIEOE-72")
  void anInitiatorRepeatsHelloWhereItMayBeLost() {
    RawAcceptor appliance = new RawAcceptor();
    appliance.reliable = false;
    appliance.connect();
    appliance.pass(49 * RawAcceptor.MS);
    assertThat(appliance.rail.sent).hasSize(1);
    appliance.pass(101 * RawAcceptor.MS);
    assertThat(appliance.rail.sent).hasSize(3).allMatch(f -> f.type() == Frames.HELLO);
    int second = appliance.rail.sent.get(1).txTime();
    appliance.say(appliance.welcome(second));
    assertThat(appliance.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-72")
  void anInitiatorDoesNotRepeatItselfOnAReliableRail() {
    RawAcceptor appliance = new RawAcceptor();
    appliance.connect();
    appliance.pass(2_900 * RawAcceptor.MS);
    assertThat(appliance.rail.sent).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-71")
  void anInitiatorShowsAtOnceThatItHeardWelcome(boolean reliable) {
    RawAcceptor appliance = new RawAcceptor();
    appliance.reliable = reliable;
    appliance.connect();
    byte[] welcome = appliance.welcome(appliance.rail.sent.getFirst().txTime());
    java.nio.ByteBuffer.wrap(welcome).putInt(24, 4711);
    appliance.say(welcome);
    Frames.Frame first = appliance.rail.sent.get(1);
    assertThat(first.type()).isEqualTo(Frames.ACK);
    assertThat(first.session()).isEqualTo(appliance.session);
    assertThat(first.seq()).isEqualTo(1);
    assertThat(first.echoTime()).isEqualTo(4711);
    appliance.pass(200 * RawAcceptor.MS);
    assertThat(appliance.rail.sent).hasSize(reliable ? 2 : 4).allMatch(f -> f.type() <= 5);
    if (!reliable) {
      appliance.say(Frames.frame(Frames.ACK, 0, appliance.session, 1, 1));
      appliance.pass(290 * RawAcceptor.MS);
      assertThat(appliance.rail.sent).as("it was heard").hasSize(4);
    }
  }
}
