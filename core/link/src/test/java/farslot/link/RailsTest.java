package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several rails at once (docs/spec/pcieoe.md, sections 6 and 7), between real ends. */
class RailsTest {
  private static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x10, 0x010802, 2, 0x1AF4, 0x1100, 0x1122334455667788L);
  private static final Credits MANY = new Credits(0, 0, 0, 0, 0, 0);
  private final List<Traffic> near = new ArrayList<>();
  private final List<Traffic> far = new ArrayList<>();

  private void attach(Lab lab, int functions) {
    near.clear();
    far.clear();
    lab.handler =
        request -> {
          Traffic traffic = new Traffic(lab.random.split(), 4096);
          traffic.stream = request.accept(traffic, 5, MANY, IDENTITY);
          far.add(traffic);
        };
    for (int i = 0; i < functions; i++) {
      Traffic traffic = new Traffic(lab.random.split(), 4096);
      Recorder answer =
          new Recorder() {
            @Override
            public void onAttached(LinkStream stream, FunctionIdentity identity) {
              traffic.stream = stream;
              near.add(traffic);
            }
          };
      lab.initiator.attach("function-" + i, 0, MANY, traffic, answer);
    }
    lab.run(1_000 * Lab.MS);
    assertThat(near).hasSize(functions);
  }

  /** Everybody sends as fast as there is room, for so long. */
  private void stream(Lab lab, long durationNs) {
    SplittableRandom random = lab.random.split();
    long end = lab.nowNs + durationNs;
    while (lab.nowNs < end) {
      near.get(random.nextInt(near.size())).send(16);
      far.get(random.nextInt(far.size())).send(16);
      lab.turn(Math.min(end, lab.nowNs + 20_000));
    }
  }

  private long received() {
    return near.stream().mapToLong(t -> t.received).sum()
        + far.stream().mapToLong(t -> t.received).sum();
  }

  private void assertNothingLost(String seed) {
    for (int i = 0; i < near.size(); i++) {
      assertThat(far.get(i).received).as(seed).isEqualTo(near.get(i).sent).isPositive();
      assertThat(near.get(i).received).as(seed).isEqualTo(far.get(i).sent).isPositive();
    }
  }

  private static RailHealth rail(LinkSession session, int number) {
    return session.rails().stream().filter(r -> r.number() == number).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"true, 0, 0", "false, 0, 0", "false, 10000, 0", "false, 5000, 50000"})
  @Tag("PCIEOE-60")
  @Tag("PCIEOE-61")
  void allRailsAreUsedAndOrderIsKept(boolean reliable, int lossPpm, long jitterNs) {
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      Lab lab = new Lab(seed);
      lab.reliable = reliable;
      lab.frameBytesMax = lab.paths.getFirst().frameBytesMax = 1500;
      lab.wireFrames = 4;
      lab.up();
      lab.lossPpm = lossPpm;
      lab.jitterNs = jitterNs;
      lab.delayNs = 50_000;
      lab.addRail(1);
      lab.delayNs = 300_000;
      lab.addRail(2);
      attach(lab, 3);
      stream(lab, 20 * Lab.MS);
      lab.run(3_000 * Lab.MS);
      assertNothingLost("seed " + seed);
      LinkSession session = lab.session().orElseThrow();
      assertThat(session.rails()).as("seed %d", seed).hasSize(3);
      assertThat(session.rails()).as("seed %d", seed).allMatch(r -> r.bytesSent() > 10_000);
      assertThat(session.counters().framesReordered).as("seed %d", seed).isPositive();
    }
  }

  @Test
  @Tag("PCIEOE-62")
  void whatWasOvertakenIsSentAgainAloneAndBeforeAnyTimer() {
    Lab lab = new Lab(Fuzz.seed());
    lab.reliable = false;
    lab.up();
    attach(lab, 1);
    stream(lab, 10 * Lab.MS);
    lab.run(100 * Lab.MS);
    LinkCounters counters = lab.session().orElseThrow().counters();
    assertThat(counters.framesReplayed).isZero();
    lab.wire().faults(1_000_000, 0, 0);
    near.getFirst().send(1);
    lab.turn(lab.nowNs);
    lab.wire().faults(0, 0, 0);
    for (int i = 0; i < 3; i++) {
      near.getFirst().send(1);
      lab.turn(lab.nowNs);
    }
    // Two flights: there with those after it, back with the news, there once more.
    lab.run(90_000);
    assertThat(counters.framesReplayed).isEqualTo(1);
    assertThat(far.getFirst().received).isEqualTo(near.getFirst().sent);
  }

  @Test
  @Tag("PCIEOE-66")
  @Tag("PCIEOE-67")
  void aRailThatFallsSilentCostsItsBandwidthOnly() {
    for (boolean reliable : new boolean[] {true, false}) {
      Lab lab = new Lab(Fuzz.seed());
      lab.reliable = reliable;
      lab.frameBytesMax = lab.paths.getFirst().frameBytesMax = 1500;
      lab.wireFrames = 4;
      lab.up();
      MemoryWire other = lab.addRail(1);
      attach(lab, 2);
      stream(lab, 20 * Lab.MS);
      other.blackhole();
      long before = received();
      stream(lab, 100 * Lab.MS);
      assertThat(received() - before).as("while one is dead").isGreaterThan(500);
      LinkSession session = lab.session().orElseThrow();
      assertThat(rail(session, 1).suspect()).as("%s %s", reliable, session.rails()).isTrue();
      long sent = rail(session, 1).bytesSent();
      stream(lab, 200 * Lab.MS);
      assertThat(rail(session, 1).bytesSent()).as("DATA on a suspect rail").isEqualTo(sent);
      assertThat(lab.hasEvent("has not answered for")).isTrue();
      other.faults(0, 0, 0);
      stream(lab, 300 * Lab.MS);
      assertThat(rail(session, 1).suspect()).isFalse();
      assertThat(lab.hasEvent("answers again")).isTrue();
      assertThat(rail(session, 1).bytesSent()).isGreaterThan(sent);
      lab.run(2_000 * Lab.MS);
      assertNothingLost("reliable " + reliable);
    }
  }

  @Test
  @Tag("PCIEOE-67")
  void afterSilenceEverywhereTheFirstSignOfLifeIsSoonAsked() {
    Lab lab = new Lab(Fuzz.seed());
    lab.reliable = false;
    lab.up();
    attach(lab, 1);
    stream(lab, 10 * Lab.MS);
    lab.wire().blackhole();
    stream(lab, 2_000 * Lab.MS);
    lab.wire().faults(0, 0, 0);
    long before = received();
    lab.run(150 * Lab.MS);
    assertThat(received()).isGreaterThan(before);
    lab.run(2_000 * Lab.MS);
    assertNothingLost("after silence");
  }
}
