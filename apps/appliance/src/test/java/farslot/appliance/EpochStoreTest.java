package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      assertThat(store.highest("disk0")).isEqualTo(5 + EpochStore.RESERVE);
      assertThat(store.highest("disk1")).isEqualTo(7 + EpochStore.RESERVE);
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
                      .filter((function + " " + (3 + EpochStore.RESERVE))::equals)
                      .count();
                }));
      }
      for (Future<Long> each : raised) {
        assertThat(each.get()).isEqualTo(1);
      }
    }
    try (EpochStore store = new EpochStore(dir)) {
      for (int i = 0; i < count; i++) {
        assertThat(store.highest("disk" + i)).isEqualTo(3 + EpochStore.RESERVE);
      }
    }
  }

  @Test
  void whatIsReservedNeedsNoDiskAndIsNeverGivenOutAgain() throws IOException {
    long reached = 1 + EpochStore.RESERVE;
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.raisedAtOnce("disk0", 1)).isFalse();
      store.raise("disk0", 1);
      for (long epoch = 2; epoch <= reached; epoch++) {
        assertThat(store.raisedAtOnce("disk0", epoch)).isTrue();
        assertThat(store.highest("disk0")).isEqualTo(epoch);
      }
      assertThat(store.raisedAtOnce("disk0", reached + 1)).isFalse();
      assertThat(store.highest("disk0")).isEqualTo(reached);
      assertThatThrownBy(() -> store.raisedAtOnce("disk0", reached))
          .isInstanceOf(IllegalArgumentException.class);
    }
    // As after SIGKILL: nothing more was written when it was closed.
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.highest("disk0")).isGreaterThanOrEqualTo(reached);
      store.reserve(List.of("disk0", "disk1"));
      assertThat(store.raisedAtOnce("disk1", 1)).isTrue();
      assertThat(store.raisedAtOnce("disk0", reached + EpochStore.RESERVE)).isTrue();
    }
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.highest("disk1")).isEqualTo(EpochStore.RESERVE);
      assertThat(store.highest("disk0")).isEqualTo(reached + EpochStore.RESERVE);
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

  @Test
  void whatIsShutIsNeverGivenOutAndIsOnTheDisk() throws IOException {
    try (EpochStore store = new EpochStore(dir)) {
      store.reserve(List.of("disk0"));
      store.shut(Map.of("disk0", 10L, "disk1", 0L));
      assertThat(store.highest("disk0")).isEqualTo(10);
      assertThatThrownBy(() -> store.raisedAtOnce("disk0", 10))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.raisedAtOnce("disk0", 11)).isTrue();
      store.shut(Map.of("disk0", 5L));
      assertThat(store.highest("disk0")).as("never back").isEqualTo(11);
      store.shut(Map.of("disk0", 1000L));
      assertThat(Files.readString(dir.resolve("epochs")))
          .contains("disk0 " + (1000 + EpochStore.RESERVE));
    }
    try (EpochStore store = new EpochStore(dir)) {
      assertThat(store.highest("disk0")).isGreaterThanOrEqualTo(1000);
    }
  }
}
