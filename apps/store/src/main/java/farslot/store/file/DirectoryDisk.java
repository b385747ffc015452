package farslot.store.file;

import farslot.store.StoreInUseException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A directory of the host, which belongs to this process while it is open. */
public final class DirectoryDisk implements Disk {
  private static final String LOCK = "lock";
  private static final String OWNER_ONLY = "rw-------";

  private final Path dir;
  private final FileChannel lock;

  /**
   * @param dir made, readable to its owner alone, if it is not there
   * @throws StoreInUseException if another process, or another store of this one, has it
   */
  public DirectoryDisk(Path dir) throws IOException, StoreInUseException {
    this.dir = dir;
    if (!Files.isDirectory(dir)) {
      Files.createDirectories(
          dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // A directory that is not there after a power cut takes along what is in it.
      syncDirectory(dir.toAbsolutePath().getParent());
    }
    lock = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked()) {
      lock.close();
      throw new StoreInUseException(
          dir + " is in use by another process: stop that one, or use another directory");
    }
  }

  private boolean locked() throws IOException {
    try {
      FileLock held = lock.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(each -> !each.equals(LOCK))
          .collect(Collectors.toSet());
    }
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new Regular(new RandomAccessFile(dir.resolve(name).toFile(), "rw"));
  }

  @Override
  public DiskFile create(String name) throws IOException {
    Path path = dir.resolve(name);
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    return open(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        dir.resolve(from),
        dir.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(dir.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    syncDirectory(dir);
  }

  /** An interrupt closes a channel; then it is done again, and the interrupt kept for later. */
  private static void syncDirectory(Path dir) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String path(String name) {
    return dir.resolve(name).toString();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  /** Of java.io: a channel would be closed by an interrupt of whoever happens to write. */
  private record Regular(RandomAccessFile file) implements DiskFile {
    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public void read(long at, byte[] to) throws IOException {
      file.seek(at);
      file.readFully(to);
    }

    @Override
    public void write(long at, byte[] from) throws IOException {
      file.seek(at);
      file.write(from);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.setLength(size);
    }

    @Override
    public void sync() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
