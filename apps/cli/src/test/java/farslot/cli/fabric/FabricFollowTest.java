package farslot.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.CommandRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Commands that go on: what they print first, what follows, and that they end with their reader.
 */
class FabricFollowTest extends FabricTestBase {
  /** Reads until it has seen enough, then is gone, as head and grep -q are. */
  private static final class Reader extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final Predicate<String> enough;

    Reader(Predicate<String> enough) {
      this.enough = enough;
    }

    @Override
    public synchronized void write(int value) {
      read.write(value);
    }

    @Override
    public synchronized void flush() throws IOException {
      if (enough.test(text())) {
        throw new IOException("the reader has gone");
      }
    }

    synchronized String text() {
      return read.toString(StandardCharsets.UTF_8);
    }
  }

  private String follow(String first, Predicate<String> enough, String... words) throws Exception {
    Reader reader = new Reader(enough);
    CompletableFuture<Void> attached =
        CompletableFuture.runAsync(
            () -> {
              try (ApiClient client = fabric.client()) {
                TestFabric.await(() -> reader.text().contains(first));
                client.post(
                    "/api/v1/functions/rack1/disk0/attach",
                    Map.of(),
                    Json.object().put("server", "server-a").put("guest", "vm1"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--manager";
    all[words.length + 1] = fabric.socket().toString();
    CommandRun run = CommandRun.into(new PrintStream(reader, true, StandardCharsets.UTF_8), all);
    attached.get();
    assertThat(run.status()).as(run.err()).isZero();
    return reader.text();
  }

  @Test
  void aListGoesOnWithWhatChanges() throws Exception {
    String text =
        follow("rack1/nic0", seen -> seen.contains("attached  server-a/vm1"), "list", "--watch");
    assertThat(text)
        .startsWith("FUNCTION     CARD ")
        .containsOnlyOnce("FUNCTION")
        .containsOnlyOnce("rack1/disk1")
        .contains("rack1/disk0  nvme      1b36:0010    10 GiB  FS-disk0           free ");
  }

  @Test
  void forProgramsEachChangeIsALineOfItsOwn() throws Exception {
    String text =
        follow(
            "rack1/nic0",
            seen -> seen.contains("\"phase\":\"attached\""),
            "watch",
            "function",
            "-o",
            "json");
    assertThat(text.lines()).allSatisfy(line -> assertThat(Json.parse(line).isObject()).isTrue());
  }

  @Test
  void eventsGoOn() throws Exception {
    String text =
        follow(
            "initiator server-b is here",
            seen -> seen.contains("attached by server-a/vm1"),
            "events",
            "-w");
    assertThat(text)
        .containsOnlyOnce("SUBJECT")
        .containsSubsequence("assigned", "granted", "attached");
  }
}
