package farslot.store.file;

import farslot.store.Capacity;
import farslot.store.StateStore;
import farslot.store.StateStoreConformance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** The default store on a real directory. */
class FileStateStoreTest extends StateStoreConformance {
  @TempDir Path dir;
  private final ManualClock clock = new ManualClock();

  @Override
  protected StateStore openEmpty() throws Exception {
    // So small that snapshots are taken in the middle of things.
    FileStoreOptions options =
        new FileStoreOptions(Capacity.DEFAULT, 20_000, clock, UUID::randomUUID, new Quiet());
    return FileStateStore.open(new DirectoryDisk(dir.resolve("new/store")), options);
  }

  @Override
  protected StateStore reopen(StateStore store) throws Exception {
    store.close();
    return openEmpty();
  }

  @Override
  protected void pass(StateStore store, Duration time) throws Exception {
    clock.pass((FileStateStore) store, time);
  }
}
