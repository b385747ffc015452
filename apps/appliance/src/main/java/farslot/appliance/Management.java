package farslot.appliance;

import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Orders;
import farslot.config.Version;
import farslot.control.DataThread;
import farslot.function.Agent;
import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * An appliance under a manager: takes its orders, and tells how things are. Orders are on stable
 * media before they let anybody in or are confirmed; who is shut out by one is out before that.
 * With the manager away, what was ordered last goes on to count, over restarts of the appliance
 * too.
 *
 * <p>{@link #apply} and {@link #report} wait for the disk and the data thread: not for that thread.
 */
public final class Management implements farslot.api.agent.Agent, Admission, Tenure.Owner {
  private static final Logger LOG = System.getLogger("farslot.appliance");

  /**
   * Who an appliance is.
   *
   * @param instance another one after each start
   * @param addresses where initiators reach it
   * @param control its control socket
   */
  record Self(String name, String instance, Supplier<List<String>> addresses, String control) {}

  private final Self self;
  private final Map<String, Tenure> tenures = new LinkedHashMap<>();
  private final EpochStore epochs;
  private final Grants grants;
  private final Agent agent;
  private final DataThread data;
  private final Executor disk;

  /** Held while what is kept changes. The data thread never waits for this. */
  private final ReentrantLock keeping = new ReentrantLock();

  private volatile Runnable onChange = () -> {};

  /** Why the last orders are not kept; empty if they are. */
  private volatile String unkept = "";

  /** Orders that could not be kept; null when there are none. */
  private volatile ApplianceOrders owed;

  /**
   * Before the data thread runs.
   *
   * @param disk where waiting for the disk is allowed
   */
  Management(
      Self self,
      Collection<Slot> slots,
      EpochStore epochs,
      Grants grants,
      Agent agent,
      Executor disk) {
    this.self = self;
    this.epochs = epochs;
    this.grants = grants;
    this.agent = agent;
    data = new DataThread(agent::execute);
    this.disk = disk;
    for (Slot slot : slots) {
      Tenure tenure = new Tenure(slot, agent, this);
      tenures.put(slot.name(), tenure);
      tenure.changed(slot);
      tenure.admit(grants.of(slot.name()));
    }
  }

  /** The appliance's name. */
  public String name() {
    return self.name();
  }

  /**
   * Has something done whenever a report would say something else than the last one, load aside. On
   * the data thread: it must not wait. One at a time.
   */
  public void onChange(Runnable task) {
    onChange = task;
  }

  @Override
  public void changed() {
    onChange.run();
  }

  // ---- admission: on the data thread

  @Override
  public Verdict judge(AttachRequest request, long highest) {
    Tenure tenure = tenures.get(request.functionName());
    return tenure == null
        ? new Verdict.Refused(AttachRefusal.NO_SUCH_FUNCTION, "no function of this name here")
        : tenure.judge(request, highest);
  }

  // ---- orders

  /** What the disk does not take now is tried again before each report. */
  @Override
  public void obey(Orders orders) throws InterruptedException {
    if (!(orders instanceof ApplianceOrders ours)) {
      throw new IllegalArgumentException("orders for something else: " + orders);
    }
    owed = ours;
    settleDebt();
  }

  private void settleDebt() throws InterruptedException {
    ApplianceOrders orders = owed;
    if (orders == null) {
      return;
    }
    try {
      apply(orders);
      owed = null;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "orders are not kept yet", e);
    }
  }

  /**
   * Brings the appliance to what is ordered. Who is shut out by it cannot reach its function any
   * more when this returns, and that is on stable media.
   *
   * @throws IOException when the disk does not take it: then who was to be shut out is out, but
   *     nobody new is let in, and {@link #report} confirms nothing
   */
  void apply(ApplianceOrders orders) throws IOException, InterruptedException {
    keeping.lock();
    try {
      Map<String, Grant> now = grants.all();
      Map<String, Grant> next = next(now, orders.functions());
      if (!next.equals(now)) {
        data.ask(() -> shut(next));
        keep(next);
      }
      data.ask(() -> admit(next));
    } finally {
      keeping.unlock();
    }
  }

  private static Map<String, Grant> next(Map<String, Grant> now, List<FunctionOrder> orders) {
    Map<String, Grant> next = new HashMap<>();
    now.forEach((name, grant) -> next.put(name, grant.withoutOrder()));
    for (FunctionOrder order : orders) {
      next.put(order.name(), now.getOrDefault(order.name(), Grant.NONE).after(order));
    }
    return next;
  }

  private Void shut(Map<String, Grant> next) {
    tenures.forEach((name, tenure) -> tenure.shut(next.getOrDefault(name, Grant.NONE)));
    return null;
  }

  private Void admit(Map<String, Grant> next) {
    tenures.forEach((name, tenure) -> tenure.admit(next.getOrDefault(name, Grant.NONE)));
    return null;
  }

  private void keep(Map<String, Grant> next) throws IOException {
    try {
      Map<String, Long> out = new TreeMap<>();
      next.forEach((name, grant) -> out.put(name, grant.shutOut()));
      out.keySet().retainAll(tenures.keySet());
      epochs.shut(out);
      grants.keep(next);
      unkept = "";
    } catch (IOException e) {
      String why = "the manager's orders cannot be kept: " + e;
      if (!why.equals(unkept)) {
        LOG.log(Level.ERROR, "{0}; nobody new is let in until they can be", why);
      }
      unkept = why;
      throw e;
    }
  }

  @Override
  public void sanitised(Tenure tenure, String job) {
    disk.execute(
        () -> {
          String why = note(tenure.name(), job);
          agent.execute(() -> tenure.kept(job, why));
        });
  }

  private String note(String function, String job) {
    keeping.lock();
    try {
      Map<String, Grant> next = new HashMap<>(grants.all());
      next.put(function, grants.of(function).done(job));
      grants.keep(next);
      return "";
    } catch (IOException e) {
      return e.toString();
    } finally {
      keeping.unlock();
    }
  }

  // ---- reports

  @Override
  public ApplianceReport report() throws InterruptedException {
    settleDebt();
    List<FunctionReport> functions;
    keeping.lock(); // What is confirmed by this counts already.
    try {
      Map<String, Grant> onDisk = grants.all();
      functions = data.ask(() -> functions(onDisk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      keeping.unlock();
    }
    return new ApplianceReport(
        self.name(),
        self.instance(),
        self.addresses().get(),
        Version.TEXT,
        self.control(),
        functions);
  }

  private List<FunctionReport> functions(Map<String, Grant> onDisk) {
    List<FunctionReport> all = new ArrayList<>();
    tenures.forEach(
        (name, tenure) ->
            all.add(
                tenure.report(
                    onDisk.getOrDefault(name, Grant.NONE), epochs.highest(name), unkept)));
    return all;
  }
}
