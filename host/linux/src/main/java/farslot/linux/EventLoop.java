package farslot.linux;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An agent thread of the data plane: polls descriptors, runs timers and tasks from other threads;
 * spins briefly, then blocks. {@code nowNs}, {@code timer} and {@code execute} mean what core's
 * Agent says; an adapter in {@code farslot.carrier} makes it one.
 *
 * <p>All calls but {@link #execute}, {@link #close} and {@link #nowNs} belong to the loop's thread,
 * or to whoever made it before it runs. A turn is: tasks, timers, pollers, descriptors, the tasks
 * that came of all that, turn ends. A turn allocates nothing and, while it finds work, makes no
 * system call but epoll_wait.
 */
public final class EventLoop implements Runnable, AutoCloseable {
  /** Readable, or the peer has gone. */
  public static final int READ = Epoll.READ;

  /** Writable. */
  public static final int WRITE = Epoll.WRITE;

  /** Most events handled in one turn; the others come in the next. */
  private static final int EVENTS_MAX = 128;

  /** Most timers fired in one turn, so that a timer that re-arms itself with 0 starves nobody. */
  private static final int TIMERS_MAX = 256;

  /**
   * How often one turn looks for tasks that its own work has posted: what takes several steps is
   * over before the turn's end sends what came of it, and one that never ends starves nobody.
   */
  private static final int TASK_ROUNDS_MAX = 16;

  /**
   * How long the loop sleeps between looks at its pollers once it no longer spins: memory cannot
   * wake it. The first sleep is short, each one that finds nothing doubles the next.
   */
  private static final long POLL_SLEEP_MIN_NS = 50_000;

  private static final long POLL_SLEEP_MAX_NS = 16_000_000;

  /** How long the loop's turns on the processor should be; the least that Linux grants. */
  private static final long SLICE_NS = 100_000;

  /** How much too late its timers may fire; usually 50 us. */
  private static final long TIMER_SLACK_NS = 5_000;

  private static final long WITHOUT_END = -1;

  private static final Logger LOG = System.getLogger(EventLoop.class.getName());

  /** Who is told that a descriptor is ready. */
  public interface Handler {
    /**
     * {@code ready} is a set of {@link #READ} and {@link #WRITE}. A peer that has gone, or an
     * error, shows as everything that was asked for: the next read or write says what it is.
     */
    void onReady(int ready);
  }

  /** Called at the end of every turn that did something: the place to flush what was gathered. */
  public interface TurnEnd {
    void onTurnEnd(long nowNs);
  }

  /** Called in every turn: memory that has to be looked at, such as mapped doorbells. */
  public interface Poller {
    /** Returns how much was found, so that the loop knows whether it is idle. */
    int poll(long nowNs);
  }

  /** Told what a handler, timer, task, poller or turn end threw; the loop goes on. */
  public interface FailureHandler {
    /**
     * @param source what threw. A {@link Handler} is no longer watched: its descriptor would be
     *     ready again at once, and it would throw for ever. Except for an {@link InternalError}:
     *     see {@link #addMemoryFault}
     */
    void onFailure(Object source, Throwable cause);
  }

  private final String name;
  private final Epoll epoll;
  private final TaskQueue tasks;
  private final TimerHeap timers = new TimerHeap();
  private final WatchTable watches = new WatchTable();
  private final List<TurnEnd> turnEnds = new ArrayList<>();
  private final List<Poller> pollers = new ArrayList<>();
  private final List<Runnable> memoryFaults = new ArrayList<>();
  private final SpinBudget budget;
  private final Handler woken = this::onWoken;
  private FailureHandler failures = this::log;
  private long pollSleepNs = POLL_SLEEP_MIN_NS;
  private volatile boolean closed;
  private volatile Thread thread;
  private boolean released;
  private long sleeps;

  /**
   * Makes a loop; {@code spinNs} is how long it polls without finding anything before it blocks. It
   * should outlast the other side's wake-up, some 60 us.
   */
  public EventLoop(String name, long spinNs) {
    this.name = Objects.requireNonNull(name);
    budget = new SpinBudget(spinNs, System.nanoTime());
    try {
      epoll = new Epoll(EVENTS_MAX);
      tasks = new TaskQueue();
      epoll.add(tasks.wakeFd(), READ, tag(tasks.wakeFd(), woken));
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who is told of failures; without one they are logged. */
  public void failures(FailureHandler failures) {
    this.failures = Objects.requireNonNull(failures);
  }

  /**
   * Watches a descriptor, or changes what is watched. With {@code interest} 0 it is remembered but
   * not watched at all: not even the peer's going is told.
   */
  public void watch(int fd, int interest, Handler handler) {
    assert onLoop();
    int before = watches.has(fd) ? watches.interest(fd) : 0;
    watches.put(fd, interest, handler);
    try {
      if (before == 0 && interest != 0) {
        epoll.add(fd, interest, watches.tag(fd));
      } else if (before != 0 && interest == 0) {
        epoll.remove(fd);
      } else if (before != interest) {
        epoll.modify(fd, interest, watches.tag(fd));
      }
    } catch (ErrnoException e) {
      watches.remove(fd);
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets a descriptor; call before closing it. One that is not watched is no mistake. */
  public void unwatch(int fd) {
    assert onLoop();
    if (!watches.has(fd)) {
      return;
    }
    int before = watches.interest(fd);
    watches.remove(fd);
    try {
      if (before != 0) {
        epoll.remove(fd);
      }
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void addTurnEnd(TurnEnd turnEnd) {
    assert onLoop();
    turnEnds.add(turnEnd);
  }

  public void removeTurnEnd(TurnEnd turnEnd) {
    assert onLoop();
    turnEnds.remove(turnEnd);
  }

  /**
   * Adds something to look at. While any is there and finds nothing, the loop spins within its
   * budget as always, then sleeps between looks: 50 us, twice as long each time, at most 16 ms. So
   * what comes after a pause waits no longer than about that pause.
   */
  public void addPoller(Poller poller) {
    assert onLoop();
    pollers.add(poller);
    pollSleepNs = POLL_SLEEP_MIN_NS;
  }

  public void removePoller(Poller poller) {
    assert onLoop();
    pollers.remove(poller);
  }

  /**
   * Adds what runs after an {@link InternalError} was thrown anywhere on this loop: mapped memory
   * was made smaller by somebody. It shows late and far from its cause, so each who has mapped
   * memory of others looks whether it was his, and ends that. The thrower itself stays watched.
   */
  public void addMemoryFault(Runnable task) {
    assert onLoop();
    memoryFaults.add(task);
  }

  public void removeMemoryFault(Runnable task) {
    assert onLoop();
    memoryFaults.remove(task);
  }

  /** How often it has gone to sleep so far. On the loop's thread. */
  public long sleeps() {
    return sleeps;
  }

  /** Monotonic, nanoseconds. */
  public long nowNs() {
    return System.nanoTime();
  }

  /** A one-shot timer on this loop. */
  public Timer timer(Runnable task) {
    return timers.entry(Objects.requireNonNull(task));
  }

  /** A one-shot timer. On the loop's thread only. */
  public interface Timer {
    void arm(long delayNs);

    void cancel();
  }

  /**
   * From any thread. Allocates nothing unless its queue has to grow. After the loop's end the task
   * is dropped.
   */
  public void execute(Runnable task) {
    tasks.add(Objects.requireNonNull(task));
  }

  /** Whether the caller may touch what belongs to the loop. */
  public boolean onLoop() {
    Thread owner = thread;
    return owner == null || owner == Thread.currentThread();
  }

  /** Runs the loop on a platform thread of its own, named after it. */
  public Thread start() {
    return Thread.ofPlatform().name(name).start(this);
  }

  /** Serves until {@link #close}. Tasks that were waiting then still run. */
  @Override
  public void run() {
    if (thread != null) {
      throw new IllegalStateException(name + " has been run");
    }
    thread = Thread.currentThread();
    Scheduling.shortTurns(SLICE_NS);
    Scheduling.timerSlack(TIMER_SLACK_NS);
    budget.onHandled(nowNs());
    try {
      while (!closed) {
        turn();
      }
      runTasks();
    } finally {
      release();
    }
  }

  /** Makes {@link #run} return; from any thread. */
  @Override
  public void close() {
    closed = true;
    tasks.wake();
    if (thread == null) {
      release();
    }
  }

  private void turn() {
    long nowNs = nowNs();
    int found = runTasks() + runTimers(nowNs) + runPollers(nowNs);
    boolean spins = budget.spins(nowNs);
    found += runEvents(found > 0 || spins ? 0 : sleepNs(nowNs));
    if (found == 0) {
      // Whoever is to answer may wait for this very processor: without this, two loops on one core
      // spend their budgets in turn, ten times slower than if neither spun. After a sleep, too: a
      // loop that looks at memory wakes up often, and who writes there may be the one that waits.
      Thread.yield();
      return;
    }
    budget.onFound(nowNs());
    for (int round = 0; round < TASK_ROUNDS_MAX && !tasks.isEmpty(); round++) {
      runTasks();
    }
    runTurnEnds();
    budget.onHandled(nowNs());
  }

  /** 0 when there is something to do after all. */
  private long sleepNs(long nowNs) {
    long sleepNs = timers.isEmpty() ? WITHOUT_END : timers.delayNs(nowNs);
    if (sleepNs == 0 || !tasks.fallAsleep() || closed) {
      return 0;
    }
    if (!pollers.isEmpty() && (sleepNs < 0 || sleepNs > pollSleepNs)) {
      sleepNs = pollSleepNs;
      pollSleepNs = Math.min(POLL_SLEEP_MAX_NS, 2 * pollSleepNs);
    }
    return sleepNs;
  }

  private int runTasks() {
    if (tasks.isEmpty()) {
      return 0;
    }
    Runnable[] batch = tasks.take();
    int count = tasks.taken();
    for (int i = 0; i < count; i++) {
      Runnable task = batch[i];
      batch[i] = null;
      run(task);
    }
    return count;
  }

  private int runTimers(long nowNs) {
    int fired = 0;
    while (fired < TIMERS_MAX) {
      TimerHeap.Entry entry = timers.expired(nowNs);
      if (entry == null) {
        break;
      }
      run(entry.task());
      fired++;
    }
    return fired;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      failed(task, e);
    }
  }

  private int runPollers(long nowNs) {
    int found = 0;
    for (int i = 0; i < pollers.size(); i++) {
      Poller poller = pollers.get(i);
      try {
        found += poller.poll(nowNs);
      } catch (Throwable e) {
        failed(poller, e);
      }
    }
    if (found > 0) {
      pollSleepNs = POLL_SLEEP_MIN_NS;
    }
    return found;
  }

  private int runEvents(long timeoutNs) {
    int count;
    try {
      count = epoll.await(timeoutNs);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
    if (timeoutNs != 0) {
      sleeps++;
      tasks.wakeUp();
    }
    for (int i = 0; i < count; i++) {
      dispatch(epoll.tag(i), epoll.ready(i));
    }
    return count;
  }

  private void dispatch(long tag, int ready) {
    Handler handler = watches.handler(tag);
    if (handler == null) {
      return;
    }
    int fd = WatchTable.fd(tag);
    boolean gone = (ready & (Epoll.ERROR | Epoll.HANG_UP)) != 0;
    int told = watches.interest(fd) & (gone ? READ | WRITE : ready);
    if (told == 0) {
      return; // it lost interest earlier in this turn
    }
    try {
      handler.onReady(told);
    } catch (Throwable e) {
      if (watches.handler(tag) == handler && !(e instanceof InternalError)) {
        unwatch(fd);
      }
      failed(handler, e);
    }
  }

  private void runTurnEnds() {
    for (int i = 0; i < turnEnds.size(); i++) {
      TurnEnd turnEnd = turnEnds.get(i);
      try {
        turnEnd.onTurnEnd(nowNs());
      } catch (Throwable e) {
        failed(turnEnd, e);
      }
    }
  }

  private void onWoken(int ready) {
    try {
      EventFd.drain(tasks.wakeFd());
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long tag(int fd, Handler handler) {
    watches.put(fd, READ, handler);
    return watches.tag(fd);
  }

  private void failed(Object source, Throwable cause) {
    if (cause instanceof InternalError) {
      for (Runnable task : memoryFaults.toArray(Runnable[]::new)) {
        run(task);
      }
    }
    try {
      failures.onFailure(source, cause);
    } catch (Throwable e) {
      e.addSuppressed(cause);
      log(source, e);
    }
  }

  private void log(Object source, Throwable cause) {
    LOG.log(Level.ERROR, name + ": " + source + " failed", cause);
  }

  private synchronized void release() {
    if (!released) {
      released = true;
      tasks.close();
      epoll.close();
    }
  }
}
