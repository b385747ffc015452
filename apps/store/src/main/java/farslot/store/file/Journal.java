package farslot.store.file;

import farslot.store.OutcomeUnknownException;
import farslot.store.StoreException;
import farslot.store.StoreUnavailableException;
import farslot.store.engine.Entry;
import farslot.store.engine.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one way by which a state changes: whoever comes first does what is waiting, all of it with
 * one write and one sync; the others find theirs done.
 */
final class Journal implements AutoCloseable {
  /** More changes than this do not wait; who comes then is told to come again. */
  private static final int WAITING_MAX = 4096;

  /** A group takes no more changes once it is as large as this. */
  private static final long GROUP_BYTES = 1 << 20;

  /** How far a log grows beyond its size when no snapshot can be written. */
  private static final int LOG_GROWTH_MAX = 4;

  private final State state;
  private final Generations generations;
  private final long logBytes;
  private final System.Logger log;

  /** Guarded by itself. */
  private final Queue<Pending<?>> waiting = new ArrayDeque<>();

  /** Held by who writes. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Held while the state is used; never while waiting for the disk. */
  private final ReentrantLock using = new ReentrantLock();

  private final Condition published = using.newCondition();

  /** After a snapshot that failed, the next is tried when the log has this size. */
  private long nextRotationBytes;

  /** Whether the last attempt failed: then it has been said. */
  private boolean failing;

  /** Whether what failed last may nevertheless be on the disk. */
  private boolean unknown;

  private Throwable mistake;
  private volatile boolean closed;

  Journal(State state, Generations generations, FileStoreOptions options) {
    this.state = state;
    this.generations = generations;
    logBytes = options.logBytes();
    log = options.log();
    nextRotationBytes = logBytes;
  }

  /**
   * Begins a generation of its own. A disk that has no room for it now may have it later; until
   * then nothing can be changed.
   *
   * @throws IOException if there is none to go on from
   */
  void begin() throws IOException {
    IOException problem = makeUsable();
    if (problem != null && generations.none()) {
      throw problem;
    }
  }

  /** To be held while {@link #state} is read. */
  ReentrantLock using() {
    return using;
  }

  /** Signalled when there is something new to see. */
  Condition published() {
    return published;
  }

  State state() {
    return state;
  }

  void requireOpen() throws StoreUnavailableException {
    if (closed) {
      throw new StoreUnavailableException("the store is closed", null);
    }
  }

  /** Does it, and waits until it is on the disk. */
  <T> T perform(Pending.Operation<T> operation) throws StoreException {
    return performAll(List.of(new Pending<>(operation))).getFirst().answer();
  }

  /** Does all of these, as if they had come at the same time. */
  <T> List<Pending<T>> performAll(List<Pending<T>> all) throws StoreUnavailableException {
    enqueue(all);
    writing.lock();
    try {
      for (Pending<T> each : all) {
        while (!each.done()) {
          nextGroup();
        }
      }
    } finally {
      writing.unlock();
    }
    return all;
  }

  private void enqueue(List<? extends Pending<?>> all) throws StoreUnavailableException {
    synchronized (waiting) {
      if (waiting.size() + all.size() > WAITING_MAX) {
        throw new StoreUnavailableException(
            waiting.size() + " changes are waiting for the disk already: try again later", null);
      }
      waiting.addAll(all);
    }
  }

  /** Does the first that wait, as one group. */
  private void nextGroup() {
    List<Pending<?>> group = new ArrayList<>();
    try {
      if (closed || mistake != null) {
        refuse(group);
        return;
      }
      IOException problem = makeUsable();
      List<Entry> entries = stage(group);
      if (!entries.isEmpty() && problem == null) {
        problem = record(entries);
      }
      if (problem == null) {
        publish();
        group.forEach(Pending::finish);
        rotateIfDue();
      } else {
        rollBack();
        answerReaders(group, failure(problem));
      }
    } catch (RuntimeException | Error e) {
      // Ours; the state may be half of anything. What is on the disk is not touched any more.
      mistake = e;
      log.log(System.Logger.Level.ERROR, "the store has failed; restart it", e);
      OutcomeUnknownException unknown =
          new OutcomeUnknownException("the store has failed: " + e, e);
      group.stream().filter(each -> !each.done()).forEach(each -> each.fail(unknown));
    }
  }

