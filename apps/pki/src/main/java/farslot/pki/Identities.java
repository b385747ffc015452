package farslot.pki;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A directory's identity, read anew when its files have changed. */
final class Identities {
  private static final Logger LOG = System.getLogger("farslot.pki");
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

  /** One state of the files; a handshake that began with it ends with it. */
  record Numbered(long number, TlsIdentity identity) {}

  private final PkiDirectory directory;
  private List<Object> stamp;
  private long lookedNs;
  private volatile Numbered now;
  private volatile Numbered before;
  private volatile PkiException problem;
  private volatile Thread watcher;

  Identities(PkiDirectory directory) throws PkiException {
    this.directory = directory;
    stamp = directory.stamp();
    now = new Numbered(1, directory.load());
    before = now;
    lookedNs = System.nanoTime();
  }

  PkiDirectory directory() {
    return directory;
  }

  TlsIdentity current() {
    return numbered().identity();
  }

  Numbered numbered() {
    look(false);
    return now;
  }

  /** What a handshake began with. */
  Optional<TlsIdentity> of(long number) {
    for (Numbered each : new Numbered[] {now, before}) {
      if (each.number() == number) {
        return Optional.of(each.identity());
      }
    }
    return Optional.empty();
  }

  Optional<PkiException> problem() {
    look(false);
    return Optional.ofNullable(problem);
  }

  void reload() {
    look(true);
  }

  /** From now on a thread of its own looks, and nobody else ever waits for a disk. */
  synchronized void watch() {
    if (watcher == null) {
      watcher = Thread.ofVirtual().name("certificates").start(this::watchAll);
    }
  }

  private void watchAll() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(LOOK_NS);
        reload();
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  synchronized void close() {
    if (watcher != null) {
      watcher.interrupt();
    }
  }

  private void look(boolean must) {
    if (must || watcher == null) {
      lookNow(must);
    }
  }

  private synchronized void lookNow(boolean must) {
    long nowNs = System.nanoTime();
    if (!must && nowNs - lookedNs < LOOK_NS) {
      return;
    }
    lookedNs = nowNs;
    List<Object> seen = directory.stamp();
    if (seen.equals(stamp)) {
      return;
    }
    try {
      TlsIdentity read = directory.load();
      if (!read.equals(now.identity())) {
        before = now;
        now = new Numbered(now.number() + 1, read);
        LOG.log(Level.DEBUG, "{0} is {1} from now on", directory, read);
      }
      stamp = seen;
      problem = null;
    } catch (PkiException e) {
      // Files are replaced one after the other: whoever looks in between looks again.
      if (problem == null || !problem.getMessage().equals(e.getMessage())) {
        LOG.log(Level.WARNING, "{0}; what was read before stays in use", e.getMessage());
      }
      problem = e;
    }
  }
}
