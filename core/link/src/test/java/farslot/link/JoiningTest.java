package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several paths to one appliance, used together: how they join, leave and come back. */
class JoiningTest {
  private static final LinkConfig INITIATOR = LinkConfig.of("server-1", 11);
  private static final LinkConfig APPLIANCE = LinkConfig.of("appliance-1", 22);

  private static Lab lab(int paths) {
    return new Lab(Fuzz.seed(), INITIATOR, APPLIANCE, paths);
  }

  private static List<Integer> numbers(LinkSession session) {
    return session.rails().stream().map(RailHealth::number).sorted().toList();
  }

  private static PathStatus path(Lab lab, int number) {
    return lab.initiator.paths().get(number);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-73")
  void onePathBeginsAndTheOthersJoin(boolean reliable) {
    Lab lab = lab(8);
    lab.reliable = reliable;
    LinkSession session = lab.up();
    assertThat(numbers(session)).as("%s", lab.events).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(numbers(lab.acceptorSession())).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(lab.acceptor.sessions()).hasSize(1);
    assertThat(lab.acceptor.freshRails()).isZero();
    assertThat(lab.events).filteredOn(e -> e.contains(" is up over ")).hasSize(2);
    assertThat(lab.events).filteredOn(e -> e.contains(" has got ")).hasSize(14);
    assertThat(lab.initiator.paths()).allMatch(p -> p.state() == PathStatus.State.UP);
  }

  /** Whom the first asks does not answer: the others ask in turn, never two at a time. */
  @Test
  @Tag("PCIEOE-73")
  void oneAtATimeAsksForASession() {
    List<FakeRail> rails = new ArrayList<>();
    List<Dialer.Caller> callers = new ArrayList<>();
    List<Dialer> dialers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rails.add(new FakeRail());
      dialers.add(new Silent(callers));
    }
    LinkInitiator initiator =
        new LinkInitiator(INITIATOR, dialers, _ -> {}, new SplittableRandom(1));
    long nowNs = Lab.MS;
    initiator.start(nowNs);
    for (int i = 0; i < 3; i++) {
      callers.get(i).onRail(rails.get(i), nowNs);
    }
    for (int asked = 1; asked <= 3; asked++) {
      assertThat(rails).filteredOn(rail -> !rail.sent.isEmpty()).hasSize(asked);
      assertThat(rails).filteredOn(rail -> rail.closed != null).hasSize(asked - 1);
      nowNs += Path.HURRIED_HANDSHAKE_NS;
      initiator.onTimer(nowNs);
    }
  }

  private record Silent(List<Dialer.Caller> callers) implements Dialer {
    @Override
    public void dial(Caller caller) {
      callers.add(caller);
    }

    @Override
    public void abandon() {}