  private void refuse(List<Pending<?>> group) {
    String why = closed ? "the store is closed" : "the store has failed; restart it: " + mistake;
    synchronized (waiting) {
      group.addAll(waiting);
      waiting.clear();
    }
    group.forEach(each -> each.fail(new StoreUnavailableException(why, mistake)));
  }

  /**
   * A log that cannot be trusted any more, or is too long, makes room for a new generation.
   *
   * @return why nothing can be recorded; null if it can
   */
  private IOException makeUsable() {
    boolean tooLong = generations.logBytes() > logBytes * LOG_GROWTH_MAX;
    if (generations.usable() && !tooLong) {
      return null;
    }
    try {
      rotate();
      return null;
    } catch (IOException e) {
      warn("nothing can be recorded", e);
      unknown = false;
      return e;
    }
  }

  private void rotate() throws IOException {
    generations.rotate(state);
    nextRotationBytes = logBytes;
  }

  private void rotateIfDue() {
    if (generations.logBytes() <= nextRotationBytes) {
      return;
    }
    try {
      rotate();
    } catch (IOException e) {
      nextRotationBytes = generations.logBytes() + logBytes / 4;
      warn("no snapshot can be written; the log goes on", e);
    }
  }

  private List<Entry> stage(List<Pending<?>> group) {
    using.lock();
    try {
      while (state.stagedBytes() < GROUP_BYTES) {
        Pending<?> next = nextWaiting();
        if (next == null) {
          break;
        }
        group.add(next);
        next.stage(state);
      }
      return state.staged();
    } finally {
      using.unlock();
    }
  }

  private Pending<?> nextWaiting() {
    synchronized (waiting) {
      return waiting.poll();
    }
  }

  /**
   * @return why they could not be recorded; null if they are
   */
  private IOException record(List<Entry> entries) {
    try {
      generations.append(entries);
      failing = false;
      return null;
    } catch (IOException e) {
      warn("a change could not be recorded", e);
      rollBack();
      // A new generation without them makes sure that they are not there after a restart either.
      unknown = makeUsable() != null;
      return e;
    }
  }

  /** Once, until something can be recorded again. */
  private void warn(String what, IOException e) {
    if (!failing) {
      log.log(System.Logger.Level.WARNING, what, e);
    }
    failing = true;
  }

  private StoreException failure(IOException e) {
    return unknown
        ? new OutcomeUnknownException(
            "the change could not be recorded, and may or may not be there after a restart: "
                + e.getMessage()
                + "; see to the disk, then restart, read, and try again",
            e)
        : new StoreUnavailableException(
            "the change could not be recorded, and was not made: "
                + e.getMessage()
                + "; if the disk is full, make room on it, then try again",
            e);
  }

  /** What changes nothing is answered also when nothing can be recorded. */
  private void answerReaders(List<Pending<?>> group, StoreException failure) {
    using.lock();
    try {
      for (Pending<?> each : group) {
        each.stage(state);
        if (state.staged().isEmpty()) {
          each.finish();
        } else {
          state.rollBack();
          each.fail(failure);
        }
      }
    } finally {
      using.unlock();
    }
  }

  private void rollBack() {
    using.lock();
    try {
      state.rollBack();
    } finally {
      using.unlock();
    }
  }

  private void publish() {
    using.lock();
    try {
      state.publish();
      published.signalAll();
    } finally {
      using.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    writing.lock();
    using.lock();
    try {
      if (!closed) {
        closed = true;
        published.signalAll();
        generations.close();
      }
    } finally {
      using.unlock();
      writing.unlock();
    }
  }
}
