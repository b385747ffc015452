package farslot.carrier;

import farslot.link.Dialer;
import farslot.link.FrameError;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.linux.EventLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A listener and dialers on two hosts, without a link: what they make is kept and looked at. */
final class EthernetEnds implements AutoCloseable {
  static final long PATIENCE_MS = 120_000;
  final Hosts hosts = new Hosts();
  final Hosts.Host appliance;
  final Hosts.Host server;
  final EventLoop applianceLoop;
  final EventLoop serverLoop;
  final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();
  List<String> functions = List.of("disk0", "nic0");
  Optional<RailSecurity> applianceSecurity = Optional.empty();
  Optional<RailSecurity> serverSecurity = Optional.empty();

  EthernetEnds() throws Exception {
    appliance = hosts.add();
    server = hosts.add();
    applianceLoop = hosts.loop(appliance);
    serverLoop = hosts.loop(server);
  }

  /** With a cable {@code eth1} between them. */
  EthernetEnds(int mtu) throws Exception {
    this();
    hosts.cable("eth1", appliance, mtu, server, mtu);
  }

  /** A rail as its end sees it. */
  static final class End implements RailListener {
    final Rail rail;
    final EventLoop loop;
    final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    final BlockingQueue<String> downs = new LinkedBlockingQueue<>();
    volatile int writables;

    End(Rail rail, EventLoop loop) {
      this.rail = rail;
      this.loop = loop;
    }

    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
      frames.add(segment.asSlice(offset, frameBytes).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void onMalformed(FrameError error, long nowNs) {
      throw new AssertionError("never on an unreliable rail");
    }

    @Override
    public void onWritable(long nowNs) {
      writables++;
    }

    @Override
    public void onDown(String cause, long nowNs) {
      downs.add(cause);
    }
  }

  EthernetListener listen(String address) throws Exception {
    return listen(address, "rack-1", 77);
  }

  EthernetListener listen(String address, String nodeName, long instanceId) throws Exception {
    return listen(applianceLoop, address, nodeName, instanceId);
  }

  EthernetListener listen(EventLoop loop, String address, String nodeName, long instanceId)
      throws Exception {
    return on(
        loop,
        () ->
            new EthernetListener(
                loop,
                EthernetAddress.parse(address),
                (rail, nowNs) -> {
                  End end = new End(rail, loop);
                  accepted.add(end);
                  return end;
                },
                new Offering(nodeName, instanceId, () -> functions),
                applianceSecurity));
  }

  /** What came of a dial: a rail, or why there is none. */
  record Outcome(End end, String failure) {}

  EthernetDialer dialer(String address) throws Exception {
    return on(
        serverLoop,
        () ->
            new EthernetDialer(
                serverLoop,
                EthernetAddress.parse(address),
                new EthernetCounters(),
                serverSecurity));
  }

  Outcome dial(String address) throws Exception {
    return dial(dialer(address));
  }

  Outcome dial(EthernetDialer dialer) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    serverLoop.execute(
        () ->
            dialer.dial(
                new Dialer.Caller() {
                  @Override
                  public RailListener onRail(Rail rail, long nowNs) {
                    End end = new End(rail, serverLoop);
                    outcome.complete(new Outcome(end, ""));
                    return end;
                  }

                  @Override
                  public void onDialFailed(String cause, long nowNs) {
                    outcome.complete(new Outcome(null, cause));
                  }
                }));
    return outcome.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Dials, says HELLO, and lets the appliance answer: both ends of a rail. */
  End[] rail(String address) throws Exception {
    Outcome outcome = dial(address);
    if (outcome.end == null) {
      throw new AssertionError(outcome.failure);
    }
    send(outcome.end, EthernetFrames.hello("server-1"));
    End other = accepted.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
    next(other);
    send(other, EthernetFrames.welcome());
    next(outcome.end);
    return new End[] {outcome.end, other};
  }

  /** Sends frames as one run; how many bytes were taken. */
  int send(End from, byte[]... frames) throws Exception {
    return on(
        from.loop,
        () -> {
          byte[] run = EthernetFrames.join(frames);
          MemorySegment segment = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, run);
          return from.rail.send(segment, 0, run.length);
        });
  }

  static byte[] next(End end) throws InterruptedException {
    byte[] frame = end.frames.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
    if (frame == null) {
      throw new AssertionError("no frame came");
    }
    return frame;
  }

  static <T> T on(EventLoop loop, Callable<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen");
      }
      Thread.sleep(2);
    }
  }

  @Override
  public void close() {
    hosts.close();
  }
}
