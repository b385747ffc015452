package farslot.sim.fabric;

import farslot.api.agent.AgentKind;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.initiator.orders.Fulfilment;
import farslot.initiator.orders.Means;
import farslot.link.LinkEnd;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.sim.Event;
import farslot.sim.World;
import farslot.store.crash.CrashDisk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An initiator's process: what really obeys its orders, on guests that are simulated. */
final class ServerNode extends AgentNode implements Means {
  private static final long LOOK_NS = 1_000 * World.MS;
  private static final int PLUG_MS_MAX = 400;

  private final Fulfilment fulfilment;
  private final Map<String, SimGuest> guests;
  private final Map<String, LinkInitiator> links = new LinkedHashMap<>();
  private final List<LinkEnd> ends = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();
  private final Map<String, SimHolding> holdings = new LinkedHashMap<>();
  private final String instance;
  private final FabricMischief mischief;
  private Event wake;

  /**
   * @param guests which outlive this process
   */
  ServerNode(
      World world,
      String name,
      SplittableRandom random,
      ManagerNode manager,
      Way way,
      CrashDisk disk,
      Map<String, SimGuest> guests,
      Fabric fabric,
      FabricMischief mischief) {
    super(world, name, AgentKind.INITIATOR, random, manager, way, new CrashFiles(disk));
    this.guests = guests;
    this.mischief = mischief;
    long id = random.nextLong();
    instance = Long.toHexString(id);
    fulfilment = new Fulfilment(this, List.copyOf(guests.keySet()), Fulfilment.STUCK_NS);
    for (String appliance : fabric.appliances()) {
      Cable cable = new Cable(world, this, fabric, appliance, random.split());
      cables.add(cable);
      LinkInitiator link =
          new LinkInitiator(Cable.config(name, id), cable, this::onEvent, random.split());
      links.put(appliance, link);
      ends.add(link);
    }
  }

  /** After its orders are there. */
  void begin() {
    turn(() -> links.values().forEach(link -> link.start(nowNs())));
    turn(this::lookAtGuests);
  }

  private void onEvent(LinkEvent event) {
    if (event instanceof LinkEvent.SessionUp) {
      execute(() -> List.copyOf(holdings.values()).forEach(SimHolding::ask));
    }
  }

  List<Cable> cables() {
    return cables;
  }

  LinkInitiator link(String appliance) {
    return links.get(appliance);
  }

  @Override
  protected List<LinkEnd> ends() {
    return ends;
  }

  @Override
  protected void turnEnded() {
    cables.forEach(Cable::look);
    long deadlineNs = fulfilment.deadlineNs();
    if (deadlineNs != Long.MAX_VALUE && (wake == null || deadlineNs < wake.atNs)) {
      if (wake != null) {
        wake.cancel();
      }
      wake =
          world.at(
              Math.max(deadlineNs, world.nowNs() + World.US),
              () -> {
                wake = null;
                turn(() -> tell(() -> fulfilment.onTime(nowNs())));
              });
    }
  }

  private void tell(Runnable task) {
    task.run();
    changed();
  }

  /** From inside of what the state machine has asked for: it hears of it soon. */
  void later(Runnable task) {
    execute(() -> tell(task));
  }

  Fulfilment fulfilment() {
    return fulfilment;
  }

  // What it is told, and tells.

  @Override
  Report report() {
    return mischief.report(
        new InitiatorReport(
            name,
            instance,
            "sim",
            "",
            List.of(),
            fulfilment.guests(),
            fulfilment.holdings(_ -> Load.NONE)));
  }

  @Override
  void obey(Orders orders) {
    InitiatorOrders ours = (InitiatorOrders) orders;
    ours.holdings()
        .forEach(
            each ->
                world.trace.say(
                    name,
                    "%s: %s%s, epoch %d, guest '%s'"
                        .formatted(
                            each.function(),
                            each.action(),
                            each.forced() ? " by force" : "",
                            each.epoch(),
                            each.guest())));
    fulfilment.orders(ours, nowNs());
  }

  // What it can do.

  @Override
  public void acquire(HoldingOrder order) {
    SimHolding holding = new SimHolding(this, order);
    holdings.put(order.function(), holding);
    holding.ask();
  }

  @Override
  public void adjust(HoldingOrder order) {}

  @Override
  public void letGo(String function, String cause) {
    SimHolding holding = holdings.remove(function);
    if (holding != null) {
      holding.end(cause);
    }
    guests.values().forEach(guest -> guest.hangUp(function));
  }

  @Override
  public void plug(String guest, String function, int bootOrder) {
    world.after(random.nextInt(PLUG_MS_MAX) * World.MS, () -> turn(() -> plugged(guest, function)));
  }

  private void plugged(String name, String function) {
    SimGuest guest = guests.get(name);
    SimHolding holding = holdings.get(function);
    if (guest.isRunning() && holding != null && holding.isShown() && guest.plug(function, this)) {
      tell(() -> fulfilment.onPlugged(name, function, "rp", nowNs()));
      tell(() -> fulfilment.onClient(function, true, nowNs()));
      tell(() -> fulfilment.onDriver(function, true, "", nowNs()));
    } else {
      tell(() -> fulfilment.onPlugFailed(name, function, "it cannot be plugged now", nowNs()));
    }
  }

  @Override
  public void unplug(String guest, String function) {
    world.after(
        random.nextInt(PLUG_MS_MAX) * World.MS, () -> turn(() -> unplugged(guest, function)));
  }

  private void unplugged(String name, String function) {
    SimGuest guest = guests.get(name);
    if (guest.isStubborn() || !guest.isRunning()) {
      return;
    }
    if (guest.unplug(function)) {
      tell(() -> fulfilment.onClient(function, false, nowNs()));
    }
    tell(() -> fulfilment.onDeleted(name, function, nowNs()));
  }

  private void lookAtGuests() {
    guests.forEach(
        (name, guest) ->
            tell(
                () ->
                    fulfilment.onGuest(
                        name, guest.isRunning(), "sim", guest.devices(), 8, nowNs())));
    world.after(LOOK_NS, () -> turn(this::lookAtGuests));
  }

  /** Its hypervisor has begun anew: what was plugged is not any more. */
  void guestGone(String name, List<String> functions) {
    turn(
        () -> {
          functions.forEach(each -> tell(() -> fulfilment.onClient(each, false, nowNs())));
          tell(() -> fulfilment.onGuest(name, false, "begins anew", Map.of(), 8, nowNs()));
        });
  }

  /** Somebody opens the socket that was handed out, or hangs up. */
  void socket(String function, boolean open) {
    SimHolding holding = holdings.get(function);
    if (holding != null && holding.isShown() && holding.order().guest().isEmpty()) {
      holding.open(open);
      turn(() -> tell(() -> fulfilment.onClient(function, open, nowNs())));
    }
  }

  /** The holding by which a function is reached now, or null. */
  SimHolding holding(String function) {
    return holdings.get(function);
  }

  /** Whether software of this server works with a function under this assignment. */
  boolean uses(String function, long epoch) {
    SimHolding holding = holdings.get(function);
    if (holding == null || holding.order().epoch() != epoch) {
      return false;
    }
    SimGuest guest = guests.get(holding.order().guest());
    return guest == null ? holding.isOpen() : guest.uses(function, this);
  }

  void close() {
    links.values().forEach(link -> link.close("the end of the world", nowNs()));
  }
}
