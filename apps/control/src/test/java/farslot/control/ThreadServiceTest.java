package farslot.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What threads do, told to whoever owns the process. */
@Timeout(300)
class ThreadServiceTest {
  @TempDir Path dir;

  @Test
  void tellsOfEachThreadWhatItDoes() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread waits = Thread.ofPlatform().name("waits for the end").start(() -> await(end));
    Path socket = dir.resolve("control.sock");
    try (ControlServer server = new ControlServer(socket, Map.of("threads", new ThreadService()));
        ControlClient client = new ControlClient(socket)) {
      assertThat(server).isNotNull();
      assertThat((List<?>) client.ask(Map.of("command", "threads")).get("threads"))
          .anySatisfy(
              each ->
                  assertThat(String.valueOf(each)).contains("waits for the end", "CountDownLatch"));
      try (ControlClient other = new ControlClient(socket)) {
        assertThatThrownBy(() -> other.ask(Map.of("command", "threads", "depth", 3)))
            .isInstanceOf(ControlException.class)
            .hasMessageContaining("depth");
      }
    } finally {
      end.countDown();
      waits.join();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
