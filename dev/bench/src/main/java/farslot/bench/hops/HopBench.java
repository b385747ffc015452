package farslot.bench.hops;

import farslot.appliance.Appliance;
import farslot.bench.path.BenchCase;
import farslot.bench.path.PathRig;
import farslot.bench.path.Took;
import farslot.capture.FrameRing;
import farslot.capture.Tap;
import farslot.function.CardProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Finds where single operations spend their time, on a path of its own: borders stand around the
 * card and the function, captures look at the frames. What is measured elsewhere has none of that.
 */
public final class HopBench implements AutoCloseable {
  private static final int RING_BYTES = 1 << 26;
  private static final int PRINTS_MAX = 1 << 20;
  private static final int OPERATIONS_MAX = 1 << 16;

  /** At most; who measures for less warms up for less. */
  private static final long WARM_UP_NS = 2_000_000_000L;

  private static final long WAIT_SECONDS = 20;

  /** So short that rings and footprints have room for all of it. */
  private static final long BURST_NS = 50_000_000L;

  private static final int BURSTS = 8;

  private final Footprints server = new Footprints(PRINTS_MAX);
  private final Footprints card = new Footprints(PRINTS_MAX);
  private final long warmUpNs;
  private final PathRig rig;
  private final long[] timesNs = new long[2 * OPERATIONS_MAX];
  private int operations;

  /**
   * @param spinUs as in the programs' configurations
   * @param initiator what else its configuration says
   * @param seconds what a case of the table gets
   */
  public HopBench(int spinUs, Map<String, Object> initiator, double seconds) throws Exception {
    warmUpNs = Math.min(WARM_UP_NS, (long) (seconds * 1e9));
    Map<String, CardProvider> cards = new LinkedHashMap<>();
    Appliance.cards().forEach((kind, each) -> cards.put(kind, Borders.card(each, card)));
    rig =
        new PathRig(
            spinUs,
            initiator,
            new PathRig.Between(cards, function -> Borders.guest(function, server)));
  }

  /** Looks at some thousand operations of a kind that are alone on the path. */
  public Breakdown look(String words, BenchCase of) throws Exception {
    assert of.latency() : "operations that are under way together cannot be told apart";
    rig.run(of, warmUpNs, (begin, end) -> {});
    List<Journeys.Journey> all = new ArrayList<>();
    for (int burst = 0; burst < BURSTS; burst++) {
      all.addAll(burst(of));
    }
    return Breakdown.of(words, all);
  }

  private List<Journeys.Journey> burst(BenchCase of) throws Exception {
    FrameRing down = new FrameRing(RING_BYTES);
    FrameRing up = new FrameRing(RING_BYTES);
    onBoth(
        tap -> {
          tap.add(down);
          card.begin();
        },
        tap -> {
          tap.add(up);
          server.begin();
        });
    operations = 0;
    rig.run(of, BURST_NS, (Took) this::took);
    onBoth(
        tap -> {
          tap.remove(down);
          card.end();
        },
        tap -> {
          tap.remove(up);
          server.end();
        });
    FramesSeen arrivedDown = FramesSeen.in(down);
    FramesSeen arrivedUp = FramesSeen.in(up);
    if (arrivedDown.lost() + arrivedUp.lost() > 0) {
      throw new IllegalStateException("captures had no room for a burst of " + operations);
    }
    Journeys journeys = new Journeys();
    journeys.add(arrivedDown, Hop.WIRE_DOWN, Hop.APPLIANCE);
    journeys.add(arrivedUp, Hop.WIRE_UP, Hop.INITIATOR);
    journeys.add(server);
    journeys.add(card);
    return journeys.of(timesNs, operations);
  }

  private void took(long beginNs, long endNs) {
    if (operations < OPERATIONS_MAX) {
      timesNs[2 * operations] = beginNs;
      timesNs[2 * operations + 1] = endNs;
      operations++;
    }
  }

  /** Has something done with both ends' taps, on their threads, and waits. */
  private void onBoth(Consumer<Tap> appliance, Consumer<Tap> initiator)
      throws InterruptedException, TimeoutException {
    CountDownLatch done = new CountDownLatch(2);
    rig.appliance()
        .loop()
        .execute(
            () -> {
              appliance.accept(rig.appliance().control().tap());
              done.countDown();
            });
    rig.server()
        .agent()
        .execute(
            () -> {
              initiator.accept(rig.server().initiator().control().tap());
              done.countDown();
            });
    if (!done.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("a data thread does not answer");
    }
  }

  @Override
  public void close() throws IOException {
    rig.close();
  }
}
