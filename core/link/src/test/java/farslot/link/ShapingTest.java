package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link Qos} does to streams of real ends, in virtual time. */
class ShapingTest {
  private static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);
  private static final Credits ENDLESS = new Credits(0, 0, 0, 0, 0, 0);
  private static final long MS = Lab.MS;
  private static final int MB = 1_000_000;

  /** More than the largest TLP of {@link Traffic} takes, bytes. */
  private static final int TLP_MAX = 4136;

  /** Sends whenever there is room, unless told to be quiet, and remembers what came when. */
  private static final class Greedy implements farslot.pcie.TlpIn, AttachListener {
    private final Lab lab;
    final Traffic traffic;
    final List<long[]> arrivals = new ArrayList<>();
    long receivedBytes;
    boolean eager;
    int resets;

    Greedy(Lab lab) {
      this.lab = lab;
      traffic = new Traffic(lab.random.split(), 4096);
    }

    LinkStream stream() {
      return traffic.stream;
    }

    void send() {
      if (eager) {
        traffic.send(100_000);
      }
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      traffic.onTlp(segment, offset, tlpBytes);
      receivedBytes += FrameFormat.wireBytes(tlpBytes);
      arrivals.add(new long[] {lab.nowNs, receivedBytes});
    }

    @Override
    public void onRoom() {
      traffic.onRoom();
      send();
    }

    @Override
    public void onHotReset() {
      resets++;
    }

    @Override
    public void onDown() {
      traffic.onDown();
    }

    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      traffic.stream = stream;
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      throw new AssertionError(text);
    }
  }

  private final List<Greedy> near = new ArrayList<>();
  private final List<Greedy> far = new ArrayList<>();

  private Lab lab(long seed, int functions, int wireFrames, long delayNs) {
    Lab lab = new Lab(seed);
    lab.wireFrames = wireFrames;
    lab.delayNs = delayNs;
    near.clear();
    far.clear();
    lab.handler =
        request -> {
          Greedy greedy = new Greedy(lab);
          greedy.traffic.stream = request.accept(greedy, 5, ENDLESS, IDENTITY);
          far.add(greedy);
        };
    lab.up();
    for (int i = 0; i < functions; i++) {
      Greedy greedy = new Greedy(lab);
      near.add(greedy);
      lab.initiator.attach("function-" + i, 0, ENDLESS, greedy, greedy);
    }
    run(lab, 20 * MS);
    assertThat(far).hasSize(functions);
    return lab;
  }

  /** A wire that carries 64 MB/s in each direction. */
  private Lab narrow(int functions) {
    Lab lab = lab(Fuzz.seed(), functions, 16, MS / 10);
    lab.wire().rate(64L * MB);
    return lab;
  }

  /** What was sent outside of turns goes out at once. */
  private static void run(Lab lab, long durationNs) {
    lab.turn(lab.nowNs);
    lab.run(durationNs);
  }

  private static long sent(Greedy greedy) {
    return greedy.stream().bytesSent() + FrameFormat.RECORD_HEADER_BYTES * greedy.traffic.sent;
  }

  private static void eager(Greedy greedy) {
    greedy.eager = true;
    greedy.send();
  }

  /** Nothing that was sent is missing once all has had time to arrive. */
  private void assertNothingLost(Lab lab) {
    near.forEach(g -> g.eager = false);
    far.forEach(g -> g.eager = false);
    run(lab, 2_000 * MS);
    for (int i = 0; i < near.size(); i++) {
      assertThat(far.get(i).traffic.received).isEqualTo(near.get(i).traffic.sent);
      assertThat(near.get(i).traffic.received).isEqualTo(far.get(i).traffic.sent);
    }
  }

  @Test
  void thePeakRateHoldsInEveryWindowAndIsReached() {
    for (int i = 0; i < Scenarios.count(); i++) {
      long seed = Fuzz.seed() + i;
      SplittableRandom random = new SplittableRandom(seed);
      long rate = MB * (1L + random.nextInt(200));
      long burst = Qos.BURST_MIN << random.nextInt(8);
      // Looked at every 20 us, less than which no wire here is late: more than the burst holds.
      rate = Math.min(rate, burst * 10_000);
      Lab lab = lab(seed, 1, 16, 250_000);
      Greedy from = random.nextBoolean() ? near.getFirst() : far.getFirst();
      Greedy to = from == near.getFirst() ? far.getFirst() : near.getFirst();
      from.stream().qos(new Qos(0, rate, burst, 0));
      eager(from);
      long began = lab.nowNs;
      run(lab, 500 * MS);
      assertWindows(to.arrivals, rate, burst, random, seed);
      double seconds = (lab.nowNs - began) / 1e9;
      assertThat((double) sent(from)).as("seed %d", seed).isGreaterThan(rate * seconds * 0.99);
      assertThat(from.stream().qosStatus().delayedBytes()).isPositive();
      assertThat(from.stream().qosStatus().delayedNs()).isPositive();
      assertNothingLost(lab);
    }
  }

  private static void assertWindows(
      List<long[]> arrivals, long rate, long burst, SplittableRandom random, long seed) {
    for (int i = 0; i < 1_000; i++) {
      int from = 1 + random.nextInt(arrivals.size() - 1);
      int to = from + random.nextInt(arrivals.size() - from);
      long bytes = arrivals.get(to)[1] - arrivals.get(from - 1)[1];
      // On its way a TLP waits for the end of a turn: a little closer together than they were sent.
      double seconds = (arrivals.get(to)[0] - arrivals.get(from)[0] + 50_000) / 1e9;
      assertThat((double) bytes)
          .as("seed %d: %d to %d", seed, from, to)
          .isLessThanOrEqualTo(burst + rate * seconds + TLP_MAX);
    }
  }

  /** However long a session was quiet before. */
  @Test
  void aBurstIsOneBurst() {
    for (int quietMs = 0; quietMs < 100; quietMs++) {
      Lab lab = lab(Fuzz.seed() + quietMs, 1, 16, 250_000);
      near.getFirst().stream().qos(new Qos(0, 10L * MB, 128 << 10, 0));
      run(lab, quietMs * MS);
      eager(near.getFirst());
      run(lab, MS);
      assertThat(sent(near.getFirst()))
          .as("after %d ms", quietMs)
          .isBetween(128L << 10, (128L << 10) + 10_000 + TLP_MAX);
    }
  }

  @Test
  void achievedRatesAreTold() {
    Lab lab = lab(Fuzz.seed(), 1, 16, 250_000);
    near.getFirst().stream().qos(new Qos(0, 20 * MB, 0, 0));
    far.getFirst().stream().qos(new Qos(0, 5 * MB, 0, 2));
    eager(near.getFirst());
    eager(far.getFirst());
    run(lab, 3_000 * MS);
    QosStatus status = near.getFirst().stream().qosStatus();
    assertThat(status.qos()).isEqualTo(new Qos(0, 20 * MB, 0, 0));
    assertThat(status.sentBytesPerSecond()).isBetween(19L * MB, 21L * MB);
    assertThat(status.receivedBytesPerSecond()).isBetween(4_700_000L, 5_300_000L);
    assertThat(lab.session().orElseThrow().counters().snapshot().get("claims_shaped")).isPositive();
  }

  @Test
  void whatIsCommittedIsServedFirstWhenTheRailsAreFull() {
    Lab lab = narrow(4);
    Greedy committed = near.getFirst();
    committed.stream().qos(new Qos(15 * MB, 0, 0, 0));
    near.get(1).stream().qos(new Qos(0, 0, 0, 7));
    near.forEach(ShapingTest::eager);
    run(lab, 500 * MS);
    long before = sent(committed);
    long othersBefore = near.stream().skip(1).mapToLong(ShapingTest::sent).sum();
    run(lab, 2_000 * MS);
    long others = near.stream().skip(1).mapToLong(ShapingTest::sent).sum() - othersBefore;
    assertThat((sent(committed) - before) / 2).isBetween(14_500_000L, 40L * MB);
    assertThat(others / 2).as("the rest of the wire").isGreaterThan(40L * MB);
    assertNothingLost(lab);
  }

  @Test
  void classesShareWhatIsLeftAndNobodyStarves() {
    Lab lab = narrow(6);
    for (int i = 0; i < 6; i++) {
      near.get(i).stream().qos(new Qos(0, 0, 0, i / 2));
    }
    near.forEach(ShapingTest::eager);
    run(lab, 4_000 * MS);
    long all = near.stream().mapToLong(ShapingTest::sent).sum();
    // Two functions a class, which have 1, 2 and 4 parts.
    for (int i = 0; i < 6; i++) {
      double share = 6.0 * sent(near.get(i)) / all;
      assertThat(share / (6.0 / 14 * (1 << i / 2))).as("function %d", i).isBetween(0.8, 1.25);
    }
    assertNothingLost(lab);
  }

  @Test
  void whoHasNoQosIsNotHeldBackWhileThereIsRoom() {
    Lab lab = lab(Fuzz.seed(), 2, 16, 250_000);
    near.getFirst().stream().qos(new Qos(0, MB, 0, 0));
    eager(near.get(0));
    eager(near.get(1));
    run(lab, 100 * MS);
    assertThat(sent(near.get(1))).isGreaterThan(50L * MB);
    assertThat(sent(near.get(0))).isLessThan(300_000L);
  }

  @Test
  void controlRecordsPassWhatIsHeldBack() {
    Lab lab = lab(Fuzz.seed(), 1, 16, 250_000);
    Greedy greedy = near.getFirst();
    greedy.stream().qos(new Qos(0, MB, 0, 0));
    eager(greedy);
    run(lab, 10 * MS);
    long waitsNs = greedy.stream().qosStatus().delayedNs();
    assertThat(waitsNs).isPositive();
    greedy.stream().hotReset();
    run(lab, MS / 2);
    assertThat(far.getFirst().resets).isEqualTo(1);
    greedy.stream().detach("enough");
    run(lab, MS / 2);
    assertThat(far.getFirst().traffic.down).isTrue();
  }

  @Test
  void aChangeTakesEffectAtOnce() {
    Lab lab = lab(Fuzz.seed(), 1, 16, 250_000);
    Greedy greedy = near.getFirst();
    greedy.stream().qos(new Qos(0, MB, Qos.BURST_MAX, 0));
    greedy.stream().qos(new Qos(0, MB, Qos.BURST_MIN, 0));
    eager(greedy);
    run(lab, 100 * MS);
    long slow = sent(greedy);
    assertThat(slow).isLessThan(120_000);
    greedy.stream().qos(new Qos(0, 100L * MB, 0, 0));
    run(lab, 100 * MS);
    assertThat(sent(greedy) - slow).isBetween(9L * MB, 12L * MB);
    long before = sent(greedy);
    greedy.stream().qos(Qos.NONE);
    run(lab, 100 * MS);
    assertThat(sent(greedy) - before).as("as fast as it can").isGreaterThan(50L * MB);
    assertNothingLost(lab);
  }

  @Test
  void whoIsShapedAndEndsLeavesNothingBehind() {
    Lab lab = narrow(3);
    near.get(0).stream().qos(new Qos(0, MB, 0, 0));
    near.forEach(ShapingTest::eager);
    run(lab, 100 * MS);
    assertThat(lab.session().orElseThrow().rooms().shaping.on()).isTrue();
    near.get(0).stream().detach("enough");
    assertThat(lab.session().orElseThrow().rooms().shaping.on()).isFalse();
    long before = sent(near.get(1)) + sent(near.get(2));
    run(lab, 1_000 * MS);
    assertThat(sent(near.get(1)) + sent(near.get(2)) - before).isGreaterThan(50L * MB);
  }

  /** A replay buffer full of what nobody acknowledges is waited for, and nobody spins meanwhile. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void silenceWithAFullBufferIsWaitedFor(boolean policyEnds) {
    Lab lab = lab(Fuzz.seed(), 2, 64, MS / 10);
    near.get(0).stream().qos(new Qos(0, MB, Qos.BURST_MIN, 0));
    near.get(1).stream().qos(new Qos(1_000L * MB, 0, Qos.BURST_MAX, 0));
    lab.paths.getFirst().darken();
    near.forEach(ShapingTest::eager);
    run(lab, 300 * MS);
    if (policyEnds) {
      near.forEach(each -> each.stream().qos(Qos.NONE));
    }
    run(lab, 300 * MS);
    lab.paths.getFirst().lighten();
    run(lab, 500 * MS);
    assertThat(far).allMatch(each -> each.traffic.received > 0);
    assertNothingLost(lab);
  }

  @Test
  void lossesDelaysAndLostRailsChangeNothing() {
    for (int i = 0; i < Scenarios.count(); i++) {
      Lab lab = new Lab(Fuzz.seed() + i);
      lab.reliable = false;
      lab.wireFrames = 8;
      lab.delayNs = MS;
      lab.lossPpm = 5_000;
      lab.jitterNs = 50_000;
      near.clear();
      far.clear();
      lab.handler =
          request -> {
            Greedy greedy = new Greedy(lab);
            greedy.traffic.stream = request.accept(greedy, 5, Credits.DEFAULT, IDENTITY);
            far.add(greedy);
          };
      lab.up();
      for (int f = 0; f < 3; f++) {
        Greedy greedy = new Greedy(lab);
        near.add(greedy);
        lab.initiator.attach("function-" + f, 0, Credits.DEFAULT, greedy, greedy);
      }
      run(lab, 200 * MS);
      assertThat(far).hasSize(3);
      near.get(0).stream().qos(new Qos(5 * MB, 10 * MB, 0, 3));
      far.get(1).stream().qos(new Qos(0, 3 * MB, 0, 0));
      near.forEach(ShapingTest::eager);
      far.forEach(ShapingTest::eager);
      for (int cut = 0; cut < 3; cut++) {
        run(lab, 200 * MS);
        lab.wire().cut();
        near.forEach(Greedy::send);
        far.forEach(Greedy::send);
      }
      lab.lossPpm = 0;
      lab.wires.forEach(w -> w.faults(0, 0, 0));
      run(lab, 500 * MS);
      near.forEach(g -> assertThat(g.traffic.down).as("seed %d", Fuzz.seed()).isFalse());
      assertNothingLost(lab);
    }
  }
}
