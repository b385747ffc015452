package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several paths to one appliance that uses one rail at a time: who speaks, who steps in. */
class PathsTest {
  private static final LinkConfig INITIATOR = LinkConfig.of("server-1", 11).withCapabilities(0);
  private static final LinkConfig APPLIANCE = LinkConfig.of("appliance-1", 22);

  private final Lab lab = new Lab(Fuzz.seed(), INITIATOR, APPLIANCE, 3);

  @Test
  void aPathWaitsSinceItsEndHasBegun() {
    Lab lab = new Lab(Fuzz.seed());
    lab.unreachable = true;
    long startedNs = lab.nowNs;
    lab.initiator.start(startedNs);
    lab.run(500 * Lab.MS);
    assertThat(lab.initiator.paths()).extracting(PathStatus::sinceNs).containsExactly(startedNs);
  }

  private PathStatus.State state(int path) {
    return lab.initiator.paths().get(path).state();
  }

  @Test
  void theOthersAreSpares() {
    LinkSession session = lab.up();
    assertThat(session.railName()).isEqualTo("path 0");
    assertThat(state(0)).isEqualTo(PathStatus.State.UP);
    assertThat(state(1)).isEqualTo(PathStatus.State.SPARE);
    assertThat(state(2)).isEqualTo(PathStatus.State.SPARE);
    lab.run(5_000 * Lab.MS);
    assertThat(lab.hasEvent("the peer uses one rail at a time; 2 more paths step in")).isTrue();
    assertThat(lab.acceptor.sessions()).hasSize(1);
    assertThat(lab.acceptor.freshRails()).isZero();
  }

  @Test
  void anApplianceThatUsesOneRailAtATimeGetsOne() {
    LinkConfig plain = APPLIANCE.withCapabilities(0);
    Lab other = new Lab(Fuzz.seed(), LinkConfig.of("server-1", 11), plain, 3);
    LinkSession session = other.up();
    other.run(3_000 * Lab.MS);
    assertThat(session.rails()).hasSize(1);
    for (int i = 0; i < 3; i++) {
      String before = session.railName();
      other.paths.stream().filter(p -> p.describe().equals(before)).findFirst().get().unplugged =
          true;
      other.wire().cut();
      other.paths.get((i + 1) % 3).unplugged = false;
      other.run(3_000 * Lab.MS);
      assertThat(session.state()).isEqualTo(LinkState.L0);
      assertThat(session.railName()).isNotEqualTo(before);
      assertThat(other.acceptorSession().rails()).hasSize(1);
    }
  }

