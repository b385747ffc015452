package farslot.initiator.qmp;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The end of a control socket that QEMU has; answers what the test says. */
final class FakeQemu implements AutoCloseable {
  static final String GREETING =
      "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":2,\"minor\":1,\"major\":11},\"package\":\"\"},"
          + "\"capabilities\":[\"oob\"]}}";

  private static final JsonMapper JSON = JsonMapper.shared();

  final Path path;
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final ServerSocketChannel server;
  private final Thread thread;
  private volatile SocketChannel client;
  private volatile String greeting = GREETING;
  private volatile Function<JsonNode, String> answers;

  /** Answers each command with {@code {}}. */
  FakeQemu(Path path) throws IOException {
    this.path = path;
    answers = command -> "{}";
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    thread = Thread.ofVirtual().start(this::serve);
  }

  /** What it says first; "" for nothing. */
  void greeting(String line) {
    greeting = line;
  }

  /** What is returned to a command: JSON, or null for no answer, or {@code !CLASS text}. */
  void answers(Function<JsonNode, String> answer) {
    answers = answer;
  }

  /** Says something by itself. */
  void say(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    SocketChannel to = client;
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  void event(String name, String data) throws IOException {
    say("{\"timestamp\":{},\"event\":\"" + name + "\",\"data\":" + data + "}");
  }

  /** The QEMU ends, and another one comes. */
  void hangUp() throws IOException {
    client.close();
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel accepted = server.accept()) {
        client = accepted;
        if (!greeting.isEmpty()) {
          say(greeting);
        }
        Lines lines = new Lines(accepted, 1 << 20);
        while (true) {
          answer(JSON.readTree(lines.next()));
        }
      } catch (IOException | RuntimeException e) {
        // The next one.
      }
    }
  }

  private void answer(JsonNode command) throws IOException {
    String name = command.path("execute").asString("");
    asked.add(name);
    String id = command.path("id").toString();
    String result = name.equals("qmp_capabilities") ? "{}" : answers.apply(command);
    if (result == null) {
      return;
    }
    if (result.startsWith("!")) {
      String[] words = result.substring(1).split(" ", 2);
      say(
          "{\"id\":%s,\"error\":{\"class\":\"%s\",\"desc\":\"%s\"}}"
              .formatted(id, words[0], words[1]));
    } else {
      say("{\"return\":" + result + ",\"id\":" + id + "}");
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    SocketChannel last = client;
    if (last != null) {
      last.close();
    }
    Files.deleteIfExists(path);
  }
}
