package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.ExitCode;
import farslot.control.ControlClient;
import farslot.control.ControlException;
import farslot.fabric.LocalFunction;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults by command, on a card that is lent over TCP. */
@Timeout(300)
class FaultsTest {
  private static final long SECONDS = 120;
  private static final int BAR = 0;
  private static final int ID = 0x4843_5253;
  private static final int SCRATCH = 0x10;
  private static final int ONES = -1;

  @TempDir Path dir;
  private Appliance appliance;
  private SoftwareServer server;

  @BeforeEach
  void lend() throws Exception {
    appliance =
        new Appliance(
            ApplianceConfig.of(
                "test",
                Map.of(
                    "listen",
                    "127.0.0.1:0",
                    "state-dir",
                    state().toString(),
                    "slots",
                    List.of(Map.of("name", "scratch0", "card", "scratch")))));
    appliance.start();
    Files.createDirectories(dir.resolve("run"));
    server =
        new SoftwareServer(
            InitiatorConfig.of(
                "test",
                Map.of(
                    "name",
                    "server-a",
                    "appliance",
                    "127.0.0.1:" + appliance.port(),
                    "run-dir",
                    dir.resolve("run").toString(),
                    "functions",
                    List.of("scratch0"))),
            1 << 20);
    server.boot(SECONDS);
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    appliance.close();
  }

  private Path state() {
    return dir.resolve("state");
  }

  private int fault(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "fault";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--from";
    all[words.length + 2] = state().toString();
    return Main.run(all);
  }

  private String said(String... words) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(words)).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void refused(String why, Map<String, ?> request) {
    assertThatThrownBy(() -> ask(state(), request))
        .isInstanceOf(ControlException.class)
        .hasMessageContaining(why);
  }

  private static Map<?, ?> ask(Path where, Map<String, ?> request) throws IOException {
    try (ControlClient client = new ControlClient(where.resolve(ControlClient.SOCKET))) {
      return client.ask(request);
    }
  }

  private int read(long offset) throws Exception {
    LocalFunction function = server.initiator().ports().getFirst();
    return server.<Integer>ask(
        SECONDS,
        end ->
            function.read(
                BAR,
                offset,
                4,
                (cookie, from, at, bytes) ->
                    end.complete(from.get(ValueLayout.JAVA_INT_UNALIGNED, at)),
                0));
  }

  private void write(long offset, int value) throws Exception {
    LocalFunction function = server.initiator().ports().getFirst();
    MemorySegment data = Arena.ofAuto().allocate(4);
    data.set(ValueLayout.JAVA_INT, 0, value);
    server.<Boolean>ask(
        SECONDS, end -> function.write(BAR, offset, data, 0, 4, cookie -> end.complete(true), 0));
  }

  private void await(long offset, int value) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (read(offset) != value) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Test
  void setListedAndCleared() throws Exception {
    write(SCRATCH, 5);
    assertThat(read(SCRATCH)).isEqualTo(5);
    assertThat(fault("scratch0", "ur", "--offset", "0x10..0x13")).isZero();
    await(SCRATCH, ONES);
    assertThat(read(0)).isEqualTo(ID);
    String list = said("fault", "list", "--from", state().toString());
    assertThat(list)
        .containsPattern("scratch0 +1 +active +[1-9][0-9]* +ur on read, offset 0x10..0x13");
    assertThat(said("status", "--from", state().toString()))
        .contains("STRUCK")
        .contains("ur on read");
    assertThat(said("fault", "clear", "--from", state().toString(), "scratch0"))
        .isEqualTo("1 cleared\n");
    assertThat(read(SCRATCH)).isEqualTo(5);
    assertThat(said("status", "--from", state().toString())).doesNotContain("STRUCK");
  }

  @Test
  void aWriteThatIsLostIsLostOnce() throws Exception {
    assertThat(fault("scratch0", "drop", "--on", "write", "--bar", "0", "--count", "1")).isZero();
    write(SCRATCH, 6);
    assertThat(read(SCRATCH)).isZero();
    write(SCRATCH, 7);
    assertThat(read(SCRATCH)).isEqualTo(7);
  }

  @Test
  void whatIsMalformedNeverReachesTheServer() throws Exception {
    assertThat(fault("scratch0", "wrong-length", "--count", "1")).isZero();
    await(0x18, ONES); // Ticket: never from a copy; answered when its time is up.
    write(SCRATCH, 8);
    assertThat(read(SCRATCH)).isEqualTo(8);
    assertThat(ask(dir.resolve("run"), Map.of("command", "status")).toString())
        .containsIgnoringCase("malformed");
  }

  @Test
  void theLinkGoesDownAndComesBack() throws Exception {
    write(SCRATCH, 9);
    assertThat(fault("scratch0", "link-down", "--for", "300ms")).isZero();
    await(0, ONES);
    await(0, ID);
    assertThat(read(SCRATCH)).isZero(); // Reset, as by any other removal.
    assertThat(fault("scratch0", "remove")).isZero();
    await(0, ONES);
    assertThat(ask(state(), Map.of("command", "status")).toString())
        .contains("state=absent")
        .contains("cause=fault 2: remove");
    assertThat(fault("clear", "scratch0", "--id", "2")).isZero();
    await(0, ID);
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    assertThat(fault("scratch0")).isEqualTo(ExitCode.USAGE);
    assertThat(fault("scratch0", "explode")).isNotZero();
    assertThat(fault("scratch0", "ur", "--bar", "9")).isNotZero();
    refused(
        "no function 'disk7' here; there are [scratch0]",
        Map.of(
            "command",
            "fault",
            "action",
            "set",
            "function",
            "disk7",
            "fault",
            Map.of("kind", "ur")));
    refused(
        "'kind' is missing",
        Map.of("command", "fault", "action", "set", "function", "scratch0", "fault", Map.of()));
    refused("list, set or clear", Map.of("command", "fault", "action", "mend"));
    refused(
        "has no fault 12",
        Map.of("command", "fault", "action", "clear", "function", "scratch0", "id", 12));
    refused("say which function", Map.of("command", "fault", "action", "clear", "id", 1));
    assertThatThrownBy(() -> ask(dir.resolve("run"), Map.of("command", "fault", "action", "list")))
        .hasMessageContaining("ask the appliance, this is an initiator");
  }
}
