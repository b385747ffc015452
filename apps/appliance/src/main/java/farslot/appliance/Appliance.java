package farslot.appliance;

import farslot.api.agent.AgentKind;
import farslot.api.agent.AgentLoop;
import farslot.api.agent.AgentTimes;
import farslot.api.agent.ManagerPort;
import farslot.backend.BackEndFactory;
import farslot.carrier.DataThread;
import farslot.carrier.LinkDriver;
import farslot.carrier.Listener;
import farslot.carrier.Listeners;
import farslot.carrier.LoopAgent;
import farslot.carrier.Offering;
import farslot.carrier.RailAddress;
import farslot.carrier.RailSecurity;
import farslot.carrier.TcpListener;
import farslot.config.ConfigException;
import farslot.config.ConfigFile;
import farslot.control.Control;
import farslot.control.ControlClient;
import farslot.control.ControlCommand;
import farslot.control.EventLog;
import farslot.control.Faults;
import farslot.control.Watched;
import farslot.function.Agent;
import farslot.function.Card;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.CardUnavailableException;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkCounters;
import farslot.link.LinkEvent;
import farslot.link.LinkSession;
import farslot.link.LinkTimers;
import farslot.linux.EventLoop;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.RailCredentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An appliance: cards in slots, lent to servers over the network. One data thread carries all TLPs;
 * what has to wait (disks, epochs) waits elsewhere. A slot whose card cannot be made is marked as
 * failed and said loudly; the others serve.
 */
