package farslot.sim.guides;

import farslot.cards.nvme.NvmeProvider;
import farslot.cards.nvme.guide.NvmeGuideProvider;
import farslot.fabric.LocalFunction;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.GuideProvider;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.Dialer;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.link.MemoryWire;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import farslot.testkit.FakeAgent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A drive and its server with a real link between them, on one thread, in virtual time; with or
 * without the drive's guide.
 */
final class GuidedRig implements Dialer, PortWatcher, PortStream {
  static final long IOVA = 0x2000_0000L;
  static final int RAM_BYTES = 1 << 20;
  static final int DISK_BYTES = 2 << 20;

  private static final long STEP_NS = 10_000;
  private static final int STEPS_MAX = 20_000;
  private static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);

  final FakeAgent agent = new FakeAgent();
  final MemorySegment ram = Arena.ofAuto().allocate(RAM_BYTES, 4096);
  final RamStore disk = new RamStore(DISK_BYTES);
  final FunctionEndpoint endpoint;
  final RootPort port;
  private final SplittableRandom random;
  private final GuideBugs bugs;
  private final LinkInitiator initiator;
  private final LinkAcceptor acceptor;
  private final MemoryWire wire;
  private LinkStream server;
  private TlpOut out;
  private Caller caller;
  private String lost;

  /**
   * @param guided whether the drive's guide is there
   * @param bugs what is wrong with it, and how often pushes are refused
   */
  GuidedRig(boolean guided, GuideBugs bugs, long seed) {
    this.bugs = bugs;
    random = new SplittableRandom(seed);
    wire = new MemoryWire("w", true, 65532, 64, random.split());
    List<GuideProvider> guides = guided ? List.of(bugs.around(new NvmeGuideProvider())) : List.of();
    port = new RootPort("disk", agent, PortOptions.DEFAULT.with(guides), this);
    try {
      Map<String, Object> config =
          Map.of("serial", "GUIDED", "namespaces", List.of(Map.of("block-size", 512)));
      endpoint =
          new FunctionEndpoint(
              new NvmeProvider().create(new CardConfig("test", config), where -> disk), agent);
    } catch (CardConfigException e) {
      throw new AssertionError(e);
    }
    initiator = new LinkInitiator(LinkConfig.of("server", 11), this, event -> {}, random.split());
    acceptor =
        new LinkAcceptor(
            LinkConfig.of("appliance", 22),
            request -> endpoint.connect(request.accept(endpoint, 9, Credits.DEFAULT, IDENTITY)),
            this::onEvent,
            random.split());
    connect();
  }

  private void connect() {
    initiator.start(agent.nowNs());
    var near = caller.onRail(wire.near(), agent.nowNs());
    wire.listen(near, acceptor.onRail(wire.far(), agent.nowNs()));
    wire.delay(20_000, 0);
    run(() -> initiator.session().isPresent());
    initiator.attach("disk", 0, Credits.DEFAULT, port, new Attached());
    run(port::present);
    map();
  }

  private void onEvent(LinkEvent event) {
    if (event instanceof LinkEvent.StreamDown down) {
      lost = down.cause();
    }
  }

  private final class Attached implements AttachListener {
    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      server = stream;
      out = bugs.around(stream, ram);
      port.attach(GuidedRig.this);
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      throw new AssertionError(text);
    }
  }

  /** Lets the card reach the memory. */
  void map() {
    port.dmaWindows().map(new DmaWindow(IOVA, RAM_BYTES, Access.READ_WRITE, ram, null));
  }

  /** Takes it away again. */
  void unmap() {
    port.dmaWindows().unmap(IOVA, RAM_BYTES);
  }

  void config(int offset, int bytes, int value) {
    int[] done = new int[1];
    port.write(LocalFunction.REGION_CONFIG, offset, dw(value), 0, bytes, cookie -> done[0]++, 0);
    run(() -> done[0] > 0);
  }

  static MemorySegment dw(int value) {
    return MemorySegment.ofArray(
        new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)});
  }

  /** A step of time, and all that happens in it. */
  void step() {
    agent.runTasks();
    long now = agent.nowNs();
    initiator.flush(now);
    acceptor.flush(now);
    wire.deliver(now);
    agent.advance(STEP_NS);
    if (agent.nowNs() >= initiator.deadlineNs()) {
      initiator.onTimer(agent.nowNs());
    }
    if (agent.nowNs() >= acceptor.deadlineNs()) {
      acceptor.onTimer(agent.nowNs());
    }
  }

  void steps(int count) {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  /** Steps until it is so. */
  void run(BooleanSupplier until) {
    for (int i = 0; i < STEPS_MAX && !until.getAsBoolean(); i++) {
      step();
    }
    if (!until.getAsBoolean()) {
      throw new AssertionError("nothing more happens" + (lost == null ? "" : ": " + lost));
    }
  }

  @Override
  public void dial(Caller who) {
    caller = who;
  }

  @Override
  public void abandon() {}

  @Override
  public String describe() {
    return "the rig's appliance";
  }

  @Override
  public TlpOut out() {
    return out;
  }

  @Override
  public int payloadBytesMax() {
    return server.session().payloadBytesMax();
  }

  @Override
  public void hotReset() {
    server.hotReset();
  }

  @Override
  public void detach(String cause) {
    server.detach(cause);
  }

  @Override
  public void onPresent(RootPort which) {}

  @Override
  public void onAbsent(RootPort which, String cause) {
    lost = lost == null ? cause : lost;
  }

  @Override
  public void onGuideFailed(RootPort which, String guide, Throwable cause) {
    throw new AssertionError("the guide failed", cause);
  }
}
