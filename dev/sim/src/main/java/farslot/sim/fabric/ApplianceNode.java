package farslot.sim.fabric;

import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.appliance.Lending;
import farslot.link.LinkAcceptor;
import farslot.link.LinkEnd;
import farslot.sim.Rule;
import farslot.sim.World;
import farslot.store.crash.CrashDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An appliance's process: what really decides who may have what, behind a real link. */
final class ApplianceNode extends AgentNode {
  private static final int DISK_US_MAX = 3_000;

  private final Lending lending;
  private final LinkAcceptor acceptor;
  private final List<LinkEnd> ends;
  private final Map<String, FabricCard> cards = new LinkedHashMap<>();
  private final Map<String, Long> floors;
  private final FabricMischief mischief;
  private ApplianceOrders last;

  /** While the manager's side waits for the data thread, what it asks for is done at once. */
  private boolean asking;

  /**
   * @param media what its cards keep, by name of function
   * @param floors what it has said in all its lives
   */
  ApplianceNode(
      World world,
      String name,
      SplittableRandom random,
      ManagerNode manager,
      Way way,
      CrashDisk disk,
      Map<String, Medium> media,
      Map<String, Long> floors,
      FabricMischief mischief) {
    super(
        world,
        name,
        AgentKind.APPLIANCE,
        random,
        manager,
        way,
        mischief.files(name, new CrashFiles(disk)));
    this.floors = floors;
    this.mischief = mischief;
    Map<String, String> kinds = new LinkedHashMap<>();
    media.keySet().forEach(each -> kinds.put(each, "sim"));
    long instance = random.nextLong();
    try {
      lending =
          new Lending(
              name,
              Long.toHexString(instance),
              () -> List.of("sim:" + name),
              kinds,
              mischief.files(name, new CrashFiles(disk)),
              this,
              this::onDisk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    media.forEach(
        (function, medium) -> {
          cards.put(function, new FabricCard(this, medium, random.split(), mischief));
          lending.present(function, cards.get(function));
        });
    lending.management().onChange(this::changed);
    acceptor =
        new LinkAcceptor(
            Cable.config(name, instance), lending.attachHandler(), event -> {}, random.split());
    ends = List.of(acceptor);
  }

  private void onDisk(Runnable task) {
    world.after(
        random.nextInt(DISK_US_MAX) * World.US,
        () -> {
          if (isAlive()) {
            task.run();
          }
        });
  }

  Lending lending() {
    return lending;
  }

  LinkAcceptor acceptor() {
    return acceptor;
  }

  @Override
  protected List<LinkEnd> ends() {
    return ends;
  }

  @Override
  public void execute(Runnable task) {
    if (asking) {
      asking = false;
      try {
        task.run();
      } finally {
        asking = true;
      }
    } else {
      super.execute(task);
    }
  }

  @Override
  Report report() throws InterruptedException {
    asking = true;
    try {
      ApplianceReport report = mischief.report(lending.management().report(), last);
      report.functions().forEach(this::confirmed);
      return report;
    } finally {
      asking = false;
    }
  }

  private void confirmed(FunctionReport function) {
    String path = name + "/" + function.name();
    long before = floors.getOrDefault(path, 0L);
    world.judge.require(
        function.floor() >= before,
        Rule.FLOOR_KEPT,
        "%s has said that %d is shut out, and says %d now",
        path,
        before,
        function.floor());
    floors.merge(path, function.floor(), Math::max);
  }

  @Override
  void obey(Orders orders) throws InterruptedException {
    last = (ApplianceOrders) orders;
    ApplianceOrders heard = mischief.orders(name, last);
    heard
        .functions()
        .forEach(
            each ->
                world.trace.say(
                    name,
                    "%s: floor %d, %s, epoch %d, %s"
                        .formatted(
                            each.name(),
                            each.floor(),
                            each.server().isEmpty() ? "nobody" : each.server(),
                            each.epoch(),
                            each.sanitise())));
    asking = true;
    try {
      lending.management().obey(heard);
    } finally {
      asking = false;
    }
  }

  void pull(String function) {
    turn(() -> lending.absent(function, "pulled out"));
  }

  void putBack(String function) {
    turn(() -> lending.present(function, cards.get(function)));
  }

  void close() {
    acceptor.close("the end of the world", nowNs());
  }
}
