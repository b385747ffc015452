package farslot.api.agent;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps an agent in touch with its manager: reports when something has changed and often enough for
 * its lease, waits for orders, keeps the last ones on disk, and finds the manager again when it was
 * away. While it is away the agent goes on with the orders that it has.
 *
 * <p>Two virtual threads, one that reports and one that waits for orders. No report is under way
 * while orders are handed over, so the manager can tell what an agent said before from what it says
 * after.
 */
public final class AgentLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.agent");

  private final AgentKind kind;
  private final String name;
  private final ManagerPort port;
  private final Agent agent;
  private final OrdersFile file;
  private final AgentTimes times;

  /** Held while a report is under way and while orders are handed over. */
  private final ReentrantLock exchange = new ReentrantLock();

  private final ReentrantLock state = new ReentrantLock();
  private final Condition news = state.newCondition();
  private boolean reportDue = true;
  private boolean connected;
  private boolean closed;
  private String problem = "";
  private Thread reporter;
  private Thread listener;

  /** The revision that the agent was handed last. */
  private volatile long revision;

  /**
   * Makes a loop; {@link #start} begins it.
   *
   * @param port closed by this loop
   * @param file where the last orders are kept
   */
  public AgentLoop(
      AgentKind kind, String name, ManagerPort port, Agent agent, Path file, AgentTimes times) {
    this.kind = kind;
    this.name = name;
    this.port = port;
    this.agent = agent;
    this.file = new OrdersFile(file, kind, name);
    this.times = times;
  }

  /**
   * Hands the agent the orders that the disk has, then begins to look for the manager.
   *
   * @throws IOException if there are orders that cannot be read: the agent must not begin without
   */
  public void start() throws IOException, InterruptedException {
    Optional<Orders> kept = file.read();
    if (kept.isPresent()) {
      revision = kept.get().revision();
      agent.obey(kept.get());
    }
    reporter = Thread.ofVirtual().name(name + " reports").start(this::reportAll);
    listener = Thread.ofVirtual().name(name + " orders").start(this::listenAll);
  }

  /** Something is not as it was reported; from any thread, never waits for the manager. */
  public void changed() {
    state.lock();
    try {
      reportDue = true;
      news.signalAll();
    } finally {
      state.unlock();
    }
  }

  /** Whether the manager has taken the last report. */
  public boolean connected() {
    state.lock();
    try {
      return connected;
    } finally {
      state.unlock();
    }
  }

  /** Why there is no manager, in words; "" if there is one. */
  public String problem() {
    state.lock();
    try {
      return problem;
    } finally {
      state.unlock();
    }
  }

  /** Of the orders that the agent was handed last; 0 before any. */
  public long revision() {
    return revision;
  }

  private void reportAll() {
    Pause pause = new Pause(times);
    try {
      while (!isClosed()) {
        try {
          reportOnce();
          pause.reset();
          awaitReportDue();
        } catch (ApiException | IOException e) {
          lost(e);
          pause.await();
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, name + ": its report cannot be made", e);
          lost(e);
          pause.await();
        }
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  private void reportOnce() throws ApiException, IOException, InterruptedException {
    state.lock();
    try {
      reportDue = false; // What changes from here on is told by the next one.
    } finally {
      state.unlock();
    }
    exchange.lockInterruptibly();
    try {
      port.report(agent.report(), revision);
    } finally {
      exchange.unlock();
    }
    state.lock();
    try {
      if (!problem.isEmpty()) {
        LOG.log(Level.INFO, "{0}: the manager is there again", name);
      }
      connected = true;
      problem = "";
      news.signalAll();
    } finally {
      state.unlock();
    }
  }

  private void awaitReportDue() throws InterruptedException {
    Thread.sleep(times.reportApart());
    long leftNs = times.reportEvery().toNanos();
    state.lockInterruptibly();
    try {
      while (!reportDue && connected && leftNs > 0) {
        leftNs = news.awaitNanos(leftNs);
      }
    } finally {
      state.unlock();
    }
  }

  /** The manager cannot be had. Said once for each reason. */
  private void lost(Exception e) {
    String why = e instanceof ApiException ? e.getMessage() : "the manager is away: " + e;
    state.lock();
    try {
      connected = false;
      if (!closed && !why.equals(problem)) {
        LOG.log(Level.WARNING, "{0}: {1}; what is ordered already goes on", name, why);
      }
      problem = why;
      news.signalAll();
    } finally {
      state.unlock();
    }
  }

  private void listenAll() {
    Pause pause = new Pause(times);
    boolean found = false;
    try {
      while (!isClosed()) {
        found &= awaitConnected();
        try {
          // The first time whatever there is: another store may count from elsewhere.
          Orders orders = port.await(kind, name, found ? revision : 0, times.awaitAtMost());
          if (!found || orders.revision() != revision) {
            hand(orders);
          }
          found = true;
          pause.reset();
        } catch (ApiException | IOException e) {
          found = false;
          if (e instanceof ApiException refused && refused.error() == ApiError.GONE) {
            changed(); // A manager that was begun anew: it wants a report first.
          } else {
            lost(e);
          }
          pause.await();
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, name + ": its orders cannot be obeyed", e);
          found = false;
          pause.await();
        }
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  /**
   * Waits until the manager has taken a report.
   *
   * @return whether it had, all the time
   */
  private boolean awaitConnected() throws InterruptedException {
    state.lockInterruptibly();
    try {
      boolean was = connected;
      while (!connected) {
        news.await();
      }
      return was;
    } finally {
      state.unlock();
    }
  }

  private void hand(Orders orders) throws InterruptedException {
    try {
      file.write(orders);
    } catch (IOException e) {
      // What is ordered matters more than that it is remembered: somebody may have to be shut out.
      LOG.log(
          Level.ERROR,
          "{0}: the manager''s orders cannot be kept, after a restart the manager is needed: {1}",
          name,
          e);
    }
    exchange.lockInterruptibly();
    try {
      agent.obey(orders);
      revision = orders.revision();
    } finally {
      exchange.unlock();
    }
    changed();
  }

  private boolean isClosed() {
    state.lock();
    try {
      return closed;
    } finally {
      state.unlock();
    }
  }

  /** Leaves the manager; the agent keeps its orders. Waits for calls of the agent to end. */
  @Override
  public void close() {
    state.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      state.unlock();
    }
    try {
      port.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing the way to the manager", e);
    }
    for (Thread each : new Thread[] {reporter, listener}) {
      if (each != null) {
        each.interrupt();
        join(each);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Longer after each failure, and never the same for two agents that failed together. */
  private static final class Pause {
    private final AgentTimes times;
    private long nextNs;

    Pause(AgentTimes times) {
      this.times = times;
      reset();
    }

    void reset() {
      nextNs = times.pauseMin().toNanos();
    }

    void await() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(nextNs / 2, nextNs + 1));
      nextNs = Math.min(2 * nextNs, times.pauseMax().toNanos());
    }
  }
}
