package farslot.initiator;

import farslot.api.agent.AgentKind;
import farslot.api.agent.AgentLoop;
import farslot.api.agent.AgentTimes;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.control.ControlClient;
import farslot.function.Agent;
import farslot.initiator.orders.Fulfilment;
import farslot.initiator.qmp.QmpGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An initiator that does what a manager orders: {@link Fulfilment} decides, on the data thread, and
 * {@link Hands} do it. Its own calls may come from any thread.
 */
public final class ManagedInitiator implements farslot.api.agent.Agent, AutoCloseable {
  private static final long ANSWER_MS = 10_000;

  /** The manager's last orders, in the state directory. */
  private static final String ORDERS = "orders.json";

  /** How often is looked whether a driver has taken a function into use, while one is awaited. */
  private static final long DRIVER_NS = 50_000_000L;

  /** And otherwise. */
  private static final long DRIVER_IDLE_NS = 1_000_000_000L;

  private final InitiatorConfig config;
  private final String software;
  private final String instance = UUID.randomUUID().toString();
  private final Initiator initiator;
  private final Agent agent;
  private final Map<String, QmpGuest> guests = new TreeMap<>();
  private final Hands hands;
  private final Fulfilment fulfilment;
  private final Agent.Timer clock;
  private final Agent.Timer drivers;
  private volatile Runnable changed = () -> {};

  /** Null until it begins. */
  private AgentLoop loop;

  /**
   * Makes everything; {@link #start} begins.
   *
   * @param config with a management section
   * @param software what the manager is told that this is
   */
  public ManagedInitiator(InitiatorConfig config, String software) {
    this.config = config;
    this.software = software;
    Management management = config.management().orElseThrow();
    initiator =
        new Initiator(config, new Sockets(config.runDir(), (name, path) -> {}, this::onClient));
    agent = initiator.agent();
    for (Management.Guest guest : management.guests()) {
      String name = guest.name();
      guests.put(name, new QmpGuest(name, guest.qmp(), new GuestEvents(name)));
    }
    hands = new Hands(config, initiator, guests, new CardEvents());
    List<String> names = List.copyOf(guests.keySet());
    fulfilment = new Fulfilment(hands, names, Fulfilment.STUCK_NS);
    clock = agent.timer(() -> on(nowNs -> fulfilment.onTime(nowNs)));
    drivers = agent.timer(this::lookAtDrivers);
  }

