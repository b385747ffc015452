package farslot.store.file;

import java.io.IOException;
import java.util.Set;

/**
 * A directory, as far as a store needs one. What has been done to its names is there after a power
 * cut only if {@link #sync} came behind it.
 */
public interface Disk extends AutoCloseable {
  Set<String> names() throws IOException;

  /** Opens a file that is there. */
  DiskFile open(String name) throws IOException;

  /** Makes an empty file, in the place of one that may be there. */
  DiskFile create(String name) throws IOException;

  /** Gives a file another name at once, in the place of one that may be there. */
  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  /** The names are on stable media when this returns. */
  void sync() throws IOException;

  /** How a person finds a file. */
  String path(String name);

  @Override
  void close() throws IOException;
}
