package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