public final class Appliance implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.appliance");

  /** In the state directory: what the manager said last. */
  private static final String ORDERS = "orders.json";

  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final List<Housing> housings = new ArrayList<>();
  private final EpochStore epochs;
  private final BackEndFactory backEnds;
  private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoop loop;
  private final LinkAcceptor acceptor;
  private final DataThread data;
  private final LinkDriver driver;
  private final List<Listener> listeners = new ArrayList<>();
  private final EventLog events;
  private final Control control;
  private final ApplianceConfig config;
  private final Optional<Management> management;
  private final Optional<RailCredentials> credentials;

  /** Null before {@link #attend}. */
  private AgentLoop attendance;

  /**
   * Fills the slots and listens; {@link #start} begins to serve.
   *
   * @throws IOException when the state directory or the port cannot be had
   * @throws farslot.config.ConfigException when a card's part of the configuration is wrong
   */
  public Appliance(ApplianceConfig config) throws IOException {
    this(config, cards());
  }

  /**
   * The same with these kinds of card, by name, instead of all that {@link #cards} finds: for
   * whoever wants to stand between an appliance and its cards.
   */
  public Appliance(ApplianceConfig config, Map<String, CardProvider> cards) throws IOException {
    this.config = config;
    credentials = credentials(config);
    epochs = new EpochStore(config.stateDir());
    loop = new EventLoop("appliance", config.spinUs() * 1000L);
    backEnds = new BackEndFactory(loop);
    data = new DataThread(loop);
    control = new Control(loop::nowNs);
    events = new EventLog(LOG, loop::nowNs);
    try {
      LoopAgent agent = new LoopAgent(loop);
      for (ApplianceConfig.Slot slot : config.slots()) {
        fill(slot, cards, agent);
      }
      epochs.reserve(slots.keySet());
      SecureRandom random = new SecureRandom();
      LinkConfig link =
          LinkConfig.of(config.name(), random.nextLong())
              .with(LinkTimers.USUAL.withHoldNs(config.holdNs()));
      management = management(link, agent);
      Admission admission = management.isPresent() ? management.get() : Admission::firstCome;
      Assignments assignments = new Assignments(slots, epochs, admission, disk, loop::execute);
      acceptor = new LinkAcceptor(link, assignments, this::onEvent, random);
      driver = new LinkDriver(loop, acceptor);
      listen(new Offering(config.name(), link.instanceId(), this::usable));
    } catch (IOException | RuntimeException e) {
      listeners.forEach(Listener::close);
      giveBack();
      throw e;
    }
  }

  private static Optional<RailCredentials> credentials(ApplianceConfig config) {
    if (config.pki().isEmpty()) {
      return Optional.empty();
    }
    try {
      PkiDirectory directory = new PkiDirectory(config.pki().get());
      InstantSource clock = InstantSource.system();
      return Optional.of(
          RailCredentials.open(directory, PeerName.Kind.APPLIANCE, config.name(), clock));
    } catch (PkiException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private Optional<Management> management(LinkConfig link, Agent agent) throws IOException {
    if (config.manager().isEmpty()) {
      return Optional.empty();
    }
    Management.Self self =
        new Management.Self(
            config.name(),
            Long.toHexString(link.instanceId()),
            () -> Reachable.addresses(config.addresses(), listeners),
            config.stateDir().toAbsolutePath().resolve(ControlClient.SOCKET).toString());
    return Optional.of(
        new Management(self, slots.values(), epochs, new Grants(epochs.files()), agent, disk));
  }

  /** How a manager speaks with it, if it has one. */
  public Optional<Management> management() {
    return management;
  }

  /** The kinds of card that there are, by name. */
  public static Map<String, CardProvider> cards() {
    Map<String, CardProvider> cards = new LinkedHashMap<>();
    for (CardProvider provider : ServiceLoader.load(CardProvider.class)) {
      cards.put(provider.kind(), provider);
    }
    return cards;
  }

  private void listen(Offering offering) throws IOException {
    for (RailAddress address : config.listen()) {
      listeners.add(
          Listeners.listen(
              loop,
              address,
              control.tap().around(acceptor),
              offering,
              credentials.map(RailSecurity.class::cast)));
    }
  }

  /** Names of the slots whose card works. */
  private List<String> usable() {
    return slots.values().stream().filter(Slot::isPresent).map(Slot::name).toList();
  }

  private void fill(ApplianceConfig.Slot slot, Map<String, CardProvider> cards, LoopAgent agent) {
    try {
      CardProvider provider = cards.get(slot.card());
      if (provider == null) {
        throw slot.config().wrong("card", "one of " + cards.keySet());
      }
      Card card = provider.create(slot.config(), backEnds);
      slot.config().finish();
      Map<String, Slot> places = new LinkedHashMap<>();
      for (String function : card.functions()) {
        places.put(function, place(slot, Housing.functionName(slot.name(), function), agent));
      }
      Housing housing = new Housing(card, places, agent);
      housings.add(housing);
      housing.insert();
    } catch (CardUnavailableException e) {
      // Before the slot's name, the way through the file is only noise.
      String why = e.getMessage().replace(slot.config().where(), "its card");
      LOG.log(Level.ERROR, "slot {0} FAILED, nobody can use it: {1}", slot.name(), why);
      place(slot, slot.name(), agent).fail(why);
    } catch (CardConfigException e) {
      throw ConfigFile.wrong(e);
    }
  }

  private Slot place(ApplianceConfig.Slot slot, String name, LoopAgent agent) {
    Slot place = new Slot(name, slot.card(), agent);
    place.qos(slot.qos());
    if (slots.putIfAbsent(name, place) != null) {
      throw new ConfigException(
          slot.config().where() + ": there are two functions '" + name + "'; rename this slot");
    }
    return place;
  }

  private void onEvent(LinkEvent event) {
    control.watch().onEvent(event);
    events.write(Level.INFO, event);
  }

  /** The first TCP port that it listens on; 0 without one. */
  public int port() {
    return ports().stream().findFirst().orElse(0);
  }

  /** The TCP ports that it listens on, in the order of the configuration. */
  public List<Integer> ports() {
    List<Integer> ports = new ArrayList<>();
    for (Listener listener : listeners) {
      if (listener instanceof TcpListener tcp) {
        ports.add(tcp.port());
      }
    }
    return ports;
  }

  /** Where it listens, for people. */
  public List<String> places() {
    return listeners.stream().map(Listener::describe).toList();
  }

  /** The names under which functions are lent, those included that are not there. */
  public Set<String> functions() {
    return Collections.unmodifiableSet(slots.keySet());
  }

  /** How many of them are there. On the data thread, or before {@link #start}. */
  public int functionsPresent() {
    return usable().size();
  }

  /** Slots whose card could not be made, with the reason. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.hasFailed()) {
        failures.add(slot.name() + ": " + slot.absence());
      }
    }
    return failures;
  }

  /** Begins to serve, on a thread of its own. */
  public void start() {
    start(Map.of());
  }

  /**
   * The same, where its process can be asked more.
   *
   * @param more by name
   */
  public void start(Map<String, ControlCommand> more) {
    data.start();
    control.open(config.stateDir(), new Seen(), loop::execute, more);
  }

  /**
   * Reports to a manager and takes its orders, from {@link #start} on, until it is closed.
   *
   * @throws IOException when orders that were kept cannot be read
   * @throws IllegalStateException without {@code manager:} in its configuration
   */
  public void attend(ManagerPort port) throws IOException, InterruptedException {
    Management managed = management.orElseThrow(() -> new IllegalStateException("no manager"));
    Path file = config.stateDir().resolve(ORDERS);
    AgentLoop agent =
        new AgentLoop(AgentKind.APPLIANCE, config.name(), port, managed, file, AgentTimes.USUAL);
    managed.onChange(agent::changed);
    attendance = agent;
    agent.start();
  }

  /** Who answers its control socket; what belongs to the data thread there, on that thread only. */
  public Control control() {
    return control;
  }

  /** The data thread's loop. */
  public EventLoop loop() {
    return loop;
  }

  /** The thread that carries all TLPs, once started. */
  public Thread dataThread() {
    return data.thread();
  }

  /** Waits until it has been closed. */
  public void join() throws InterruptedException {
    data.join();
  }

  /** Says goodbye to all servers, flushes and closes what is behind the cards. */
  @Override
  public void close() {
    if (attendance != null) {
      attendance.close();
    }
    control.close();
    data.stop(this::stop);
    giveBack();
  }

  private void stop() {
    listeners.forEach(Listener::close);
    acceptor.close("the appliance is going down", loop.nowNs());
    acceptor.flush(loop.nowNs());
    housings.forEach(Housing::remove);
    driver.close();
  }

  private void giveBack() {
    credentials.ifPresent(RailCredentials::close);
    backEnds.close();
    disk.close();
    try {
      epochs.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing the state directory", e);
    }
  }

  /** This appliance as its control socket shows it. */
  private final class Seen implements Watched {
    @Override
    public String kind() {
      return "appliance";
    }

    @Override
    public String name() {
      return config.name();
    }

    @Override
    public List<LinkSession> sessions() {
      return acceptor.sessions();
    }

    @Override
    public Optional<Faults> faults() {
      return Optional.of(new SlotFaults(slots));
    }

    @Override
    public LinkCounters counters() {
      return acceptor.counters();
    }

    @Override
    public Map<String, Long> carrierCounters() {
      Map<String, Long> all = new LinkedHashMap<>();
      listeners.forEach(
          each -> each.counters().forEach((name, n) -> all.merge(name, n, Long::sum)));
      return all;
    }

    @Override
    public List<Map<String, Object>> functions() {
      return slots.values().stream().map(Slot::facts).toList();
    }
  }
}
