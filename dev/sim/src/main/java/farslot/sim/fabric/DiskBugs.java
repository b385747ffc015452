package farslot.sim.fabric;

import farslot.appliance.StateFiles;
import farslot.store.file.Disk;
import farslot.store.file.DiskFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Disks that are believed too soon. */
final class DiskBugs {
  private DiskBugs() {}

  /** What an appliance replaces is in its memory, and on its disk when it is replaced again. */
  static FabricMischief confirmedUnsynced(SplittableRandom random) {
    return new FabricMischief() {
      @Override
      StateFiles files(String appliance, StateFiles files) {
        return new LazyFiles(files);
      }
    };
  }

  private static class LazyFiles implements StateFiles {
    private final StateFiles files;
    private final Map<String, String> unwritten = new HashMap<>();

    LazyFiles(StateFiles files) {
      this.files = files;
    }

    @Override
    public Optional<String> read(String name) throws IOException {
      return unwritten.containsKey(name) ? Optional.of(unwritten.get(name)) : files.read(name);
    }

    @Override
    public void replace(String name, String text) throws IOException {
      String before = unwritten.put(name, text);
      if (before != null) {
        files.replace(name, before);
      }
    }

    @Override
    public void putAside(String name, String otherName) throws IOException {
      files.putAside(name, otherName);
    }

    @Override
    public String path(String name) {
      return files.path(name);
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  /** An appliance begins anew with nothing. */
  static FabricMischief floorForgotten(SplittableRandom random) {
    return new FabricMischief() {
      @Override
      StateFiles files(String appliance, StateFiles files) {
        return new LazyFiles(files) {
          @Override
          public Optional<String> read(String name) {
            return Optional.empty();
          }
        };
      }
    };
  }

  /** The manager's disk says that all is written. */
  static FabricMischief answeredUnsynced(SplittableRandom random) {
    return new FabricMischief() {
      @Override
      Disk disk(Disk disk) {
        return new LyingDisk(disk);
      }
    };
  }

  private record LyingDisk(Disk disk) implements Disk {
    @Override
    public Set<String> names() throws IOException {
      return disk.names();
    }

    @Override
    public DiskFile open(String name) throws IOException {
      return new LyingFile(disk.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
      return new LyingFile(disk.create(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public void sync() throws IOException {
      disk.sync();
    }

    @Override
    public String path(String name) {
      return disk.path(name);
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }

  private record LyingFile(DiskFile file) implements DiskFile {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(long at, byte[] to) throws IOException {
      file.read(at, to);
    }

    @Override
    public void write(long at, byte[] from) throws IOException {
      file.write(at, from);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void sync() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
