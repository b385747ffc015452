package farslot.appliance;

import java.io.IOException;
import java.util.Optional;

/**
 * The few small files that an appliance decides by, each replaced as a whole: after whatever
 * happens a file is as it was or as it shall be.
 */
public interface StateFiles extends AutoCloseable {
  /** What a file says; empty if there is none. */
  Optional<String> read(String name) throws IOException;

  /**
   * Makes a file say something else. On stable media when this returns; on an exception it is as
   * before, or as it shall be.
   */
  void replace(String name, String text) throws IOException;

  /** Gives a file that cannot be used another name, in the place of one that may be there. */
  void putAside(String name, String otherName) throws IOException;

  /** How a person finds a file. */
  String path(String name);

  @Override
  void close() throws IOException;
}
