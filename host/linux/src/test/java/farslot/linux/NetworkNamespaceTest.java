package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
  @Test
  void aThreadAndThoseThatItStartsAreThere() throws Exception {
    Process holder = holder();
    try {
      String path = "/proc/" + holder.pid() + "/ns/net";
      List<String> here = interfaces();
      FutureTask<List<String>> there =
          new FutureTask<>(
              () -> {
                NetworkNamespace.enter(path);
                FutureTask<List<String>> child = new FutureTask<>(NetworkNamespaceTest::interfaces);
                Thread.ofPlatform().start(child).join();
                assertThat(interfaces()).isEqualTo(child.get());
                return child.get();
              });
      Thread.ofPlatform().start(there).join();
      assertThat(there.get()).containsExactly("lo");
      assertThat(interfaces()).as("of a thread that stayed").isEqualTo(here);
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  /** A process in a network namespace of its own, known by having said so. */
  private static Process holder() throws Exception {
    Process holder =
        new ProcessBuilder("unshare", "--net", "sh", "-c", "echo there; exec sleep 60")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = holder.inputReader().readLine();
    if (!"there".equals(said)) {
      holder.destroyForcibly();
      Assumptions.assumeTrue(
          System.getenv("FARSLOT_NO_SKIP") != null, "no network namespaces here: are you root?");
    }
    return holder;
  }

  private static List<String> interfaces() throws Exception {
    return Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
        .skip(2)
        .map(line -> line.strip().replaceAll(":.*", ""))
        .toList();
  }

  @Test
  void whatIsNoNamespaceIsRefused() {
    assertThatThrownBy(() -> NetworkNamespace.enter("/proc/none/ns/net"))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("/proc/none/ns/net");
    assertThatThrownBy(() -> NetworkNamespace.enter("/proc/self/status"))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("setns");
  }

  @Test
  void aVirtualThreadStaysWhereItIs() throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              NetworkNamespace.enter("/proc/self/ns/net");
              return null;
            });
    Thread.ofVirtual().start(task).join();
    assertThatThrownBy(task::get).hasRootCauseInstanceOf(IllegalStateException.class);
  }
}
