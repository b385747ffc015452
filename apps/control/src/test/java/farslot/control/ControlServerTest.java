package farslot.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ControlServerTest {
  @TempDir Path dir;

  private static final ControlCommand ECHO =
      (arguments, reply) -> {
        String say = arguments.string("say");
        arguments.finish();
        reply.accept(Map.of("said", say));
      };

  private Path socket() {
    return dir.resolve("control.sock");
  }

  private Map<?, ?> ask(Map<String, ?> request) throws IOException {
    try (ControlClient client = new ControlClient(socket())) {
      return client.ask(request);
    }
  }

  @Test
  void answersByName() throws IOException {
    try (ControlServer _ = new ControlServer(socket(), Map.of("echo", ECHO))) {
      assertThat(ask(Map.of("command", "echo", "say", "é\n\"")).get("said")).isEqualTo("é\n\"");
      assertThatThrownBy(() -> ask(Map.of("command", "ehco")))
          .isInstanceOf(ControlException.class)
          .hasMessage("no command 'ehco' here; there are [echo]");
      assertThatThrownBy(() -> ask(Map.of("command", "echo")))
          .isInstanceOf(ControlException.class)
          .hasMessageContaining("say");
      assertThatThrownBy(() -> ask(Map.of("command", "echo", "say", "x", "loud", true)))
          .hasMessageContaining("loud");
    }
    assertThat(socket()).doesNotExist();
  }

  @Test
  void nonsenseIsAnsweredAndSurvived() throws Exception {
    try (ControlServer _ = new ControlServer(socket(), Map.of("echo", ECHO))) {
      for (String line : List.of("hello", "[1]", "{", "null", "\u0000")) {
        assertThat(raw(line + "\n")).contains("error");
      }
      assertThat(raw("{".repeat((4 << 20) + 1))).contains("error");
      for (int i = 0; i < 100; i++) {
        SocketChannel.open(UnixDomainSocketAddress.of(socket())).close();
      }
      awaitServed();
    }
  }

  /** A place is free a moment after its connection's end was seen. */
  private void awaitServed() throws InterruptedException {
    while (true) {
      try {
        assertThat(ask(Map.of("command", "echo", "say", "x")).get("said")).isEqualTo("x");
        return;
      } catch (IOException e) {
        Thread.sleep(1);
      }
    }
  }

  private String raw(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ByteBuffer answer = ByteBuffer.allocate(4096);
      while (channel.read(answer) > 0) {
        // To the end.
      }
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "error: " + e; // Closed while we still wrote.
    }
  }

  @Test
  void whoAsksCanEndAStream() throws IOException {
    ControlCommand count =
        (arguments, reply) -> {
          OutputStream out = reply.accept(Map.of());
          while (!reply.stopped()) {
            out.write(1);
            out.flush();
            Thread.sleep(1);
          }
          out.write(2);
          out.flush();
        };
    try (ControlServer _ = new ControlServer(socket(), Map.of("count", count));
        ControlClient client = new ControlClient(socket())) {
      client.ask(Map.of("command", "count"));
      assertThat(client.stream().read()).isEqualTo(1);
      client.finish();
      byte[] rest = client.stream().readAllBytes();
      assertThat(rest[rest.length - 1]).isEqualTo((byte) 2);
    }
  }

  @Test
  void connectionsAreBoundedAndGivenBack() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    ControlCommand wait =
        (arguments, reply) -> {
          reply.accept(Map.of());
          release.await();
        };
    try (ControlServer _ = new ControlServer(socket(), Map.of("wait", wait, "echo", ECHO))) {
      List<ControlClient> clients = new ArrayList<>();
      for (int i = 0; i < ControlServer.CONNECTIONS_MAX; i++) {
        clients.add(new ControlClient(socket()));
        clients.getLast().ask(Map.of("command", "wait"));
      }
      assertThatThrownBy(() -> ask(Map.of("command", "echo", "say", "x")))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ControlException.class);
      release.countDown();
      for (ControlClient client : clients) {
        assertThat(client.stream().read()).isEqualTo(-1);
        client.close();
      }
      awaitServed();
    }
  }

  @Test
  void onlyOneProcessServes() throws IOException {
    try (ControlServer _ = new ControlServer(socket(), Map.of("echo", ECHO))) {
      assertThatThrownBy(() -> new ControlServer(socket(), Map.of()))
          .isInstanceOf(BindException.class);
      assertThat(ask(Map.of("command", "echo", "say", "x")).get("said")).isEqualTo("x");
    }
    // What a process that was killed left behind does not matter.
    Files.createFile(socket());
    try (ControlServer _ = new ControlServer(socket(), Map.of("echo", ECHO))) {
      assertThat(ask(Map.of("command", "echo", "say", "x")).get("said")).isEqualTo("x");
    }
  }
}
