package farslot.vfiouser.wire;

import farslot.linux.ErrnoException;
import farslot.linux.FileStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a function's socket is. Hypervisors are given a socket; SPDK is given a directory and looks
 * for {@code cntrl} in it.
 */
public final class SocketPaths {
  private static final Path IN_DIRECTORY = Path.of("cntrl");

  private SocketPaths() {}

  /** A directory stands for the {@code cntrl} in it; the directory of a {@code cntrl} is made. */
  public static Path resolve(Path path) throws IOException {
    if (isDirectory(path)) {
      return path.resolve(IN_DIRECTORY);
    }
    if (path.endsWith(IN_DIRECTORY) && path.getParent() != null) {
      Files.createDirectories(path.getParent());
    }
    return path;
  }

  /** The same for whoever looks for somebody else's socket. */
  public static Path served(Path path) {
    return isDirectory(path) ? path.resolve(IN_DIRECTORY) : path;
  }

  private static boolean isDirectory(Path path) {
    try {
      return FileStat.of(path.toString()).isDirectory();
    } catch (ErrnoException e) {
      return false;
    }
  }
}