  /** A process that was stopped has not looked whether there is an answer. */
  @Test
  void whoOversleptLooksFirst() {
    RawAcceptor appliance = new RawAcceptor();
    appliance.connect();
    appliance.nowNs += 60_000 * RawAcceptor.MS;
    appliance.initiator.onTimer(appliance.nowNs);
    assertThat(appliance.rail.closed).isNull();
    appliance.welcome();
    assertThat(appliance.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  void aDeadPathDoesNotHoldUpTheBeginning() {
    lab.paths.get(0).dark = true;
    lab.paths.get(1).unplugged = true;
    lab.initiator.start(lab.nowNs);
    lab.run(2 * Lab.MS);
    assertThat(lab.session().orElseThrow().railName()).isEqualTo("path 2");
    assertThat(state(0)).isEqualTo(PathStatus.State.SPARE);
  }

  @Test
  void oneThatConnectsAndSaysNothingIsPassedOverSoon() {
    lab.up();
    lab.acceptor.close("restart", lab.nowNs);
    lab.run(10 * Lab.MS);
    lab.acceptor = lab.newAcceptor();
    lab.paths.get(0).dark = true;
    lab.run(1_000 * Lab.MS);
    assertThat(lab.session()).isPresent();
    assertThat(lab.session().orElseThrow().railName()).isNotEqualTo("path 0");
  }

  @Test
  void aSpareStepsInAtOnce() {
    LinkSession session = lab.up();
    lab.run(3_000 * Lab.MS);
    lab.paths.get(0).unplugged = true;
    lab.wire().cut();
    lab.run(5 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(session.railName()).isIn("path 1", "path 2");
    assertThat(lab.hasEvent("lost path 0: connection reset")).isTrue();
    assertThat(lab.hasEvent("resumed over " + session.railName())).isTrue();
    lab.run(100 * Lab.MS);
    assertThat(lab.initiator.paths()).filteredOn(p -> p.state() == PathStatus.State.UP).hasSize(1);
    PathStatus lost = lab.initiator.paths().getFirst();
    assertThat(lost.state()).isEqualTo(PathStatus.State.SPARE);
    assertThat(lost.cause()).isEqualTo("connection refused");
  }

  /** What TCP has sent into the void it would send again only after a second. */
  @Test
  void afterAnOutageTheFirstPacketIsOurs() {
    Lab one = new Lab(Fuzz.seed(), INITIATOR, APPLIANCE, 1);
    LinkSession session = one.up();
    one.run(3_000 * Lab.MS);
    one.paths.getFirst().darken();
    one.wire().cut();
    one.run(2_000 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.RECOVERY);
    int dials = one.paths.getFirst().dials;
    assertThat(dials).isGreaterThan(10);
    one.paths.getFirst().lighten();
    // An attempt that was sent in the dark stays unanswered, as SYNs do.
    one.run(Path.HURRIED_DIAL_NS + 5 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(one.events).filteredOn(e -> e.contains("asking quickly")).hasSize(1);
  }

  @Test
  void hurryEnds() {
    Lab one = new Lab(Fuzz.seed(), INITIATOR, APPLIANCE, 1);
    one.up();
    one.run(3_000 * Lab.MS);
    one.unreachable = true;
    one.wire().cut();
    one.run(10_000 * Lab.MS);
    int hurried = one.paths.getFirst().dials;
    one.run(10_000 * Lab.MS);
    assertThat(hurried).isGreaterThan(100);
    assertThat(one.paths.getFirst().dials - hurried).isLessThan(20);
  }

  @Test
  void pathsComeAndGoWhileItRuns() {
    LinkSession session = lab.up();
    Lab.LabPath more = lab.newPath();
    assertThat(lab.initiator.addPath(more, lab.nowNs)).hasValue(3);
    lab.run(3_000 * Lab.MS);
    assertThat(more.dials).as("a spare").isZero();
    assertThat(lab.initiator.removePath(0, lab.nowNs)).isTrue();
    assertThat(lab.initiator.removePath(0, lab.nowNs)).isFalse();
    lab.run(1_000 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(session.railName()).isNotEqualTo("path 0");
    assertThat(lab.initiator.paths()).extracting(PathStatus::number).containsExactly(1, 2, 3);
    assertThat(lab.hasEvent("path 3 to path 3 added")).isTrue();
    assertThat(lab.hasEvent("path 0 to path 0 removed")).isTrue();
    for (int number : new int[] {0, 4, 5, 6, 7}) {
      assertThat(lab.initiator.addPath(lab.newPath(), lab.nowNs)).hasValue(number);
    }
    assertThat(lab.initiator.addPath(lab.newPath(), lab.nowNs)).isEmpty();
    assertThat(lab.acceptor.sessions()).hasSize(1);
  }

  @Test
  void aSessionHasAtMostEightPaths() {
    List<Dialer> dialers = java.util.Collections.nCopies(9, lab.paths.getFirst());
    assertThatThrownBy(
            () -> new LinkInitiator(INITIATOR, dialers, _ -> {}, new SplittableRandom(1)))
        .hasMessageContaining("at most 8 paths");
  }

  @Test
  @Tag("PCIEOE-23")
  void framesFitIntoAllPathsThatAreKnown() {
    lab.paths.get(2).frameBytesMax = 4000;
    LinkSession session = lab.up();
    assertThat(session.terms().frameBytesMax()).isEqualTo(4000);
    Lab.LabPath small = lab.newPath();
    small.frameBytesMax = 2000;
    lab.initiator.addPath(small, lab.nowNs);
    for (int i = 0; i < 3; i++) {
      lab.initiator.removePath(i, lab.nowNs);
    }
    lab.run(100 * Lab.MS);
    assertThat(session.state()).isEqualTo(LinkState.RECOVERY);
    String cause = lab.initiator.paths().getFirst().cause();
    assertThat(cause).contains("frames of 2000 bytes", "up to 4000", "'frame-bytes: 2000'");
    assertThat(state(0)).isEqualTo(PathStatus.State.WAITING);
  }

  @Test
  @Tag("PCIEOE-75")
  void aPathToAnotherApplianceIsNotResumedOver() {
    RawAcceptor appliance = new RawAcceptor().up();
    appliance.listener.onDown("cut", appliance.nowNs);
    appliance.pass(1_000 * RawAcceptor.MS);
    appliance.connect();
    appliance.instance = 23;
    appliance.welcome();
    assertThat(appliance.rail.closed)
        .isEqualTo(
            "leads to appliance-1 (instance 17), the session is with appliance-1 (instance 16)");
    assertThat(appliance.live().state()).isEqualTo(LinkState.RECOVERY);
  }

  @Test
  void everyTrickOfTheNetworkTogether() {
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      Lab wild = new Lab(seed, INITIATOR, APPLIANCE, 3);
      SplittableRandom random = wild.random.split();
      LinkSession session = wild.up();
      for (int step = 0; step < 200; step++) {
        Lab.LabPath path = wild.paths.get(random.nextInt(3));
        switch (random.nextInt(5)) {
          case 0 -> path.unplugged = random.nextBoolean();
          case 1 -> path.dark = random.nextBoolean();
          case 2 -> wild.wire().cut();
          case 3 -> wild.wire().blackhole();
          default -> {}
        }
        wild.run(random.nextLong(400 * Lab.MS));
      }
      wild.paths.forEach(path -> path.unplugged = path.dark = false);
      wild.run(8_000 * Lab.MS);
      assertThat(wild.session()).as("seed %d", seed).hasValue(session);
      assertThat(session.state()).as("seed %d: %s", seed, wild).isEqualTo(LinkState.L0);
      assertThat(wild.acceptorSession().state()).as("seed %d", seed).isEqualTo(LinkState.L0);
    }
  }
}
