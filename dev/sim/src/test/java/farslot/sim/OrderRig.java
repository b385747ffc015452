package farslot.sim;

import farslot.fabric.LocalFunction;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.Dialer;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkInitiator;
import farslot.link.LinkSizes;
import farslot.link.LinkStream;
import farslot.link.MemoryWire;
import farslot.link.RailListener;
import farslot.testkit.FakeAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Servers' root ports and cards' endpoints with a real link between them, and a gate in each
 * direction. While a gate is closed, credits run out behind it; what arrived in which order is seen
 * when it is opened.
 */
final class OrderRig implements Dialer {
  /** As few as may be, so that they run out soon: 8 headers, 512 units of data. */
  static final Credits FEW = new Credits(8, 512, 8, 512, 0, 0);

  /** With completions that can run out, too. */
  static final Credits FEW_COMPLETIONS = new Credits(8, 512, 8, 512, 8, 512);

  /** Small payloads, so that a read has many completions. */
  private static final LinkSizes SIZES = LinkSizes.USUAL.withPayload(256, 4096);

  private static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);
  private static final long STEP_NS = 50_000;

  /** A function on both sides. */
  final class Pair implements PortWatcher {
    final OrderCard card = new OrderCard();
    final FunctionEndpoint endpoint = new FunctionEndpoint(card, agent);
    final RootPort port = new RootPort("f", agent, PortOptions.DEFAULT, this);

    /** What has come to the card, and to the server, in order. */
    final ArrivalLog down = new ArrivalLog(endpoint);

    final ArrivalLog up = new ArrivalLog(port);
    final List<String> interrupts = new ArrayList<>();
    LinkStream server;
    LinkStream appliance;
    int answered;

    void attach(String name, Credits fromServer) {
      initiator.attach(
          name,
          0,
          fromServer,
          up,
          new AttachListener() {
            @Override
            public void onAttached(LinkStream stream, FunctionIdentity identity) {
              server = stream;
              port.attach(stream);
            }

            @Override
            public void onRefused(AttachRefusal code, String holder, String text) {
              throw new AssertionError(text);
            }
          });
    }

    @Override
    public void onPresent(RootPort which) {}

    @Override
    public void onAbsent(RootPort which, String cause) {
      throw new AssertionError("lost: " + cause);
    }

    // What a guest does.

    void write(int register, int value) {
      port.write(0, register, OrderCard.dw(value), 0, 4, cookie -> {}, 0);
    }

    void writeIo(int register, int value) {
      port.write(4, register, OrderCard.dw(value), 0, 4, cookie -> answered++, 0);
    }

    void read(int register) {
      port.read(0, register, 4, (cookie, data, at, bytes) -> answered++, 0);
    }

    /** Bus mastering, and a vector of MSI-X that is armed. */
    void enable() {
      port.write(LocalFunction.REGION_CONFIG, 4, OrderCard.dw(7), 0, 2, cookie -> answered++, 0);
      port.listener(
          new LocalFunction.Listener() {
            @Override
            public void onInterrupt(int kind, int vector) {
              interrupts.add(kind + ":" + vector + " after " + up.size());
            }

            @Override
            public void onPresence(boolean present, String cause) {}

            @Override
            public void onRoom() {}
          });
      port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true, true});
    }
  }

  final FakeAgent agent = new FakeAgent();
  final List<Pair> pairs = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(5);
  private final LinkInitiator initiator =
      new LinkInitiator(LinkConfig.of("server", 11).with(SIZES), this, event -> {}, random.split());
  private final LinkAcceptor acceptor;
  private final MemoryWire wire = new MemoryWire("w", true, 65532, 64, random.split());
  private final Gate toCard;
  private final Gate toServer;
  private Caller caller;

  OrderRig(int functions, Credits fromServer, Credits fromAppliance) {
    for (int i = 0; i < functions; i++) {
      pairs.add(new Pair());
    }
    acceptor =
        new LinkAcceptor(
            LinkConfig.of("appliance", 22).with(SIZES),
            request -> {
              Pair pair = pairs.get(Integer.parseInt(request.functionName()));
              pair.appliance = request.accept(pair.down, 9, fromAppliance, IDENTITY);
              pair.endpoint.connect(pair.appliance);
            },
            event -> {},
            random.split());
    initiator.start(agent.nowNs());
    RailListener near = caller.onRail(wire.near(), agent.nowNs());
    toServer = new Gate(near, this::nowNs);
    toCard = new Gate(acceptor.onRail(wire.far(), agent.nowNs()), this::nowNs);
    wire.listen(toServer, toCard);
    settle();
    for (int i = 0; i < functions; i++) {
      pairs.get(i).attach(String.valueOf(i), fromServer);
    }
    settle();
    pairs.forEach(Pair::enable);
    settle();
    for (Pair pair : pairs) {
      if (!pair.port.present() || !pair.port.hasRoom()) {
        throw new AssertionError("not brought up");
      }
      pair.down.clear();
      pair.up.clear();
      pair.answered = 0;
    }
  }

  /** One function, with the fewest credits. */
  static OrderRig of(Credits fromServer, Credits fromAppliance) {
    return new OrderRig(1, fromServer, fromAppliance);
  }

  private long nowNs() {
    return agent.nowNs();
  }

  Pair pair() {
    return pairs.getFirst();
  }

  void closeDown() {
    toCard.close();
  }

  void closeUp() {
    toServer.close();
  }

  /** Lets through what waits at the gates, and closes them again. */
  void openOnce() {
    toCard.openOnce();
    toServer.openOnce();
  }

  /** Opens both gates and lets all come through. */
  void open() {
    toCard.open();
    toServer.open();
    settle();
  }

  /** Lets everything happen that can, within a tenth of a second or so. */
  void settle() {
    for (int i = 0; i < 2_000; i++) {
      agent.runTasks();
      initiator.flush(nowNs());
      acceptor.flush(nowNs());
      wire.deliver(nowNs());
      agent.advance(STEP_NS);
      if (nowNs() >= initiator.deadlineNs()) {
        initiator.onTimer(nowNs());
      }
      if (nowNs() >= acceptor.deadlineNs()) {
        acceptor.onTimer(nowNs());
      }
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
}
