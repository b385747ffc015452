package farslot.initiator.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class QmpClientTest implements QmpClient.Listener {
  @TempDir Path dir;
  private FakeQemu qemu;
  private QmpClient client;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void begin() throws IOException {
    qemu = new FakeQemu(dir.resolve("qmp"));
    client = new QmpClient(qemu.path, this, 300);
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    qemu.close();
  }

  @Override
  public void onUp(String version) {
    heard.add("up " + version);
  }

  @Override
  public void onDown(String cause) {
    heard.add("down " + cause);
  }

  @Override
  public void onEvent(String name, JsonNode data) {
    heard.add(name + " " + data.path("device").asString(""));
  }

  private String next() throws InterruptedException {
    String next = heard.poll(120, TimeUnit.SECONDS);
    assertThat(next).as("nothing was told").isNotNull();
    return next;
  }

  private void up() throws InterruptedException {
    client.start();
    assertThat(next()).isEqualTo("up 11.1.2");
  }

  @Test
  void asksAnswersAndHearsOfEvents() throws Exception {
    up();
    qemu.answers(
        command -> {
          try {
            qemu.event("DEVICE_DELETED", "{\"device\":\"x\"}");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return "[" + command.path("arguments").path("n") + "]";
        });
    assertThat(client.call("count", Map.of("n", 7)).toString()).isEqualTo("[7]");
    assertThat(next()).isEqualTo("DEVICE_DELETED x");
    assertThat(qemu.asked).containsExactly("qmp_capabilities", "count");
  }

  @Test
  void aRefusalIsToldWithItsKind() throws Exception {
    up();
    qemu.answers(command -> "!DeviceNotFound Device 'x' not found");
    assertThatThrownBy(() -> client.call("device_del", Map.of("id", "x")))
        .isInstanceOf(QmpException.class)
        .hasMessage("device_del: Device 'x' not found")
        .extracting(e -> ((QmpException) e).kind())
        .isEqualTo("DeviceNotFound");
  }

  @Test
  void answersGoToTheirQuestions() throws Exception {
    up();
    qemu.answers(command -> null);
    CompletableFuture<JsonNode> first = CompletableFuture.supplyAsync(() -> ask("one"));
    await(2);
    CompletableFuture<JsonNode> second = CompletableFuture.supplyAsync(() -> ask("two"));
    await(3);
    qemu.say("{\"return\":2,\"id\":2}");
    qemu.say("{\"return\":99,\"id\":99}");
    qemu.say("{\"return\":1,\"id\":1}");
    assertThat(second.get(120, TimeUnit.SECONDS).asInt()).isEqualTo(2);
    assertThat(first.get(120, TimeUnit.SECONDS).asInt()).isEqualTo(1);
  }

  private void await(int asked) throws InterruptedException {
    while (qemu.asked.size() < asked) {
      Thread.sleep(1);
    }
  }

  private JsonNode ask(String what) {
    try {
      return client.call(what, Map.of());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aQemuThatEndsFailsItsQuestionsAndTheNextIsFound() throws Exception {
    up();
    qemu.answers(command -> null);
    CompletableFuture<JsonNode> asked = CompletableFuture.supplyAsync(() -> ask("query-status"));
    await(2);
    qemu.hangUp();
    assertThatThrownBy(() -> asked.get(120, TimeUnit.SECONDS)).hasMessageContaining("query-status");
    assertThat(next()).startsWith("down ");
    assertThat(next()).isEqualTo("up 11.1.2");
    qemu.answers(command -> "true");
    assertThat(client.call("query-status", Map.of()).asBoolean()).isTrue();
  }

  @Test
  void whoIsNotThereIsToldOnceAndFoundLater() throws Exception {
    Path path = qemu.path;
    qemu.close();
    client.start();
    assertThat(next()).startsWith("down ");
    assertThatThrownBy(() -> client.call("stop", Map.of())).hasMessageContaining("not there");
    assertThat(heard.poll(500, TimeUnit.MILLISECONDS)).as("not again and again").isNull();
    qemu = new FakeQemu(path);
    assertThat(next()).isEqualTo("up 11.1.2");
  }

  @Test
  void aSocketThatIsInUseSaysSo() throws Exception {
    qemu.greeting("");
    client.start();
    assertThat(next()).startsWith("down no greeting from ").contains("of its own");
  }

  @Test
  void nonsenseEndsTheConnectionAndNothingElse() throws Exception {
    up();
    String[] nonsense = {"{", "]", "{\"event\":", "\u0000\u0001", "x".repeat(5 << 20)};
    for (String line : nonsense) {
      try {
        qemu.say(line);
      } catch (IOException e) {
        // Hung up before it was through.
      }
      assertThat(next()).startsWith("down ");
      assertThat(next()).isEqualTo("up 11.1.2");
    }
    for (String line : new String[] {"{}", "7", "[1]", "{\"id\":\"x\"}", "{\"event\":7}"}) {
      qemu.say(line);
    }
    qemu.answers(command -> "1");
    assertThat(client.call("still", Map.of()).asInt()).isEqualTo(1);
  }

  @Test
  void whatGreetsOtherwiseIsNoQemu() throws Exception {
    qemu.greeting("{\"hello\":1}");
    client.start();
    assertThat(next()).contains("is no QMP socket");
  }
}
