package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.Router;
import farslot.api.agent.ManagerPort;
import farslot.store.OutcomeUnknownException;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * The manager of a fabric: knows which appliances, cards and servers there are, who has what, and
 * changes that while everything runs. What it has decided is in its store before anybody hears of
 * it, so it may be killed at any time; what it has told goes on without it.
 *
 * <p>One thread makes steps. Requests and reports come on their callers' threads.
 */
public final class Manager implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.manager");

  /** How long nothing is looked at if nobody says anything: leases end without a word. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** After a step that could not be recorded. */
  private static final Duration STORE_PAUSE = Duration.ofMillis(500);

  /** Steps that follow from each other, one breath. */
  private static final int STEPS_MAX = 64;

  private final Engine engine;
  private final ManagerOptions options;
  private final Router router = new Router();
  private final long startedMs;
  private Thread stepper;
  private volatile boolean closed;
  private volatile String storeProblem = "";

  /**
   * Makes a manager; {@link #start} begins to make steps.
   *
   * @param store stays the caller's, who closes it after this
   * @param parts what it does besides assignments
   */
  public Manager(StateStore store, ManagerOptions options, List<Part> parts) throws StoreException {
    this.options = options;
    engine = new Engine(store, options.engine(), parts);
    startedMs = options.clockMs().getAsLong();
    new AgentRoutes(this).add(router);
    new InventoryRoutes(this).add(router);
    new AssignmentRoutes(this).add(router);
    new OwnershipRoutes(this).add(router);
    new EventRoutes(this).add(router);
    new StatusRoutes(this).add(router);
    parts.forEach(part -> part.routes(this, router));
  }

  /** Begins to make steps, on a thread of its own. */
  public void start() {
    stepper = Thread.ofPlatform().daemon().name("manager").start(this::run);
  }

  private void run() {
    try {
      while (!closed) {
        long seen = engine.changes();
        Duration pause = stepAll() ? LOOK : STORE_PAUSE;
        if (pause == STORE_PAUSE) {
          Thread.sleep(pause);
        } else {
          long untilDueNs = Math.min(engine.untilDueNs(), pause.toNanos());
          engine.awaitChange(seen, Duration.ofNanos(Math.max(1, untilDueNs)));
        }
      }
    } catch (InterruptedException e) {
      // The end.
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "the manager stands still: restart it; what is attached goes on", e);
      storeProblem = "the manager stands still after a mistake of its own: " + e;
      throw e;
    }
  }

  /** Whether the store took it. */
  private boolean stepAll() {
    try {
      for (int i = 0; i < STEPS_MAX && engine.step(options.now()); i++) {
        // Each may make others due.
      }
      if (!storeProblem.isEmpty()) {
        LOG.log(Level.INFO, "the store takes changes again");
        storeProblem = "";
      }
      return true;
    } catch (StoreException e) {
      if (!closed && storeProblem.isEmpty()) {
        LOG.log(Level.ERROR, "nothing can be changed now, what is attached goes on: {0}", e);
      }
      storeProblem = String.valueOf(e.getMessage());
      return false;
    }
  }

  /** Answers what people and programs ask. */
  public ApiHandler api() {
    return router;
  }

  /** How agents in this process speak with it. */
  public ManagerPort port() {
    return new LocalPort(this);
  }

  /** What decides; for parts. */
  public Engine engine() {
    return engine;
  }

  public ManagerOptions options() {
    return options;
  }

  long startedMs() {
    return startedMs;
  }

  /** Why nothing can be changed now; "" if it can. */
  String storeProblem() {
    return storeProblem;
  }

  /**
   * Changes documents for somebody who asked for it.
   *
   * @throws ApiException if the store cannot record it now
   */
  public TransactionResult commit(Transaction transaction) throws ApiException {
    try {
      return engine.commit(transaction);
    } catch (StoreException e) {
      throw unavailable(e);
    }
  }

  /** What a store's refusal is to who asked. */
  static ApiException unavailable(StoreException e) {
    boolean unknown = e instanceof OutcomeUnknownException;
    return new ApiException(
        ApiError.UNAVAILABLE,
        unknown ? "nobody can say whether it was recorded" : "nothing can be changed now",
        String.valueOf(e.getMessage()),
        unknown ? "farslot get" : "make room on the manager's disk, or see farslot status");
  }

  /** Ends all waiting and all steps. What is attached goes on. */
  @Override
  public void close() {
    closed = true;
    engine.close();
    if (stepper != null) {
      stepper.interrupt();
      try {
        stepper.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean isClosed() {
    return closed;
  }
}
