package farslot.bench.rails;

import com.sun.management.ThreadMXBean;
import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * A ring that the kernel shares, against recvmmsg: what decided how rails receive. The same stream
 * of packets between the same hosts and threads, in turn.
 */
final class PacketReceiving implements Measurement {
  private static final String CABLE = "rail0";
  private static final int MTU = 9000;
  private static final PacketExchange.Load PING = new PacketExchange.Load(64, 1, 1);
  private static final PacketExchange.Load STREAM = new PacketExchange.Load(MTU, 256, 32);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Rounded trip = new Rounded();
  private final Rounded rate = new Rounded();
  private final Rounded processor = new Rounded();

  /** Packets a second, and processor time of both threads for each, nanoseconds. */
  private record Cost(double perSecond, double processorNs) {}

  @Override
  public List<Figure> asked() {
    return List.of(
        new Figure(
            "packet_ring_rtt_over_recvmmsg",
            "receiving by a mapped ring, over recvmmsg: round trip",
            trip,
            Goal.NONE,
            ""),
        new Figure(
            "packet_ring_rate_over_recvmmsg",
            "the same: packets a second of a stream, MTU 9000",
            rate,
            Goal.NONE,
            ""),
        new Figure(
            "packet_ring_cpu_over_recvmmsg",
            "the same: processor time of both ends' threads a packet",
            processor,
            Goal.NONE,
            ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    EventLoop near = new EventLoop("sender", setup.spinUs() * 1000L);
    EventLoop far = new EventLoop("receiver", setup.spinUs() * 1000L);
    try (Cables cables = new Cables(Cables.Plan.direct(1).withMtu(MTU))) {
      Thread[] threads = {
        cables.initiator().call(near::start), cables.appliance().call(far::start)
      };
      NetInterface here = cables.initiator().call(() -> NetInterface.of(CABLE));
      NetInterface there = cables.appliance().call(() -> NetInterface.of(CABLE));
      Bed bed = new Bed(near, far, here, there, threads);
      for (int round = -1; round < Setup.ROUNDS; round++) {
        Cost[] pings = bed.both(PING, setup.windowNs());
        Cost[] streams = bed.both(STREAM, setup.windowNs());
        if (round >= 0) { // The first one warms up.
          trip.add(pings[0].perSecond / pings[1].perSecond);
          rate.add(streams[1].perSecond / streams[0].perSecond);
          processor.add(streams[1].processorNs / streams[0].processorNs);
        }
      }
    } finally {
      near.close();
      far.close();
    }
    return asked();
  }

  private record Bed(
      EventLoop near, EventLoop far, NetInterface here, NetInterface there, Thread[] threads) {
    /** By recvmmsg, then by the ring. */
    Cost[] both(PacketExchange.Load load, long forNs) throws Exception {
      return new Cost[] {
        one(PacketExchange.Way.BATCH, load, forNs), one(PacketExchange.Way.RING, load, forNs)
      };
    }

    private Cost one(PacketExchange.Way way, PacketExchange.Load load, long forNs)
        throws Exception {
      PacketExchange receiver =
          Loops.on(far, () -> new PacketExchange(far, there, here.mac(), way, load, false));
      PacketExchange sender =
          Loops.on(near, () -> new PacketExchange(near, here, there.mac(), way, load, true));
      near.execute(sender::start);
      long done = sender.done();
      long used = processorNs();
      long beganNs = System.nanoTime();
      Thread.sleep(forNs / 1_000_000);
      long packets = sender.done() - done;
      long elapsedNs = System.nanoTime() - beganNs;
      used = processorNs() - used;
      Loops.run(near, sender::close);
      Loops.run(far, receiver::close);
      return new Cost(packets * 1e9 / elapsedNs, (double) used / packets);
    }

    private long processorNs() {
      long sum = 0;
      for (Thread thread : threads) {
        sum += THREADS.getThreadCpuTime(thread.threadId());
      }
      return sum;
    }
  }
}
