package farslot.initiator;

import farslot.api.agent.RailReport;
import farslot.carrier.DataThread;
import farslot.carrier.LoopAgent;
import farslot.carrier.RailAddress;
import farslot.carrier.RailSecurity;
import farslot.config.ConfigException;
import farslot.control.Control;
import farslot.control.ControlCommand;
import farslot.control.EventLog;
import farslot.control.Paths;
import farslot.control.Watched;
import farslot.fabric.PortOptions;
import farslot.fabric.RootPort;
import farslot.function.Agent;
import farslot.function.PciFunction;
import farslot.link.Dialer;
import farslot.link.LinkConfig;
import farslot.link.LinkCounters;
import farslot.link.LinkEvent;
import farslot.link.LinkSession;
import farslot.link.LinkSizes;
import farslot.link.LinkTimers;
import farslot.link.Qos;
import farslot.link.RefuseCode;
import farslot.linux.EventLoop;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.RailCredentials;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * An initiator: keeps a session with each of its appliances and shows the functions that it is
 * given to this server. One data thread does everything. What its configuration names is asked for
 * at the start; more comes and goes while it runs.
 */
public final class Initiator implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  /** The appliance of the configuration, by its ways rather than its name. */
  private static final String CONFIGURED = "";

  private final InitiatorConfig config;

  /** Empty: rails are in clear, and peers prove nothing. */
  private final Optional<RailCredentials> credentials;

  private final EventLoop loop;
  private final Agent agent;
  private final DataThread data;
  private final EventLog events;
  private final SecureRandom random = new SecureRandom();
  private final LinkConfig linkConfig;

  /** By name. */
  private final Map<String, ApplianceLink> appliances = new LinkedHashMap<>();

  private final List<LocalSlot> slots = new ArrayList<>();

  /** In the order in which they came; replaced, not changed, for whoever asks from elsewhere. */
  private volatile List<Holding> holdings = List.of();

  private final Front.Factory fronts;
  private final LocalCards cards;
  private final Guides guides = new Guides();
  private final CountDownLatch ready;
  private final Control control;
  private volatile boolean replaced;
  private boolean begun;
  private boolean stopped;

  /**
   * Makes everything; {@link #start} begins to connect.
   *
   * @param fronts shows functions to the server; given the loop that all runs on
   */
  public Initiator(InitiatorConfig config, FrontsOnLoop fronts) {
    this.config = config;
    this.credentials = credentials(config);
    this.loop = new EventLoop("initiator", config.spinUs() * 1000L);
    data = new DataThread(loop);
    this.agent = new LoopAgent(loop);
    this.control = new Control(loop::nowNs);
    this.events = new EventLog(LOG, loop::nowNs);
    this.ready = new CountDownLatch(config.functions().size());
    this.linkConfig =
        LinkConfig.of(config.name(), random.nextLong())
            .with(LinkSizes.USUAL.withFrameBytesMax(config.frameBytesMax()))
            .with(LinkTimers.USUAL.withHoldNs(config.holdNs()));
    this.fronts = fronts.on(loop, agent);
    cards = new LocalCards(loop);
    try {
      for (InitiatorConfig.Function function : config.functions()) {
        add(configured(function));
      }
    } catch (RuntimeException e) {
      cards.close();
      loop.close();
      throw e;
    }
  }

  private Holding configured(InitiatorConfig.Function function) {
    HoldingWatcher watcher = HoldingWatcher.settling(ready::countDown);
    if (function.card().isPresent()) {
      PortOptions options = new PortOptions(config.accessDeadlineNs()); // A guide gains nothing.
      PciFunction card = cards.make(function.card().get());
      LocalSlot slot = new LocalSlot(function, card, options, agent, fronts, watcher);
      slots.add(slot);
      return slot;
    }
    Terms terms = new Terms(function.name(), 0);
    return link(CONFIGURED, config.appliance())
        .hold(function, terms, options(function), fronts, watcher);
  }

  private PortOptions options(InitiatorConfig.Function function) {
    return new PortOptions(config.accessDeadlineNs(), guides.of(function));
  }

  private Optional<RailSecurity> security() {
    return credentials.map(RailSecurity.class::cast);
  }

  private static Optional<RailCredentials> credentials(InitiatorConfig config) {
    if (config.pki().isEmpty()) {
      return Optional.empty();
    }
    try {
      PkiDirectory directory = new PkiDirectory(config.pki().get());
      InstantSource clock = InstantSource.system();
      return Optional.of(
          RailCredentials.open(directory, PeerName.Kind.INITIATOR, config.name(), clock));
    } catch (PkiException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private ApplianceLink link(String appliance, List<RailAddress> addresses) {
    ApplianceLink link = appliances.get(appliance);
    if (link == null) {
      UnaryOperator<Dialer> around = control.tap()::around;
      String name = appliance.equals(CONFIGURED) ? config.applianceName() : appliance;
      link =
          new ApplianceLink(
              loop, agent, linkConfig, name, addresses, around, security(), random, this::onEvent);
      appliances.put(appliance, link);
      if (begun) {
        link.start();
      }
    }
    return link;
  }

  private void add(Holding holding) {
    List<Holding> more = new ArrayList<>(holdings);
    more.add(holding);
    holdings = List.copyOf(more);
  }

  /** Makes the fronts' factory for a loop. */
  public interface FrontsOnLoop {
    Front.Factory on(EventLoop loop, Agent agent);
  }

  /**
   * Asks an appliance for a function from now on. On the data thread.
   *
   * @param addresses all ways to the appliance, for its other functions as well
   */
  void hold(
      String appliance,
      List<RailAddress> addresses,
      InitiatorConfig.Function function,
      Terms terms,
      HoldingWatcher watcher) {
    ApplianceLink link = link(appliance, addresses);
    link.addresses(addresses);
    add(link.hold(function, terms, options(function), fronts, watcher));
  }

  /** Changes how a function is reached and served that is held. On the data thread. */
  void adjust(String appliance, String name, List<RailAddress> addresses, Qos qos) {
    ApplianceLink link = appliances.get(appliance);
    if (link != null) {
      link.addresses(addresses);
    }
    holding(name)
        .filter(Assignment.class::isInstance)
        .map(Assignment.class::cast)
        .ifPresent(assignment -> assignment.qos(qos));
  }

  /** Takes a function from the server and gives it back, if it is there. On the data thread. */
  void letGo(String appliance, String name, String cause) {
    ApplianceLink link = appliances.get(appliance);
    for (Holding holding : holdings) {
      if (link != null && holding instanceof Assignment assignment && name.equals(holding.name())) {
        link.letGo(assignment, cause);
        holdings = holdings.stream().filter(each -> each != holding).toList();
      }
    }
    if (link != null && link.isIdle()) {
      appliances.remove(appliance);
      link.close("no function of it is needed any more");
    }
  }

  /** A function that is shown, by this server's name for it. On the data thread. */
  Optional<Holding> holding(String name) {
    return holdings.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private void onEvent(LinkEvent event) {
    control.watch().onEvent(event);
    // What becomes of a function is told by its assignment, once.
    boolean told = event instanceof LinkEvent.AttachRefused || event instanceof LinkEvent.StreamUp;
    events.write(told ? Level.DEBUG : Level.INFO, event);
    if (event instanceof LinkEvent.SessionDown down
        && down.session().farewell() == RefuseCode.REPLACED) {
      replaced = true;
      LOG.log(
          Level.ERROR,
          "another initiator called ''{0}'' has taken our place; names must differ. Giving up",
          config.name());
      // Coming back would throw the other one out, and so on for ever.
      loop.execute(this::leave);
    }
  }

  private void leave() {
    stop();
    loop.close();
  }

  /** Whether another initiator of the same name has taken this one's place, which ends it. */
  public boolean replaced() {
    return replaced;
  }

  /** Begins to connect, on a thread of its own. */
  public void start() {
    start(Map.of());
  }

  /**
   * The same with commands of more at the control socket.
   *
   * @param more by name
   */
  public void start(Map<String, ControlCommand> more) {
    loop.execute(this::begin);
    data.start();
    control.open(config.runDir(), new Seen(), loop::execute, more);
  }

  private void begin() {
    begun = true;
    slots.forEach(LocalSlot::begin);
    appliances.values().forEach(ApplianceLink::start);
  }

  /**
   * Waits until it is clear for each function of the configuration whether it can be had.
   *
   * @return false when that took longer than {@code seconds}
   */
  public boolean awaitReady(long seconds) throws InterruptedException {
    return ready.await(seconds, TimeUnit.SECONDS);
  }

  /** The root ports, in the order of the configuration; use them on {@link #agent} only. */
  public List<RootPort> ports() {
    return holdings.stream().map(Holding::port).toList();
  }

  /** Functions that the server's software can find; from any thread. */
  public int offered() {
    return (int) holdings.stream().filter(Holding::offered).count();
  }

  /** The data thread's agent. */
  public Agent agent() {
    return agent;
  }

  /** The data thread's loop. */
  public EventLoop loop() {
    return loop;
  }

  /** The session that is there now, the first if there are several; on the data thread only. */
  public Optional<LinkSession> session() {
    return sessions().stream().findFirst();
  }

  private List<LinkSession> sessions() {
    return appliances.values().stream().flatMap(link -> link.session().stream()).toList();
  }

  /** How its ways to its appliances are; on the data thread only. */
  List<RailReport> rails() {
    List<RailReport> all = new ArrayList<>();
    appliances.forEach((appliance, link) -> all.addAll(RailReports.of(link, appliance)));
    return all;
  }

  /** Who answers its control socket; what belongs to the data thread there, on that thread only. */
  public Control control() {
    return control;
  }

  /** The thread that carries all TLPs, once started. */
  public Thread dataThread() {
    return data.thread();
  }

  public InitiatorConfig config() {
    return config;
  }

  /** Waits until it has been closed, or has given up. */
  public void join() throws InterruptedException {
    data.join();
    control.close(); // It may have ended by itself.
  }

  /** Takes all functions from the server, gives them back and says goodbye. */
  @Override
  public void close() {
    control.close();
    data.stop(this::stop);
    cards.close();
    credentials.ifPresent(RailCredentials::close);
  }

  private void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    String cause = "the initiator is going down";
    holdings.forEach(holding -> holding.close(cause));
    appliances.values().forEach(link -> link.close(cause));
  }

  /** This initiator as its control socket shows it. */
  private final class Seen implements Watched {
    @Override
    public String kind() {
      return "initiator";
    }

    @Override
    public String name() {
      return config.name();
    }

    @Override
    public List<LinkSession> sessions() {
      return Initiator.this.sessions();
    }

    @Override
    public Optional<Paths> paths() {
      return Optional.of(
          appliances.size() == 1
              ? appliances.values().iterator().next().paths()
              : new SeveralPaths(appliances.values()));
    }

    @Override
    public Optional<Paths> paths(LinkSession session) {
      return appliances.values().stream()
          .filter(link -> link.session().filter(each -> each == session).isPresent())
          .map(ApplianceLink::paths)
          .findFirst();
    }

    @Override
    public LinkCounters counters() {
      LinkCounters all = new LinkCounters();
      appliances.values().forEach(link -> all.add(link.counters()));
      return all;
    }

    @Override
    public Map<String, Long> carrierCounters() {
      Map<String, Long> all = new TreeMap<>();
      appliances
          .values()
          .forEach(link -> link.carrierCounters().forEach((k, v) -> all.merge(k, v, Long::sum)));
      return all;
    }

    @Override
    public List<Map<String, Object>> functions() {
      return holdings.stream().map(Holding::facts).toList();
    }
  }
}
