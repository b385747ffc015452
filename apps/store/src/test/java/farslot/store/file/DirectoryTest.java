package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.StoreInUseException;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.Watch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store as it is in production: a real directory, threads, and a clock that runs. */
class DirectoryTest {
  private static final Bytes X = Bytes.utf8("x");
  @TempDir Path dir;

  @Test
  void belongsToOneStoreAtATimeAndToItsOwner() throws Exception {
    Path inner = dir.resolve("a/b");
    try (FileStateStore store = FileStateStore.open(inner)) {
      store.commit(Transaction.of(Action.put("/a", X)));
      assertThatExceptionOfType(StoreInUseException.class)
          .isThrownBy(() -> FileStateStore.open(inner))
          .withMessageContaining(inner + " is in use by another process");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(inner.resolve("snapshot.1"))))
          .isEqualTo("rw-------");
    }
    try (FileStateStore store = FileStateStore.open(inner)) {
      assertThat(store.get("/a")).isPresent();
    }
  }

  @Test
  void aPlaceWhereNoDirectoryCanBeIsNamed() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> FileStateStore.open(file.resolve("store")))
        .withMessageContaining(file.resolve("store").toString());
  }

  @Test
  void anInterruptedThreadDoesNoHarm() throws Exception {
    try (FileStateStore store = FileStateStore.open(dir)) {
      Thread.currentThread().interrupt();
      store.commit(Transaction.of(Action.put("/a", X)));
      assertThat(Thread.interrupted()).isTrue();
      store.commit(Transaction.of(Action.put("/b", X)));
    }
    Thread.currentThread().interrupt();
    try (FileStateStore store = FileStateStore.open(dir)) {
      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.get("/b")).isPresent();
    }
  }

  @Test
  void manyThreadsAndSnapshotsInBetween() throws Exception {
    FileStoreOptions options =
        new FileStoreOptions(
            farslot.store.Capacity.DEFAULT,
            30_000,
            System::nanoTime,
            java.util.UUID::randomUUID,
            new Quiet());
    int threads = 16;
    int each = 40;
    try (FileStateStore store = FileStateStore.open(new DirectoryDisk(dir), options);
        ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String key = "/" + i;
        running.add(
            all.submit(
                () -> {
                  long seen = 0;
                  for (int n = 0; n < each; n++) {
                    Transaction next =
                        Transaction.when(Compare.unchanged(key, seen))
                            .then(Action.put(key, Bytes.of(new byte[200])));
                    var result = store.commit(next);
                    assertThat(result.succeeded()).isTrue();
                    seen = result.revision();
                    // What has been answered is seen by who asks next.
                    assertThat(store.get(key).map(KeyValue::modRevision)).contains(seen);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      assertThat(store.revision()).isEqualTo(threads * each);
    }
    try (FileStateStore store = FileStateStore.open(new DirectoryDisk(dir), options)) {
      assertThat(store.revision()).isEqualTo(threads * each);
      assertThat(store.get("/3").map(KeyValue::version)).contains((long) each);
    }
  }

  @Test
  void leasesEndByThemselves() throws Exception {
    try (FileStateStore store = FileStateStore.open(dir);
        Watch watch = store.watch(KeyRange.key("/a"), 0)) {
      long lease = store.grant(Duration.ofSeconds(1)).id();
      store.commit(Transaction.of(Action.put("/a", X, lease)));
      assertThat(watch.next(Duration.ofMinutes(1)).events()).hasSize(1);
      assertThat(watch.next(Duration.ofMinutes(5)).events())
          .hasSize(1)
          .first()
          .isInstanceOf(farslot.store.Event.Delete.class);
    }
  }
}
