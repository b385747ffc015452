package farslot.initiator;

import farslot.carrier.DataThread;
import farslot.carrier.LinkDriver;
import farslot.carrier.LoopAgent;
import farslot.control.Control;
import farslot.control.EventLog;
import farslot.control.Paths;
import farslot.control.Watched;
import farslot.fabric.PortOptions;
import farslot.fabric.RootPort;
import farslot.function.Agent;
import farslot.function.PciFunction;
import farslot.link.LinkConfig;
import farslot.link.LinkCounters;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkSession;
import farslot.link.LinkSizes;
import farslot.link.LinkTimers;
import farslot.link.RefuseCode;
import farslot.linux.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An initiator: keeps a session with an appliance and shows the functions that it is given to this
 * server. One data thread does everything.
 */
public final class Initiator implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  private final InitiatorConfig config;
  private final EventLoop loop;
  private final Agent agent;
  private final LinkInitiator link;
  private final DataThread data;
  private final LinkDriver driver;
  private final Ways ways;
  private final EventLog events;
  private final List<Assignment> assignments = new ArrayList<>();
  private final List<LocalSlot> slots = new ArrayList<>();

  /** Both, in the order of the configuration. */
  private final List<Holding> holdings = new ArrayList<>();

  private final LocalCards cards;
  private final Guides guides = new Guides();
  private final CountDownLatch ready;
  private final Control control;
  private volatile boolean replaced;
  private boolean stopped;

  /**
   * Makes everything; {@link #start} begins to connect.
   *
   * @param fronts shows functions to the server; given the loop that all runs on
   */
  public Initiator(InitiatorConfig config, FrontsOnLoop fronts) {
    this.config = config;
    this.loop = new EventLoop("initiator", config.spinUs() * 1000L);
    data = new DataThread(loop);
    this.agent = new LoopAgent(loop);
    this.control = new Control(loop::nowNs);
    this.events = new EventLog(LOG, loop::nowNs);
    this.ready = new CountDownLatch(config.functions().size());
    SecureRandom random = new SecureRandom();
    LinkConfig linkConfig =
        LinkConfig.of(config.name(), random.nextLong())
            .with(LinkSizes.USUAL.withFrameBytesMax(config.frameBytesMax()))
            .with(LinkTimers.USUAL.withHoldNs(config.holdNs()));
    this.ways = new Ways(loop, control.tap()::around, config.appliance());
    this.link = new LinkInitiator(linkConfig, ways.dialers(), this::onEvent, random);
    this.driver = new LinkDriver(loop, link);
    Front.Factory factory = fronts.on(loop, agent);
    cards = new LocalCards(loop);
    try {
      for (InitiatorConfig.Function function : config.functions()) {
        holdings.add(hold(function, factory));
      }
    } catch (RuntimeException e) {
      cards.close();
      loop.close();
      throw e;
    }
  }

  private Holding hold(InitiatorConfig.Function function, Front.Factory factory) {
    long deadlineNs = config.accessDeadlineNs();
    Runnable settled = ready::countDown;
    if (function.card().isPresent()) {
      PortOptions options = new PortOptions(deadlineNs); // Beside its card a guide gains nothing.
      PciFunction card = cards.make(function.card().get());
      LocalSlot slot = new LocalSlot(function, card, options, agent, factory, settled);
      slots.add(slot);
      return slot;
    }
    PortOptions options = new PortOptions(deadlineNs, guides.of(function));
    Assignment assignment = new Assignment(function, options, agent, link, factory, settled);
    assignments.add(assignment);
    return assignment;
  }

  /** Makes the fronts' factory for a loop. */
  public interface FrontsOnLoop {
    Front.Factory on(EventLoop loop, Agent agent);
  }

  private void onEvent(LinkEvent event) {
    control.watch().onEvent(event);
    // What becomes of a function is told by its assignment, once.
    boolean told = event instanceof LinkEvent.AttachRefused || event instanceof LinkEvent.StreamUp;
    events.write(told ? Level.DEBUG : Level.INFO, event);
    if (event instanceof LinkEvent.SessionUp) {
      for (Assignment assignment : assignments) {
        assignment.ask();
      }
    } else if (event instanceof LinkEvent.SessionDown down
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
    loop.execute(this::begin);
    data.start();
    control.open(config.runDir(), new Seen(), loop::execute);
  }

  private void begin() {
    slots.forEach(LocalSlot::begin);
    if (!assignments.isEmpty()) {
      link.start(loop.nowNs());
    }
  }

  /**
   * Waits until it is clear for each function whether it can be had.
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

  /** The session that is there now; on the data thread only. */
  public Optional<LinkSession> session() {
    return link.session();
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
  }

  private void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    for (Holding holding : holdings) {
      holding.close("the initiator is going down");
    }
    link.flush(loop.nowNs()); // What the functions gave back goes before the goodbye.
    link.close("the initiator is going down", loop.nowNs());
    link.flush(loop.nowNs());
    driver.close();
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
      return link.session().stream().toList();
    }

    @Override
    public Optional<Paths> paths() {
      return Optional.of(ways.of(link));
    }

    @Override
    public LinkCounters counters() {
      return link.counters();
    }

    @Override
    public Map<String, Long> carrierCounters() {
      return ways.ethernetCounters().snapshot();
    }

    @Override
    public List<Map<String, Object>> functions() {
      return holdings.stream().map(Holding::facts).toList();
    }
  }
}
