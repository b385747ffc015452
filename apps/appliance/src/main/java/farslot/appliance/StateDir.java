package farslot.appliance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** {@link StateFiles} in a directory that one process has at a time. */
final class StateDir implements StateFiles {
  private final Path dir;
  private final FileChannel lockFile;

  /**
   * Takes a directory.
   *
   * @param dir made if it is not there
   * @throws StateInUseException if another process has it
   */
  StateDir(Path dir) throws IOException {
    this.dir = dir;
    Files.createDirectories(
        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    lockFile =
        FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock();
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new StateInUseException(dir);
    }
  }

  @Override
  public Optional<String> read(String name) throws IOException {
    Path file = dir.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  @Override
  public void replace(String name, String text) throws IOException {
    Path fresh = dir.resolve(name + ".new");
    Files.writeString(fresh, text);
    sync(fresh, StandardOpenOption.WRITE);
    Files.move(
        fresh,
        dir.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(dir, StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  @Override
  public void putAside(String name, String otherName) throws IOException {
    Files.move(dir.resolve(name), dir.resolve(otherName), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String path(String name) {
    return dir.resolve(name).toString();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
