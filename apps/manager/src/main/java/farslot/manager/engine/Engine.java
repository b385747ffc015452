package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.store.Action;
import farslot.store.CompactedException;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import farslot.store.WatchBatch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A manager without clock and threads: takes reports, makes the steps that are due, says what
 * agents shall do. Used by one thread it does the same again for the same calls. Used by many it is
 * safe; nobody holds its lock while the disk is waited for.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.manager");

  /** What happened to agents and was not recorded yet; more are forgotten. */
  private static final int UNTOLD_MAX = 1024;

  private final StateStore store;
  private final Presence presence;
  private final List<Part> parts;
  private final Set<Part> failed = new HashSet<>();
  private final LiveAgents live = new LiveAgents();
  private final OrderBooks books = new OrderBooks(this::ordersChanged);
  private final EventTrail trail;
  private final View view;
  private final Queue<EventDocument> untold = new ArrayDeque<>();

  private final ReentrantLock using = new ReentrantLock();
  private final Condition changed = using.newCondition();
  private final Map<String, Condition> newOrders = new HashMap<>();
  private Watch watch;
  private long nowMs;
  private long changes;
  private boolean closed;

  /** Reads how everything is. */
  public Engine(StateStore store, EngineOptions options, List<Part> parts) throws StoreException {
    this.store = store;
    this.parts = List.copyOf(parts);
    presence = new Presence(store, options.leaseTtl());
    trail = new EventTrail(options.eventsMax());
    view = new View(Fabric.read(store), live, new MemberOwners(store));
    begin();
  }

  private void begin() throws StoreException {
    Fabric fabric = view.fabric();
    watch = store.watch(KeyRange.all(), fabric.revision() + 1);
    books.begin(fabric);
    trail.begin(store);
  }

  /** Takes what has changed in the store, by whomever. */
  public void pull() throws StoreException {
    using.lock();
    try {
      for (WatchBatch batch = next(); !batch.events().isEmpty(); batch = next()) {
        batch.events().forEach(this::take);
        view.fabric().reached(batch.revision());
        batch.events().forEach(event -> books.touchKey(view.fabric(), event.key()));
        signalChange();
      }
    } catch (CompactedException e) {
      watch.close();
      view.fabric(Fabric.read(store)); // More has happened than a store remembers.
      begin();
      newOrders.values().forEach(Condition::signalAll);
      signalChange();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Whoever pulls next takes it.
    } finally {
      using.unlock();
    }
  }

  private void signalChange() {
    changes++;
    changed.signalAll();
  }

  private WatchBatch next() throws StoreException, InterruptedException {
    return watch.next(Duration.ZERO);
  }

  private void take(Event event) {
    if (Paths.EVENTS.contains(event.key())) {
      trail.take(event);
      return;
    }
    view.fabric().take(event);
    if (event instanceof Event.Delete && Paths.PRESENCE.contains(event.key())) {
      String[] agent = event.key().substring(Paths.PRESENCE.from().length()).split("/", 2);
      tell("lost", agent[1], agent[0] + " " + agent[1] + " does not answer any more", agent[0]);
    }
  }

  /** Notes what happened to an agent or card; the next step records it. */
  private void tell(String what, String subject, String message, String kind) {
    if (untold.size() < UNTOLD_MAX) {
      untold.add(new EventDocument(nowMs, what, subject, "", message, Map.of("kind", kind)));
    }
  }

  private void ordersChanged(AgentKind kind, String name) {
    Condition waits = newOrders.get(kind.word() + "/" + name);
    if (waits != null) {
      waits.signalAll();
    }
  }

  /**
   * An agent says how things are with it.
   *
   * @param obeyedRevision of the orders that it had been handed before; 0 if it has said so by
   *     {@link #seen}
   * @return what it shall do
   * @throws ApiException if another has taken its place, or if what it says cannot be recorded
   * @throws StoreException if that it is there cannot be recorded; its report counts nevertheless
   */
  public Orders report(Report report, long obeyedRevision, Now now)
      throws ApiException, StoreException {
    requireName(report);
    List<Transaction> changes;
    using.lock();
    try {
      nowMs = now.ms();
      if (live.isFormer(report)) {
        throw new ApiException(
            ApiError.CONFLICT,
            "%s '%s' is refused".formatted(report.kind().word(), report.name()),
            "another process of this name has come since; names must differ",
            "give one of the two another name");
      }
      tellOfCards(report);
      Inventory inventory = new Inventory(view.fabric(), report);
      live.take(report, obeyedRevision, now.ns()).problems(inventory.problems());
      changes = inventory.changes();
      signalChange();
    } finally {
      using.unlock();
    }
    try {
      Optional<farslot.store.KeyValue> key =
          look(v -> v.fabric().presence(report.kind().word(), report.name()));
      presence.keep(key, report, now.ms());
    } catch (DocumentException e) {
      throw refused(report, e);
    }
    Merged.commit(store, changes);
    pull();
    return orders(report.kind(), report.name());
  }

  private static void requireName(Report report) throws ApiException {
    String name = report.name() == null ? "" : report.name();
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") || report.instance() == null) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "the report is refused",
          "an agent needs an instance, and a name of 1 to 64 letters, digits, dots, dashes or"
              + " underscores, not '"
              + name
              + "'",
          "");
    }
  }

  private static ApiException refused(Report report, DocumentException e) {
    String what =
        "what %s '%s' says cannot be recorded".formatted(report.kind().word(), report.name());
    return new ApiException(ApiError.BAD_REQUEST, what, e.getMessage(), "");
  }

  /** Cards that came or went since the last report. */
  private void tellOfCards(Report report) {
    if (!(report instanceof ApplianceReport appliance) || view.appliance(report.name()).isEmpty()) {
      return;
    }
    for (FunctionReport each : appliance.functions()) {
      String path = appliance.name() + "/" + each.name();
      Optional<FunctionReport> before = view.function(path);
      if (before.isPresent() && before.get().present() != each.present()) {
        if (each.present()) {
          tell("present", path, path + " is there again", "function");
        } else {
          tell("absent", path, path + " is gone: " + each.cause(), "function");
        }
      }
    }
  }

  /** What an agent shall do. */
  public Orders orders(AgentKind kind, String name) {
    return look(_ -> books.orders(kind, name));
  }

  /** An agent has brought about the orders of this revision: what it says from now on counts. */
  public void seen(AgentKind kind, String name, long revision) {
    using.lock();
    try {
      live.seen(kind, name, revision);
    } finally {
      using.unlock();
    }
  }

  /** Whether an agent has reported to this manager, since it runs. */
  public boolean knows(AgentKind kind, String name) {
    return look(v -> v.live().get(kind, name).isPresent());
  }

  /**
   * Waits for orders of another revision.
   *
   * @return the orders as they are, also when time is over
   */
  public Orders await(AgentKind kind, String name, long seenRevision, Duration atMost)
      throws InterruptedException {
    long leftNs = TimeUnit.NANOSECONDS.convert(atMost);
    using.lockInterruptibly();
    try {
      Condition waits =
          newOrders.computeIfAbsent(kind.word() + "/" + name, _ -> using.newCondition());
      while (!closed && leftNs > 0 && books.revision(kind, name) == seenRevision) {
        leftNs = waits.awaitNanos(leftNs);
      }
      return books.orders(kind, name);
    } finally {
      using.unlock();
    }
  }

  /**
   * Makes the steps that are due.
   *
   * @return whether any was made: then others may be due at once
   */
  public boolean step(Now now) throws StoreException {
    pull();
    List<Transaction> due = new ArrayList<>();
    using.lock();
    try {
      nowMs = now.ms();
      due.addAll(view.reconciler().due(now));
      parts.forEach(part -> due.addAll(due(part, now)));
      trail.prune().ifPresent(due::add);
      for (EventDocument each = untold.poll(); each != null; each = untold.poll()) {
        recordable(each).ifPresent(due::add);
      }
    } finally {
      using.unlock();
    }
    int done = Merged.commit(store, due);
    pull();
    return done > 0;
  }

  /** A part with a mistake in it must not hold up the others. */
  private List<Transaction> due(Part part, Now now) {
    try {
      List<Transaction> due = part.due(view, now);
      failed.remove(part);
      return due;
    } catch (RuntimeException | AssertionError e) {
      if (failed.add(part)) {
        LOG.log(Level.ERROR, "a part of the manager stands still, the others go on: " + part, e);
      }
      return List.of();
    }
  }

  private static Optional<Transaction> recordable(EventDocument event) {
    try {
      return Optional.of(Transaction.of(Action.put(event.key(), Documents.write(event))));
    } catch (DocumentException e) {
      return Optional.empty(); // An agent's words were too long for it.
    }
  }

  /**
   * How long after the last {@link #step} another is due even if nothing happens, nanoseconds; very
   * long for none.
   */
  public long untilDueNs() {
    return look(v -> v.reconciler().untilDueNs());
  }

  /** Grows with everything that may make a step due. */
  public long changes() {
    return look(_ -> changes);
  }

  /** Waits until {@link #changes} is not what it was. */
  public void awaitChange(long seen, Duration atMost) throws InterruptedException {
    await(_ -> changes == seen ? Optional.empty() : Optional.of(changes), atMost);
  }

  /**
   * Changes documents; what it changed is seen here when this returns.
   *
   * @return whether its compares held
   */
  public TransactionResult commit(Transaction transaction) throws StoreException {
    TransactionResult result = store.commit(transaction);
    pull();
    return result;
  }

  /** Looks at how everything is, all at one moment; must not wait. */
  public <T> T look(Function<View, T> question) {
    using.lock();
    try {
      return question.apply(view);
    } finally {
      using.unlock();
    }
  }

  /** Looks at how everything is, and may refuse to. */
  public interface Question<T> {
    T ask(View view) throws ApiException;
  }

  /** The same as {@link #look}, for questions that may be refused. */
  public <T> T ask(Question<T> question) throws ApiException {
    using.lock();
    try {
      return question.ask(view);
    } finally {
      using.unlock();
    }
  }

  /**
   * Waits until a question has an answer, asking it whenever something has changed.
   *
   * @return empty when time is over
   */
  public <T> Optional<T> await(Function<View, Optional<T>> question, Duration atMost)
      throws InterruptedException {
    long leftNs = TimeUnit.NANOSECONDS.convert(atMost);
    using.lockInterruptibly();
    try {
      Optional<T> answer = question.apply(view);
      while (answer.isEmpty() && leftNs > 0 && !closed) {
        leftNs = changed.awaitNanos(leftNs);
        answer = question.apply(view);
      }
      return answer;
    } finally {
      using.unlock();
    }
  }

  /**
   * What was recorded after a revision, oldest first; to be called where a {@link View} is given.
   */
  public List<Held<EventDocument>> events(long afterRevision) {
    return trail.after(afterRevision);
  }

  StateStore store() {
    return store;
  }

  /** Ends all waiting. The store stays open. */
  @Override
  public void close() {
    using.lock();
    try {
      closed = true;
      watch.close();
      changed.signalAll();
      newOrders.values().forEach(Condition::signalAll);
    } finally {
      using.unlock();
    }
  }
}
