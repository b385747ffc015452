package farslot.vfiouser;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.Fd;
import farslot.linux.FileStat;
import farslot.linux.Mapping;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The files that a client's memory is made of, each mapped once as a whole: a hypervisor moves its
 * windows about (QEMU's firmware remaps the same 256 MiB a dozen times), and then only a table
 * changes. A file that no window uses any more stays mapped until {@link #sweep} has found it
 * unused twice.
 */
final class GuestMemory implements AutoCloseable {
  /** What makes two descriptors the same file, as long as one of them is open. */
  private record Identity(long device, long inode) {}

  /** One mapped file. */
  static final class GuestFile {
    private final int fd;
    private final Mapping mapping;
    private int windows;
    private boolean unused;

    private GuestFile(int fd, Mapping mapping) {
      this.fd = fd;
      this.mapping = mapping;
    }

    Mapping mapping() {
      return mapping;
    }

    private void close() {
      mapping.close();
      Fd.close(fd);
    }
  }

  private final Map<Identity, GuestFile> files = new HashMap<>();

  /** Files that were mapped again, larger or writable, while windows still use the old mapping. */
  private final Map<GuestFile, Identity> replaced = new HashMap<>();

  /**
   * The mapping that holds a range of a file, for one more window. Does not keep {@code fd}.
   *
   * @throws ErrnoException EINVAL if the file is none that can be mapped or is too small, EACCES if
   *     it was not opened for writing
   */
  GuestFile use(int fd, long offset, long bytes, boolean write) throws ErrnoException {
    FileStat stat = FileStat.of(fd);
    if (!stat.isRegular() || offset > stat.sizeBytes() - bytes) {
      String what = "DMA_MAP of " + bytes + " at " + offset + " of a file of " + stat.sizeBytes();
      throw new ErrnoException(what, Errno.EINVAL);
    }
    Identity identity = new Identity(stat.device(), stat.inode());
    GuestFile file = files.get(identity);
    if (file == null || !holds(file, offset, bytes, write)) {
      GuestFile better = map(fd, stat.sizeBytes(), write);
      if (file != null) {
        replaced.put(file, identity);
      }
      files.put(identity, better);
      file = better;
    }
    file.windows++;
    file.unused = false;
    return file;
  }

  /** A window that was not made after all. */
  void giveBack(GuestFile file) {
    release(file);
    if (file.windows == 0) {
      files.values().remove(file);
      replaced.remove(file);
      file.close();
    }
  }

  /** A window less. */
  void release(GuestFile file) {
    file.windows--;
    assert file.windows >= 0;
  }

  /** Unmaps what was unused at the last sweep and still is; true if more is unused now. */
  boolean sweep() {
    boolean more = sweep(files.values().iterator());
    return sweep(replaced.keySet().iterator()) | more;
  }

  /** Whether a file has become smaller than its mapping: the client has broken its word. */
  boolean isTruncated() {
    return files.values().stream().anyMatch(GuestMemory::isTruncated)
        || replaced.keySet().stream().anyMatch(GuestMemory::isTruncated);
  }

  /** Files mapped now. */
  int count() {
    return files.size() + replaced.size();
  }

  @Override
  public void close() {
    files.values().forEach(GuestFile::close);
    replaced.keySet().forEach(GuestFile::close);
    files.clear();
    replaced.clear();
  }

  private static boolean isTruncated(GuestFile file) {
    try {
      return FileStat.of(file.fd).sizeBytes() < file.mapping.segment().byteSize();
    } catch (ErrnoException e) {
      return true;
    }
  }

  private static boolean sweep(Iterator<GuestFile> each) {
    boolean more = false;
    while (each.hasNext()) {
      GuestFile file = each.next();
      if (file.windows == 0 && file.unused) {
        each.remove();
        file.close();
      } else {
        file.unused = file.windows == 0;
        more |= file.unused;
      }
    }
    return more;
  }

  private static boolean holds(GuestFile file, long offset, long bytes, boolean write) {
    return offset <= file.mapping.segment().byteSize() - bytes
        && (!write || file.mapping.writable());
  }

  private static GuestFile map(int fd, long bytes, boolean write) throws ErrnoException {
    int own = Fd.dup(fd);
    try {
      return new GuestFile(own, mapping(own, bytes, write));
    } catch (ErrnoException e) {
      Fd.close(own);
      throw e;
    }
  }

  /** Writable if it can be: a later window of the same file may want that. */
  private static Mapping mapping(int fd, long bytes, boolean write) throws ErrnoException {
    try {
      return Mapping.shared(fd, 0, bytes, true);
    } catch (ErrnoException e) {
      if (write || e.errno() != Errno.EACCES && e.errno() != Errno.EPERM) {
        throw e;
      }
      return Mapping.shared(fd, 0, bytes, false);
    }
  }
}
