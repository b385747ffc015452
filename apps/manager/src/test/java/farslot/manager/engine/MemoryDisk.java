package farslot.manager.engine;

import farslot.store.file.Disk;
import farslot.store.file.DiskFile;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A disk that never fails, for what is above it; what survives a store's end is here. */
final class MemoryDisk implements Disk {
  private static final class Content implements DiskFile {
    private byte[] bytes = new byte[0];
    private int size;

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long at, byte[] to) throws IOException {
      if (at + to.length > size) {
        throw new EOFException();
      }
      System.arraycopy(bytes, (int) at, to, 0, to.length);
    }

    @Override
    public void write(long at, byte[] from) {
      int end = (int) at + from.length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * end);
      }
      System.arraycopy(from, 0, bytes, (int) at, from.length);
      size = Math.max(size, end);
    }

    @Override
    public void truncate(long to) {
      Arrays.fill(bytes, (int) to, bytes.length, (byte) 0);
      size = (int) to;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  private final Map<String, Content> files = new TreeMap<>();

  @Override
  public Set<String> names() {
    return Set.copyOf(files.keySet());
  }

  @Override
  public DiskFile open(String name) throws IOException {
    Content content = files.get(name);
    if (content == null) {
      throw new FileNotFoundException(name);
    }
    return content;
  }

  @Override
  public DiskFile create(String name) {
    Content content = new Content();
    files.put(name, content);
    return content;
  }

  @Override
  public void rename(String from, String to) {
    files.put(to, files.remove(from));
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public void sync() {}

  @Override
  public String path(String name) {
    return "memory/" + name;
  }

  @Override
  public void close() {}
}