    @Override
    public String describe() {
      return "silent";
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-74")
  void aPathThatDiesComesBackInItsOwnPlace(boolean reliable) {
    Lab lab = lab(3);
    lab.reliable = reliable;
    LinkSession session = lab.up();
    lab.run(3_000 * Lab.MS);
    Lab.LabPath dying = lab.paths.get(1);
    dying.unplugged = true;
    dying.wire.cut();
    lab.run(500 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(numbers(session)).containsExactly(0, 2);
    assertThat(numbers(lab.acceptorSession())).containsExactly(0, 2);
    assertThat(path(lab, 1).state()).isEqualTo(PathStatus.State.WAITING);
    assertThat(path(lab, 1).cause()).isEqualTo("connection refused");
    dying.unplugged = false;
    lab.run(200 * Lab.MS);
    assertThat(numbers(session)).containsExactly(0, 1, 2);
    assertThat(numbers(lab.acceptorSession())).containsExactly(0, 1, 2);
    assertThat(lab.events).noneMatch(e -> e.contains("resumed"));
  }

  @Test
  @Tag("PCIEOE-26")
  @Tag("PCIEOE-74")
  void aSilentRailStaysUntilItsSuccessorIsThere() {
    Lab lab = lab(2);
    LinkSession session = lab.up();
    talk(lab, session, 3_000 * Lab.MS);
    Lab.LabPath silent = busiest(lab, session);
    MemoryWire older = silent.wire;
    silent.darken();
    int dials = silent.dials;
    talk(lab, session, 1_500 * Lab.MS);
    assertThat(numbers(session)).containsExactly(0, 1);
    assertThat(silent.dials - dials).as("dialled anew").isGreaterThan(3);
    silent.dark = false;
    talk(lab, session, Path.HURRIED_DIAL_NS + 20 * Lab.MS);
    assertThat(silent.wire).isNotSameAs(older);
    assertThat(session.rails()).noneMatch(RailHealth::suspect);
    assertThat(numbers(lab.acceptorSession())).containsExactly(0, 1);
  }

  @Test
  void aSilentRailThatAnswersAgainIsKept() {
    Lab lab = lab(2);
    LinkSession session = lab.up();
    talk(lab, session, 3_000 * Lab.MS);
    Lab.LabPath silent = busiest(lab, session);
    MemoryWire older = silent.wire;
    silent.darken();
    talk(lab, session, 600 * Lab.MS);
    // The wire is well again before an attempt gets through.
    silent.wire.faults(0, 0, 0);
    talk(lab, session, 300 * Lab.MS);
    silent.dark = false;
    talk(lab, session, 1_000 * Lab.MS);
    assertThat(silent.wire).isSameAs(older);
    assertThat(session.rails()).noneMatch(RailHealth::suspect);
    int dials = silent.dials;
    talk(lab, session, 1_000 * Lab.MS);
    assertThat(silent.dials).isEqualTo(dials);
  }

  private static Lab.LabPath busiest(Lab lab, LinkSession session) {
    long most = session.rails().stream().mapToLong(RailHealth::bytesSent).max().orElseThrow();
    int number =
        session.rails().stream().filter(r -> r.bytesSent() == most).findFirst().get().number();
    return lab.paths.get(number);
  }

  /** A question and its answer every now and then. */
  private static void talk(Lab lab, LinkSession session, long durationNs) {
    long end = lab.nowNs + durationNs;
    while (lab.nowNs < end) {
      lab.initiator.attach("none", 0, Credits.DEFAULT, new Recorder(), new Recorder());
      lab.run(Math.min(5 * Lab.MS, end - lab.nowNs));
    }
    assertThat(session.state()).isEqualTo(LinkState.L0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void silenceEverywhereEndsWithTheFirstPacket(boolean reliable) {
    Lab lab = lab(2);
    lab.reliable = reliable;
    LinkSession session = lab.up();
    lab.run(3_000 * Lab.MS);
    lab.paths.forEach(Lab.LabPath::darken);
    talk(lab, session, 2_000 * Lab.MS);
    // Over TCP what was sent stays lost for a while: only what is new comes through.
    lab.paths.forEach(path -> path.dark = false);
    if (!reliable) {
      lab.paths.forEach(Lab.LabPath::lighten);
    }
    Recorder answer = new Recorder();
    lab.initiator.attach("none", 0, Credits.DEFAULT, new Recorder(), answer);
    lab.run(200 * Lab.MS);
    assertThat(answer.refusal).as("%s", lab).isNotNull();
  }

  @Test
  void railsAreAddedAndRemovedInARunningSession() {
    Lab lab = lab(1);
    LinkSession session = lab.up();
    assertThat(lab.initiator.addPath(lab.newPath(), lab.nowNs)).hasValue(1);
    lab.run(10 * Lab.MS);
    assertThat(numbers(session)).containsExactly(0, 1);
    assertThat(lab.initiator.removePath(0, lab.nowNs)).isTrue();
    lab.run(10 * Lab.MS);
    assertThat(numbers(session)).containsExactly(1);
    assertThat(numbers(lab.acceptorSession())).containsExactly(1);
    assertThat(lab.hasEvent("the peer gave it up: removed")).isTrue();
    lab.run(5_000 * Lab.MS);
    assertThat(lab.paths.getFirst().dials).as("not dialled again").isEqualTo(1);
    assertThat(lab.initiator.addPath(lab.paths.getFirst(), lab.nowNs)).hasValue(0);
    lab.run(10 * Lab.MS);
    assertThat(numbers(session)).containsExactly(0, 1);
    assertThat(lab.events).noneMatch(e -> e.contains("is down"));
  }

  @Test
  void aPathToAnotherApplianceDoesNotEndTheSession() {
    Lab lab = lab(1);
    LinkSession session = lab.up();
    LinkAcceptor right = lab.acceptor;
    lab.acceptor = lab.newAcceptor();
    lab.initiator.addPath(lab.newPath(), lab.nowNs);
    for (int i = 0; i < 300; i++) {
      lab.run(10 * Lab.MS);
      right.onTimer(lab.nowNs);
      right.flush(lab.nowNs);
    }
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(path(lab, 1).cause()).contains("another appliance?");
  }

  @Test
  @Tag("PCIEOE-74")
  void pathsAreNumberedFromZeroToSeven() {
    RawInitiator peer = new RawInitiator();
    peer.connect();
    byte[] body = Frames.helloBody(16640, 11, 0, 0, "server-1");
    body[49] = 8;
    peer.say(Frames.frame(Frames.HELLO, 0, 0, 0, 1, body));
    assertThat(peer.rail.last().text()).startsWith("2: rail 8");
    assertThat(peer.rail.closed).isNotNull();
  }

  @Test
  void everyTrickOfTheNetworkTogether() {
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      Lab wild = new Lab(seed, INITIATOR, APPLIANCE, 3);
      SplittableRandom random = wild.random.split();
      wild.reliable = random.nextBoolean();
      LinkSession session = wild.up();
      for (int step = 0; step < 200; step++) {
        Lab.LabPath path = wild.paths.get(random.nextInt(3));
        wild.reliable = random.nextBoolean();
        switch (random.nextInt(6)) {
          case 0 -> path.unplugged = random.nextBoolean();
          case 1 -> path.dark = random.nextBoolean();
          case 2 -> path.wire.cut();
          case 3 -> path.wire.blackhole();
          case 4 -> path.wire.faults(100_000, 100_000, 0);
          default -> {}
        }
        wild.initiator.attach("none", 0, Credits.DEFAULT, new Recorder(), new Recorder());
        wild.run(random.nextLong(400 * Lab.MS));
      }
      wild.paths.forEach(path -> path.unplugged = path.dark = false);
      wild.run(12_000 * Lab.MS);
      assertThat(wild.session()).as("seed %d: %s", seed, wild).hasValue(session);
      assertThat(numbers(session)).as("seed %d: %s", seed, wild).containsExactly(0, 1, 2);
      assertThat(numbers(wild.acceptorSession())).as("seed %d", seed).containsExactly(0, 1, 2);
    }
  }
}
