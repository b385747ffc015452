package farslot.store.file;

import java.io.IOException;

/**
 * A file. What has been written is there after a power cut only if {@link #sync} came behind it. An
 * interrupted thread may use it.
 */
public interface DiskFile extends AutoCloseable {
  long size() throws IOException;

  /**
   * Reads as many bytes as the array has.
   *
   * @throws java.io.EOFException if there are fewer
   */
  void read(long at, byte[] to) throws IOException;

  /** Writes all, or throws; then some may have been written. */
  void write(long at, byte[] from) throws IOException;

  void truncate(long size) throws IOException;

  /** All that was written is on stable media when this returns. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
