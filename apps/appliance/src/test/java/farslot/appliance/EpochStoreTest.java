package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochStoreTest {
  @TempDir Path dir;

  @Test
  void growsAndRemembers() throws IOException {
    try (EpochStore store = new EpochStore(dir.resolve("new/state"))) {
      assertThat(store.highest("disk0")).isZero();
      store.raise("disk0", 1);
      store.raise("disk1", 7);
      store.raise("disk0", 5);
      assertThatThrownBy(() -> store.raise("disk0", 5))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (EpochStore store = new EpochStore(dir.resolve("new/state"))) {
      assertThat(store.highest("disk0")).isEqualTo(5);
      assertThat(store.highest("disk1")).isEqualTo(7);
    }
  }

  @Test
  void manyRaisedAtATimeAreAllThereAfterwards() throws Exception {
    int count = 200;
    try (EpochStore store = new EpochStore(dir);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> raised = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String function = "disk" + i;
        raised.add(
            threads.submit(
                () -> {
                  store.raise(function, 3);
                  // What has been raised is on the disk, whoever wrote it.
                  return Files.readAllLines(dir.resolve("epochs")).stream()
                      .filter((function + " 3")::equals)
                      .count();
                }));
      }
      for (Future<Long> each : raised) {
        assertThat(each.get()).isEqualTo(1);
      }
    }
    try (EpochStore store = new EpochStore(dir)) {
      for (int i = 0; i < count; i++) {
        assertThat(store.highest("disk" + i)).isEqualTo(3);
      }
    }
  }

  @Test
  void belongsToOneAppliance() throws IOException {
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.highest("x")).isZero();
      assertThatThrownBy(() -> new EpochStore(dir)).hasMessageContaining("another appliance");
    }
    new EpochStore(dir).close();
  }

  @Test
  void startsOverFromNothingDamaged() throws IOException {
    Files.writeString(dir.resolve("epochs"), "disk0 3\ndisk1\n");
    assertThatThrownBy(() -> new EpochStore(dir)).hasMessageContaining("line 2 is damaged");
    Files.writeString(dir.resolve("epochs"), "disk0 3\n");
    Files.writeString(dir.resolve("epochs.new"), "torn");
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.highest("disk0")).isEqualTo(3);
      store.raise("disk0", 4);
    }
  }
}
