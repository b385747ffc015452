package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.info;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is not wanted any more, while a hypervisor that uses it would not survive its end.
 */
@Timeout(120)
class RetireTest {
  @TempDir Path dir;

  @Test
  void itsClientIsServedToTheEndAndAnotherServerTakesThePlace() throws Exception {
    List<Boolean> told = new CopyOnWriteArrayList<>();
    try (Served served = new Served(dir.resolve("f.sock"))) {
      served.run(() -> served.server.clients(told::add));
      try (TestClient client = served.connect()) {
        assertThat(client.call(4, info()).payload()).hasSize(16);
        assertThat(told).containsExactly(true);
        served.run(served.server::retire);
        assertThat(Files.exists(served.path)).isFalse();
        assertThat(client.call(9, access(0, 7, 64)).payload()).hasSize(16 + 64);
        try (Served next = new Served(dir.resolve("f.sock"));
            TestClient another = next.connect()) {
          assertThat(another.call(4, info()).payload()).hasSize(16);
          assertThat(client.call(9, access(0, 7, 64)).payload()).hasSize(16 + 64);
          served.run(served.server::close); // Its end leaves the next one's socket alone.
          assertThat(Files.exists(next.path)).isTrue();
        }
      }
      while (served.on(served.server::hasClient)) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(told).containsExactly(true);
    }
  }

  @Test
  void withoutAClientItIsOver() throws Exception {
    try (Served served = new Served(dir.resolve("f.sock"))) {
      served.run(served.server::retire);
      assertThat(Files.exists(served.path)).isFalse();
      served.run(served.server::retire);
    }
  }
}
