package farslot.appliance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The highest epoch that each function was ever assigned with. It only grows, and one that is not
 * lower is on the disk before anybody works under it: whatever happens to this process, no two
 * servers ever hold the same epoch of a function. One file, replaced as a whole.
 *
 * <p>The disk is ahead by up to {@link #RESERVE}, so that an assignment need not wait for it; a
 * store that is opened again goes on behind all that had been reserved.
 */
final class EpochStore implements AutoCloseable {
  private static final String FILE = "epochs";

  /** How far the disk is ahead of what was given out. */
  static final int RESERVE = 64;

  private final StateFiles files;

  /** Given out. */
  private final Map<String, Long> epochs = new TreeMap<>();

  /** On the disk: all up to these may be given out. */
  private final Map<String, Long> reserved = new TreeMap<>();

  /** To be written; whoever writes next takes all of them along. */
  private final Map<String, Long> wanted = new TreeMap<>();

  /** Held while writing. The data thread asks for epochs and never waits for this. */
  private final ReentrantLock writing = new ReentrantLock();

  private long asked;
  private long written;

  /**
   * Opens, or begins, a store.
   *
   * @param dir made if it is not there
   * @throws StateInUseException if another process has it
   */
  EpochStore(Path dir) throws IOException {
    this(new StateDir(dir));
  }

  /**
   * The same in files that it closes at its end.
   *
   * @throws IOException if they cannot be used; they are closed then
   */
  EpochStore(StateFiles files) throws IOException {
    this.files = files;
    try {
      load();
    } catch (IOException e) {
      files.close();
      throw e;
    }
  }

  /** The files that it is among. */
  StateFiles files() {
    return files;
  }

  private void load() throws IOException {
    Optional<String> text = files.read(FILE);
    if (text.isEmpty()) {
      return;
    }
    int number = 0;
    for (String line : text.get().lines().toList()) {
      number++;
      int space = line.lastIndexOf(' ');
      try {
        reserved.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        // Starting from 0 could give two servers one epoch; a person has to decide.
        throw new IOException(
            files.path(FILE) + ": line " + number + " is damaged: '" + line + "'", e);
      }
    }
    epochs.putAll(reserved);
  }

  /** Reserves for these functions what they will soon be assigned with. Waits for the disk. */
  void reserve(Iterable<String> functions) throws IOException {
    writing.lock();
    try {
      Map<String, Long> next;
      synchronized (this) {
        next = new TreeMap<>(reserved);
        functions.forEach(each -> next.put(each, highest(each) + RESERVE));
      }
      write(next);
      synchronized (this) {
        reserved.putAll(next);
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Gives out a higher epoch if that needs no disk.
   *
   * @return false when it has to be {@link #raise}d
   */
  synchronized boolean raisedAtOnce(String function, long epoch) {
    requireHigher(function, epoch);
    if (epoch > reserved.getOrDefault(function, 0L)) {
      return false;
    }
    epochs.put(function, epoch);
    return true;
  }

  /** The highest epoch of a function so far, 0 if it was never assigned. */
  synchronized long highest(String function) {
    return epochs.getOrDefault(function, 0L);
  }

  /**
   * Records a higher epoch; on stable media when this returns. Waits for the disk, so not on a data
   * thread. Several that are raised at a time wait for the disk once.
   *
   * @throws IllegalArgumentException if it is not higher
   */
  void raise(String function, long epoch) throws IOException {
    long ticket = want(function, epoch);
    writing.lock();
    try {
      Map<String, Long> taken;
      Map<String, Long> next;
      long upTo;
      synchronized (this) {
        if (written >= ticket) {
          return; // Whoever wrote last took it along.
        }
        taken = Map.copyOf(wanted);
        next = new TreeMap<>(reserved);
        taken.forEach((each, least) -> next.merge(each, least + RESERVE, Math::max));
        upTo = asked;
      }
      write(next);
      synchronized (this) {
        taken.forEach((each, least) -> epochs.merge(each, least, Math::max));
        reserved.putAll(next);
        wanted.entrySet().removeIf(each -> each.getValue() <= highest(each.getKey()));
        written = upTo;
      }
    } catch (IOException e) {
      synchronized (this) {
        wanted.remove(function, epoch);
      }
      throw e;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Sees to it that none of these epochs, nor one below, is given out from now on; on stable media
   * when this returns. Waits for the disk, if it is not ahead already.
   */
  void shut(Map<String, Long> upTo) throws IOException {
    writing.lock();
    try {
      Map<String, Long> next;
      synchronized (this) {
        next = new TreeMap<>(reserved);
        upTo.forEach((each, epoch) -> next.merge(each, epoch, Math::max));
        if (!next.equals(reserved)) {
          upTo.forEach((each, epoch) -> next.merge(each, epoch + RESERVE, Math::max));
        }
      }
      if (!next.equals(reserved)) {
        write(next);
      }
      synchronized (this) {
        reserved.putAll(next);
        upTo.forEach((each, epoch) -> epochs.merge(each, epoch, Math::max));
      }
    } finally {
      writing.unlock();
    }
  }

  private synchronized long want(String function, long epoch) {
    requireHigher(function, epoch);
    wanted.put(function, epoch);
    return ++asked;
  }

  private void requireHigher(String function, long epoch) {
    if (epoch <= Math.max(highest(function), wanted.getOrDefault(function, 0L))) {
      throw new IllegalArgumentException(function + ": epoch " + epoch + " is not higher");
    }
  }

  private void write(Map<String, Long> next) throws IOException {
    StringBuilder text = new StringBuilder();
    next.forEach((name, epoch) -> text.append(name).append(' ').append(epoch).append('\n'));
    files.replace(FILE, text.toString());
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
