package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A request and its answer over raw Ethernet, against a bare ping-pong of packets between the same
 * two hosts, on the same threads, in turn.
 */
final class EthernetRoundTrip implements Measurement {
  private static final String CABLE = "rail0";
  private static final long WAIT_SECONDS = 30;
  private static final long WARM_UP_NS = 1_500_000_000L;
  private static final long HIGHEST_NS = 10_000_000_000L;
  private static final double NS_PER_US = 1000;

  private final Rounded ratio = new Rounded();
  private final Rounded ours = new Rounded();
  private final Rounded floor = new Rounded();

  /** What is measured: runs for a time on the asking loop. */
  private interface Run {
    void run(long forNs, Histogram into, Runnable finished);
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        new Figure(
            "raw_ethernet_rtt_over_af_packet",
            "request and completion over raw Ethernet, over AF_PACKET",
            ratio,
            Goal.atMost(1.5),
            ""),
        new Figure("raw_ethernet_rtt_us", "the same, us", ours, Goal.NONE, ""),
        new Figure("af_packet_rtt_us", "AF_PACKET ping-pong of 64 B, us", floor, Goal.NONE, ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    EventLoop near = new EventLoop("server", setup.spinUs() * 1000L);
    EventLoop far = new EventLoop("appliance", setup.spinUs() * 1000L);
    try (Cables cables = new Cables(Cables.Plan.direct(1))) {
      cables.initiator().call(near::start);
      cables.appliance().call(far::start);
      Run bare = bare(cables, near, far)::run;
      Run linked = linked(near, far)::run;
      measure(near, linked, WARM_UP_NS);
      measure(near, bare, WARM_UP_NS);
      for (int round = 0; round < Setup.ROUNDS; round++) {
        double us = measure(near, linked, setup.windowNs());
        double bareUs = measure(near, bare, setup.windowNs());
        ours.add(us);
        floor.add(bareUs);
        ratio.add(us / bareUs);
      }
    } finally {
      near.close();
      far.close();
    }
    return asked();
  }

  private static PacketPingPong bare(Cables cables, EventLoop near, EventLoop far)
      throws Exception {
    NetInterface here = cables.initiator().call(() -> NetInterface.of(CABLE));
    NetInterface there = cables.appliance().call(() -> NetInterface.of(CABLE));
    Loops.on(far, () -> new PacketPingPong(far, there, here.mac(), false));
    return Loops.on(near, () -> new PacketPingPong(near, here, there.mac(), true));
  }

  private static LinkPingPong.Asker linked(EventLoop near, EventLoop far) throws Exception {
    Loops.on(
        far,
        () -> {
          LinkPingPong.Answerer.listen(far, "eth:" + CABLE);
          return null;
        });
    CompletableFuture<Void> ready = new CompletableFuture<>();
    LinkPingPong.Asker asker =
        Loops.on(
            near, () -> new LinkPingPong.Asker(near, "eth:" + CABLE, () -> ready.complete(null)));
    ready.get(WAIT_SECONDS, TimeUnit.SECONDS);
    return asker;
  }

  /** Median round trip, microseconds. */
  private static double measure(EventLoop loop, Run run, long forNs) throws Exception {
    Histogram into = new Histogram(HIGHEST_NS, 3);
    CompletableFuture<Void> end = new CompletableFuture<>();
    loop.execute(() -> run.run(forNs, into, () -> end.complete(null)));
    end.get(WAIT_SECONDS + forNs / 1_000_000_000L, TimeUnit.SECONDS);
    return into.getValueAtPercentile(50) / NS_PER_US;
  }
}
