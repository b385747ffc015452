package farslot.store.file;

import farslot.store.engine.Entry;
import farslot.store.engine.EntryCodec;
import farslot.store.engine.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * The files of a store: a snapshot and its log, and how others take their place. The new log is on
 * the disk, empty, before the new snapshot gets its name; the old files go when that name is on the
 * disk. So at any moment the highest snapshot, with its log, is the truth.
 */
final class Generations implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Generations.class.getName());

  private final Disk disk;
  private final UUID store;

  /** The highest generation that was ever tried; a number is not used twice. */
  private long tried;

  private long current;

  /** Null before the first generation of this process. */
  private LogFile log;

  /**
   * Goes on from what another process has left, which is read and never written to.
   *
   * @param store whose files these are
   * @param current the generation that is the truth; 0 if there is none yet
   */
  Generations(Disk disk, UUID store, long current) {
    this.disk = disk;
    this.store = store;
    this.current = current;
    tried = current;
  }

  /** Whether there is nothing on the disk that could be gone on from. */
  boolean none() {
    return current == 0;
  }

  /** Whether changes can be recorded without a new generation. */
  boolean usable() {
    return log != null && !log.broken();
  }

  long logBytes() {
    return log == null ? 0 : log.bytes();
  }

  /**
   * Records a group of changes; on stable media when this returns. If it throws and this is still
   * {@link #usable}, nothing of them is left; if it is not, only a new generation can say that.
   */
  void append(List<Entry> entries) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    entries.forEach(each -> EntryCodec.write(each, payload));
    log.append(payload.toByteArray());
  }

  /**
   * Begins a new generation with this state, and forgets the one before.
   *
   * @throws IOException if that failed; as long as this is {@link #usable} the old one goes on
   */
  void rotate(State state) throws IOException {
    long next = ++tried;
    LogFile fresh;
    try {
      fresh = prepare(next, state);
    } catch (IOException e) {
      discard(FileNames.log(next));
      discard(FileNames.unfinished(next));
      throw e;
    }
    if (log != null) {
      // From here on a power cut may show either generation: neither may change.
      log.abandon();
    }
    try {
      disk.rename(FileNames.unfinished(next), FileNames.snapshot(next));
      disk.sync();
    } catch (IOException e) {
      close(fresh);
      throw e;
    }
    LogFile old = log;
    long last = current;
    log = fresh;
    current = next;
    close(old);
    discardUpTo(last, next);
  }

  private LogFile prepare(long generation, State state) throws IOException {
    FileHeader header = new FileHeader(FileHeader.Kind.LOG, generation, store);
    DiskFile file = disk.create(FileNames.log(generation));
    try {
      file.write(0, header.encode());
      file.sync();
      FileHeader ofSnapshot = new FileHeader(FileHeader.Kind.SNAPSHOT, generation, store);
      SnapshotFile.write(disk, FileNames.unfinished(generation), ofSnapshot, state);
      disk.sync();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new LogFile(file, new Frames(header));
  }

  /** All generations from one on that are behind another. */
  private void discardUpTo(long from, long end) {
    for (long each = Math.max(1, from); each < end; each++) {
      discard(FileNames.snapshot(each));
      discard(FileNames.unfinished(each));
      discard(FileNames.log(each));
    }
  }

  /** What stays behind is found, and deleted, when the store is opened next. */
  private void discard(String name) {
    try {
      disk.delete(name);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, disk.path(name) + " stays behind", e);
    }
  }

  private void close(LogFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a log that is no longer used", e);
    }
  }

  @Override
  public void close() throws IOException {
    try (disk) {
      if (log != null) {
        log.close();
      }
    }
  }
}