  /**
   * Begins: with the orders that the disk has, if there are any, whether the manager is there or
   * not.
   *
   * @param port the way to the manager; closed by this
   * @throws IOException when orders are there and cannot be read
   */
  public void start(ManagerPort port) throws IOException, InterruptedException {
    Path stateDir = config.management().orElseThrow().stateDir();
    Files.createDirectories(
        stateDir,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    loop =
        new AgentLoop(
            AgentKind.INITIATOR,
            config.name(),
            port,
            this,
            stateDir.resolve(ORDERS),
            AgentTimes.USUAL);
    changed = loop::changed;
    initiator.start();
    guests.values().forEach(QmpGuest::start);
    agent.execute(() -> drivers.arm(DRIVER_IDLE_NS));
    loop.start();
  }

  /** What it has: ports, sessions, the control socket. */
  public Initiator initiator() {
    return initiator;
  }

  /** Begins to do what is ordered; a report after this call is about these orders. */
  @Override
  public void obey(Orders orders) throws InterruptedException {
    if (!(orders instanceof InitiatorOrders ours)) {
      throw new IllegalArgumentException("orders for something else: " + orders);
    }
    ask(
        () -> {
          on(nowNs -> fulfilment.orders(ours, nowNs));
          return null;
        });
  }

  @Override
  public Report report() throws InterruptedException {
    return ask(
        () -> {
          List<HoldingReport> holdings = fulfilment.holdings(this::load);
          return new InitiatorReport(
              config.name(),
              instance,
              software,
              config.runDir().toAbsolutePath().resolve(ControlClient.SOCKET).toString(),
              initiator.rails(),
              fulfilment.guests(),
              holdings);
        });
  }

  private Load load(String function) {
    return initiator.holding(function).map(Holding::load).orElse(Load.NONE);
  }

  private <T> T ask(Callable<T> question) throws InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    agent.execute(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Exception | AssertionError e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(ANSWER_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the data thread does not answer", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Something that the state machine hears. */
  private interface Event {
    void at(long nowNs);
  }

  /** On the data thread. */
  private void on(Event event) {
    event.at(agent.nowNs());
    long deadlineNs = fulfilment.deadlineNs();
    if (deadlineNs == Long.MAX_VALUE) {
      clock.cancel();
    } else {
      clock.arm(Math.max(0, deadlineNs - agent.nowNs()));
    }
    changed.run();
  }

  /** From any thread, or from deep inside: it is heard soon. */
  private void post(Event event) {
    agent.execute(() -> on(event));
  }

  private void onClient(String function, boolean connected) {
    agent.execute(
        () -> {
          hands.client(function, connected);
          on(nowNs -> fulfilment.onClient(function, connected, nowNs));
          drivers.arm(0);
        });
  }

  private void lookAtDrivers() {
    boolean awaited = false;
    for (Hands.Held held : hands.held()) {
      boolean bound = hands.isBound(held);
      awaited |= held.client && !bound;
      if (bound != held.bound) {
        held.bound = bound;
        on(nowNs -> fulfilment.onDriver(held.function, bound, "", nowNs));
        if (bound) {
          hands.locate(held, bdf -> post(nowNs -> onLocated(held, bdf, nowNs)));
        }
      }
    }
    drivers.arm(awaited ? DRIVER_NS : DRIVER_IDLE_NS);
  }

  private void onLocated(Hands.Held held, String bdf, long nowNs) {
    if (held.bound && hands.isCurrent(held)) {
      fulfilment.onDriver(held.function, true, bdf, nowNs);
    }
  }

  /** Waits until it has been closed, or has given up. */
  public void join() throws InterruptedException {
    initiator.join();
  }

  /** Leaves the guests alone, takes all functions from the server and says goodbye. */
  @Override
  public void close() {
    if (loop != null) {
      loop.close();
    }
    guests.values().forEach(QmpGuest::close);
    initiator.close();
  }

  /** What happens to cards, told when whoever caused it is through. */
  private final class CardEvents implements Hands.Listener {
    @Override
    public void onPresent(Hands.Held held) {
      postOf(held, nowNs -> fulfilment.onPresent(held.function, hands.shownAs(held), nowNs));
    }

    @Override
    public void onAbsent(Hands.Held held, String cause) {
      postOf(held, nowNs -> fulfilment.onAbsent(held.function, cause, nowNs));
    }

    @Override
    public void onRefused(Hands.Held held, String why) {
      postOf(held, nowNs -> fulfilment.onRefused(held.function, why, nowNs));
    }

    @Override
    public void onFailed(Hands.Held held, String why) {
      postOf(held, nowNs -> fulfilment.onFailed(held.function, why, nowNs));
    }

    /** What was let go of meanwhile is not heard any more. */
    private void postOf(Hands.Held held, Event event) {
      agent.execute(
          () -> {
            if (hands.isCurrent(held)) {
              on(event);
            }
          });
    }
  }

  private final class GuestEvents implements QmpGuest.Listener {
    private final String guest;

    GuestEvents(String guest) {
      this.guest = guest;
    }

    @Override
    public void onSeen(QmpGuest.Seen seen) {
      Map<String, String> functions = new TreeMap<>();
      seen.devices()
          .forEach((id, port) -> QmpGuest.function(id).ifPresent(f -> functions.put(f, port)));
      boolean running = seen.running();
      post(
          nowNs ->
              fulfilment.onGuest(
                  guest, running, seen.detail(), functions, seen.freePorts(), nowNs));
    }

    @Override
    public void onPlugged(String id, String port) {
      QmpGuest.function(id)
          .ifPresent(f -> post(nowNs -> fulfilment.onPlugged(guest, f, port, nowNs)));
    }

    @Override
    public void onPlugFailed(String id, String why) {
      QmpGuest.function(id)
          .ifPresent(f -> post(nowNs -> fulfilment.onPlugFailed(guest, f, why, nowNs)));
    }

    @Override
    public void onDeleted(String id) {
      QmpGuest.function(id).ifPresent(f -> post(nowNs -> fulfilment.onDeleted(guest, f, nowNs)));
    }

    @Override
    public void onUnplugRefused(String id, String why) {
      QmpGuest.function(id)
          .ifPresent(f -> post(nowNs -> fulfilment.onUnplugRefused(guest, f, why, nowNs)));
    }
  }
}
