package farslot.carrier;

import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.link.LinkTimers;
import farslot.linux.EventLoop;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An initiator and an appliance, each on a loop of its own, over real TCP and through a proxy. */
final class TcpLab implements AutoCloseable {
  private static final long MS = 1_000_000;
  private static final long PATIENCE_MS = 120_000;
  static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x10, 0x010802, 2, 0x1AF4, 0x1100, 7);

  final EventLoop applianceLoop = new EventLoop("appliance", 0);
  final EventLoop initiatorLoop = new EventLoop("initiator", 0);
  final List<String> events = new CopyOnWriteArrayList<>();
  final LinkAcceptor acceptor;
  final LinkInitiator initiator;
  final TcpListener listener;
  final Proxy proxy;
  final Echo echo = new Echo();

  TcpLab(LinkTimers timers, String listenAt) throws Exception {
    this(timers, listenAt, Optional.empty(), Optional.empty());
  }

  /**
   * @param appliance what the appliance shows and believes
   * @param server the same of the initiator
   */
  TcpLab(Optional<RailSecurity> appliance, Optional<RailSecurity> server) throws Exception {
    // Whoever shares the processor with others must not lose rails for that here.
    this(LinkTimers.USUAL, "127.0.0.1:0", appliance, server);
  }

  private TcpLab(
      LinkTimers timers,
      String listenAt,
      Optional<RailSecurity> appliance,
      Optional<RailSecurity> server)
      throws Exception {
    acceptor =
        new LinkAcceptor(
            LinkConfig.of("appliance-1", 22).with(timers),
            request -> echo.stream = request.accept(echo, 1, Credits.DEFAULT, IDENTITY),
            this::note,
            new SplittableRandom(1));
    listener = new TcpListener(applianceLoop, TcpAddress.parse(listenAt), acceptor, appliance);
    new LinkDriver(applianceLoop, acceptor);
    proxy = new Proxy(listener.port());
    initiator =
        new LinkInitiator(
            LinkConfig.of("server-1", 11).with(timers),
            new TcpDialer(initiatorLoop, TcpAddress.parse("localhost:" + proxy.port()), server),
            this::note,
            new SplittableRandom(2));
    new LinkDriver(initiatorLoop, initiator);
    applianceLoop.start();
    initiatorLoop.start();
  }

  TcpLab() throws Exception {
    this(quick(), "127.0.0.1:0");
  }

  static LinkTimers quick() {
    return new LinkTimers(15_000 * MS, 50 * MS, 400 * MS, 300 * MS, MS, 10 * MS, 100 * MS);
  }

  private void note(LinkEvent event) {
    events.add(event.words());
  }

  /** Starts the initiator and attaches the echo function. */
  Caller attach() throws Exception {
    onInitiator(
        () -> {
          initiator.start(initiatorLoop.nowNs());
          return null;
        });
    await(() -> events.stream().anyMatch(e -> e.contains("is up")));
    Caller caller = new Caller();
    await(() -> call(() -> initiator.session().isPresent()));
    onInitiator(
        () -> {
          initiator.attach("echo", 0, Credits.DEFAULT, caller, caller);
          return null;
        });
    await(() -> caller.stream != null);
    return caller;
  }

  <T> T onInitiator(Callable<T> task) throws Exception {
    return on(initiatorLoop, task);
  }

  <T> T onAppliance(Callable<T> task) throws Exception {
    return on(applianceLoop, task);
  }

  private <T> T call(Callable<T> task) {
    try {
      return onInitiator(task);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T on(EventLoop loop, Callable<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Waits until something is so; that it takes long is no failure, that it never is, is one. */
  void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MS * MS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen; events: " + events);
      }
      Thread.sleep(2);
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    applianceLoop.close();
    initiatorLoop.close();
  }

  /** Answers every MRd by a CplD that repeats its address. */
  static final class Echo implements TlpIn {
    private final TlpView view = new TlpView();
    volatile LinkStream stream;
    volatile int downs;
    volatile long requests;

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      requests++;
      long at = stream.claim(FlowClass.COMPLETION, 12 + 8, 8);
      if (at < 0) {
        throw new IllegalStateException("completions are infinite here");
      }
      int header =
          TlpEncoder.completionWithData(stream.segment(), at, 0x100, 0, view.tag(), 8, 0, 8);
      stream.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, at + header, view.address());
      stream.commit();
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {
      downs++;
    }
  }

  /** Keeps a number of reads under way and checks that each is answered once and in order. */
  static final class Caller implements TlpIn, AttachListener {
    private final TlpView view = new TlpView();
    private final int depth = 32;
    volatile LinkStream stream;
    volatile long answered;
    volatile long asked;
    volatile long wanted;
    volatile String wrong;
    volatile int downs;

    /** On the loop: asks until {@code wanted} are answered. */
    void ask(long wanted) {
      this.wanted = wanted;
      pump();
    }

    private void pump() {
      while (asked < wanted && asked - answered < depth) {
        long at = stream.claim(FlowClass.NON_POSTED, 16, 0);
        if (at < 0) {
          return;
        }
        TlpEncoder.memoryRead(
            stream.segment(), at, 0, (int) (asked % 1024), 1L << 40 | asked << 12, 8);
        stream.commit();
        asked++;
      }
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      long address = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, view.dataOffset());
      if (address != (1L << 40 | answered << 12) || view.tag() != answered % 1024) {
        wrong = "answer " + answered + " is for " + Long.toHexString(address);
      }
      answered++;
      pump();
    }

    @Override
    public void onRoom() {
      pump();
    }

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {
      downs++;
    }

    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      this.stream = stream;
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      wrong = text;
    }
  }
}
