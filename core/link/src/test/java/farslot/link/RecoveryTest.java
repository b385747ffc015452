package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.pcie.FlowClass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rails come and go, frames get lost; what the streams deliver does not show it. */
class RecoveryTest {
  private static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x10, 0x010802, 2, 0x1AF4, 0x1100, 0x1122334455667788L);

  /** Credits small enough that senders run out of them all the time. */
  private static final Credits TIGHT = new Credits(16, 600, 8, 512, 16, 700);

  private final List<Traffic> near = new ArrayList<>();
  private final List<Traffic> far = new ArrayList<>();

  private void attach(Lab lab, int functions, int payloadBytesMax, Credits credits) {
    lab.handler =
        request -> {
          Traffic traffic = new Traffic(lab.random.split(), payloadBytesMax);
          traffic.stream = request.accept(traffic, 5, credits, IDENTITY);
          far.add(traffic);
        };
    for (int i = 0; i < functions; i++) {
      Traffic traffic = new Traffic(lab.random.split(), payloadBytesMax);
      lab.initiator.attach(
          "function-" + i,
          0,
          credits,
          traffic,
          new AttachListener() {
            @Override
            public void onAttached(LinkStream stream, FunctionIdentity identity) {
              traffic.stream = stream;
              near.add(traffic);
            }

            @Override
            public void onRefused(AttachRefusal code, String holder, String text) {
              throw new AssertionError(text);
            }
          });
    }
    lab.run(2_000 * Lab.MS);
    assertThat(near).hasSize(functions);
    assertThat(far).hasSize(functions);
  }

  private void exchange(Lab lab, int turns, int cutEvery) {
    SplittableRandom random = lab.random.split();
    for (int turn = 0; turn < turns; turn++) {
      Traffic traffic = (random.nextBoolean() ? near : far).get(random.nextInt(near.size()));
      traffic.send(random.nextInt(20));
      if (cutEvery > 0 && random.nextInt(cutEvery) == 0) {
        lab.wire().cut();
      }
      lab.turn(lab.nowNs + 100_000);
    }
    lab.run(20_000 * Lab.MS);
  }

  private void assertNothingLost(String seed) {
    for (int i = 0; i < near.size(); i++) {
      Traffic a = near.get(i);
      Traffic b = far.get(i);
      assertThat(b.received).as(seed).isEqualTo(a.sent);
      assertThat(a.received).as(seed).isEqualTo(b.sent);
      assertThat(a.sent + b.sent).as("%s: nothing was sent", seed).isPositive();
      assertNoCreditLost(a.stream, b.stream, seed);
      assertNoCreditLost(b.stream, a.stream, seed);
    }
  }

  private static long framesReplayed(Lab lab) {
    return lab.session().orElseThrow().counters().framesReplayed
        + lab.acceptorSession().counters().framesReplayed;
  }

  private static void assertNoCreditLost(LinkStream from, LinkStream to, String seed) {
    for (FlowClass flow : FlowClass.values()) {
      assertThat(from.gate().headersLeft(flow))
          .as("%s %s headers", seed, flow)
          .isEqualTo(to.meter().headersUsable(flow))
          .isPositive();
      assertThat(from.gate().dataLeft(flow))
          .as("%s %s data", seed, flow)
          .isEqualTo(to.meter().dataUsable(flow));
      assertThat(to.meter().headersOutstanding(flow)).isEqualTo(to.meter().headerWindow(flow));
      assertThat(to.meter().dataOutstanding(flow)).isEqualTo(to.meter().dataWindow(flow));
    }
  }

  @ParameterizedTest
  @CsvSource({"16640, 2097152", "1500, 262144", "65532, 262144"})
  void cutsLoseNothing(int frameBytesMax, int replayBytes) {
    long replayed = 0;
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      near.clear();
      far.clear();
      LinkSizes sizes =
          LinkSizes.USUAL.withFrameBytesMax(frameBytesMax).withReplayBytes(replayBytes);
      Lab lab =
          new Lab(
              seed,
              LinkConfig.of("server-1", 11).with(sizes),
              LinkConfig.of("appliance-1", 22).with(sizes));
      lab.wireFrames = 8;
      lab.up();
      attach(lab, 3, 4096, TIGHT);
      exchange(lab, 800, 40);
      assertNothingLost("seed " + seed);
      replayed += framesReplayed(lab);
      assertThat(lab.events).as("seed %d", seed).anyMatch(e -> e.contains("resumed over"));
      assertThat(lab.events).as("seed %d", seed).noneMatch(e -> e.contains(" is down"));
    }
    assertThat(replayed).as("frames sent again from seed %d on", Fuzz.seed()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"10000, 0, 0, 0", "10000, 10000, 10000, 0", "20000, 5000, 5000, 200000"})
  void unreliableRailsLoseNothing(int loss, int duplicates, int corrupt, long jitterNs) {
    long replayed = 0;
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      near.clear();
      far.clear();
      Lab lab = new Lab(seed);
      lab.reliable = false;
      lab.frameBytesMax = 1500;
      lab.lossPpm = loss;
      lab.duplicatePpm = duplicates;
      lab.corruptPpm = corrupt;
      lab.jitterNs = jitterNs;
      lab.initiator.start(lab.nowNs);
      lab.run(10_000 * Lab.MS);
      attach(lab, 2, 4096, TIGHT);
      exchange(lab, 800, 0);
      assertNothingLost("seed " + seed);
      replayed += framesReplayed(lab);
    }
    assertThat(replayed).as("frames sent again from seed %d on", Fuzz.seed()).isPositive();
  }

  @Test
  void framesLostOnAReliableRailAreSentAgain() {
    long replayed = 0;
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      near.clear();
      far.clear();
      Lab lab = new Lab(seed);
      lab.up();
      attach(lab, 2, 512, Credits.DEFAULT);
      lab.lossPpm = 10_000;
      lab.wire().faults(20_000, 0, 0);
      exchange(lab, 400, 0);
      lab.lossPpm = 0;
      lab.wire().cut();
      lab.run(20_000 * Lab.MS);
      assertNothingLost("seed " + seed);
      replayed += framesReplayed(lab);
    }
    assertThat(replayed).as("frames sent again from seed %d on", Fuzz.seed()).isPositive();
  }

  /** Found by the simulator: a WELCOME that came twice, four rails in a row, ended the session. */
  @Test
  @Tag("PCIEOE-55")
  void aHandshakeThatComesTwiceIsTakenOnce() {
    Lab lab = new Lab(Fuzz.seed());
    lab.reliable = false;
    lab.duplicatePpm = 1_000_000;
    lab.up();
    attach(lab, 2, 512, Credits.DEFAULT);
    exchange(lab, 200, 50);
    assertNothingLost("every frame twice");
    assertThat(lab.events)
        .noneMatch(e -> e.contains("a handshake inside") || e.contains(" is down"));
  }

  /** A reset that has to wait for room behind other control records is not the one before it. */
  @Test
  void aHotResetThatWaitsForRoomIsSent() {
    LinkSizes small = LinkSizes.USUAL.withReplayBytes(ReplayRing.BYTES_MIN);
    Lab lab =
        new Lab(
            Fuzz.seed(),
            LinkConfig.of("server-1", 11).with(small),
            LinkConfig.of("appliance-1", 22).with(small));
    lab.up();
    attach(lab, 1, 4096, Credits.DEFAULT);
    LinkStream stream = near.getFirst().stream;
    stream.hotReset();
    lab.turn(lab.nowNs);
    lab.run(100 * Lab.MS);
    assertThat(far.getFirst().resets).isEqualTo(1);
    lab.unreachable = true;
    lab.wire().cut();
    lab.run(10 * Lab.MS);
    near.getFirst().send(1000);
    lab.handler = request -> request.refuse(AttachRefusal.NO_SUCH_FUNCTION, "", "no");
    for (int i = 0; i < 4000 && stream.session().sender().controlWaiting() == 0; i++) {
      lab.initiator.attach("none-" + i, 0, Credits.DEFAULT, new Recorder(), new Recorder());
    }
    assertThat(stream.session().sender().controlWaiting()).isEqualTo(1);
    stream.hotReset();
    stream.hotReset();
    lab.unreachable = false;
    lab.run(5_000 * Lab.MS);
    assertThat(far.getFirst().resets).as("two that wait together are one").isEqualTo(2);
  }
}
