package farslot.backend;

import farslot.function.BlockStore;
import farslot.function.CardUnavailableException;
import farslot.linux.DiskFile;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Files;

/** Opens and creates disks in files, and owns who carries out their operations. */
final class FileStores implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FileStores.class.getName());

  /** What a first read past the page cache is tried with: the smallest that cards ask for. */
  private static final int DIRECT_BYTES = 512;

  /** How a ring is had. */
  interface Rings {
    Ring open() throws ErrnoException;
  }

  private final Workers workers;
  private final Rings rings;

  /** Null where there is none: then there is no io_uring either. */
  private final EventLoop loop;

  private RingEngine ring;

  /** Why there is no ring, once it has been tried. */
  private String refused;

  FileStores(int workers, EventLoop loop, Rings rings) {
    this.workers = new Workers(workers);
    this.loop = loop;
    this.rings = rings;
  }

  BlockStore open(FileConfig config) throws CardUnavailableException {
    try {
      DiskFile file = openOrCreate(config);
      try {
        return store(config, file);
      } catch (CardUnavailableException | ErrnoException e) {
        file.close();
        throw e;
      }
    } catch (ErrnoException e) {
      throw unavailable(config, e.getMessage());
    }
  }

  private static CardUnavailableException unavailable(FileConfig config, String why) {
    return new CardUnavailableException(config.where() + ": " + why);
  }

  private static DiskFile openOrCreate(FileConfig config)
      throws CardUnavailableException, ErrnoException {
    String path = config.path().toString();
    if (!Files.exists(config.path())) {
      create(config);
    }
    try {
      return DiskFile.open(path, config.readOnly(), config.direct());
    } catch (ErrnoException e) {
      if (config.direct() && e.errno() == Errno.EINVAL) {
        throw noDirect(config);
      }
      throw e;
    }
  }

  private static void create(FileConfig config) throws CardUnavailableException, ErrnoException {
    String path = config.path().toString();
    if (config.sizeBytes() <= 0 || config.readOnly()) {
      throw unavailable(config, path + " is not there; add 'size: 10GiB' to have it created");
    }
    try (DiskFile file = DiskFile.create(path)) {
      file.truncate(config.sizeBytes());
      int result = file.sync();
      if (result < 0) {
        throw new ErrnoException("fdatasync(" + path + ")", -result);
      }
    }
    DiskFile.syncDirectory(config.path().getParent().toString());
  }

  private BlockStore store(FileConfig config, DiskFile file)
      throws CardUnavailableException, ErrnoException {
    // Two appliances that write one image destroy it, and neither would notice.
    if (!file.lock(config.readOnly())) {
      throw unavailable(config, config.path() + " is in use by another namespace or appliance");
    }
    long fileBytes = file.sizeBytes();
    if (fileBytes < config.sizeBytes()) {
      throw unavailable(
          config,
          config.path()
              + " is too short: it has "
              + fileBytes
              + " bytes and 'size' says "
              + config.sizeBytes()
              + "; lengthen it with truncate(1), or leave 'size' out");
    }
    if (fileBytes == 0) {
      throw unavailable(config, config.path() + " is empty; lengthen it with truncate(1)");
    }
    if (config.direct()) {
      tryDirect(config, file, fileBytes);
    }
    long sizeBytes = config.sizeBytes() > 0 ? config.sizeBytes() : fileBytes;
    return new FileStore(
        file,
        new FileStore.Options(sizeBytes, config.readOnly(), config.inline(), config.direct()),
        engine(config),
        workers);
  }

  /** Some say only then that they cannot, or not in blocks as small as a card's. */
  private static void tryDirect(FileConfig config, DiskFile file, long fileBytes)
      throws CardUnavailableException, ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      long position = fileBytes >= 2 * DIRECT_BYTES ? DIRECT_BYTES : 0;
      long n = file.read(position, arena.allocate(DIRECT_BYTES, 4096), 0, DIRECT_BYTES, 0);
      if (n == -Errno.EINVAL) {
        throw noDirect(config);
      }
      if (n < 0) {
        throw new ErrnoException("preadv2(" + config.path() + ", O_DIRECT)", (int) -n);
      }
    }
  }

  private static CardUnavailableException noDirect(FileConfig config) {
    return unavailable(
        config,
        config.path()
            + ": neither this file system nor its disk can go past the page cache in blocks of "
            + DIRECT_BYTES
            + " bytes; leave 'direct' out");
  }

  private Engine engine(FileConfig config) throws CardUnavailableException {
    if (config.io() == FileConfig.Io.POOL) {
      return workers;
    }
    if (ring == null && refused == null) {
      openRing();
    }
    if (ring != null) {
      return ring;
    }
    if (config.io() == FileConfig.Io.URING) {
      throw unavailable(
          config,
          "'io: uring' cannot be had: "
              + refused
              + "; is sysctl kernel.io_uring_disabled 0, and does the container permit it? 'io:"
              + " auto' would use threads");
    }
    return workers;
  }

  private void openRing() {
    if (loop == null) {
      refused = "no event loop";
      return;
    }
    try {
      ring = new RingEngine(rings.open(), KernelRing.EACH_MAX, new LoopHome(loop));
    } catch (ErrnoException e) {
      refused = e.getMessage();
      LOG.log(Level.INFO, "disks wait on threads, because there is no io_uring: {0}", refused);
    }
  }

  /** Ends the threads, when what they are doing is done. All stores have been closed. */
  @Override
  public void close() {
    workers.close();
    if (ring != null) {
      ring.close();
      ring = null;
      refused = "closed";
    }
  }
}
