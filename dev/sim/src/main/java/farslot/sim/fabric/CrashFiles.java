package farslot.sim.fabric;

import farslot.appliance.StateFiles;
import farslot.store.crash.CrashDisk;
import farslot.store.file.DiskFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Small files on a disk that forgets, kept as the real ones are. */
final class CrashFiles implements StateFiles {
  private final CrashDisk disk;

  CrashFiles(CrashDisk disk) {
    this.disk = disk;
  }

  @Override
  public Optional<String> read(String name) throws IOException {
    if (!disk.names().contains(name)) {
      return Optional.empty();
    }
    try (DiskFile file = disk.open(name)) {
      byte[] bytes = new byte[(int) file.size()];
      file.read(0, bytes);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void replace(String name, String text) throws IOException {
    String fresh = name + ".new";
    try (DiskFile file = disk.create(fresh)) {
      file.write(0, text.getBytes(StandardCharsets.UTF_8));
      file.sync();
    }
    disk.rename(fresh, name);
    disk.sync();
  }

  @Override
  public void putAside(String name, String otherName) throws IOException {
    disk.rename(name, otherName);
  }

  @Override
  public String path(String name) {
    return disk.path(name);
  }

  @Override
  public void close() {}
}
