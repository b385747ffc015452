package farslot.cli.fabric;

import farslot.cli.CommandRun;
import farslot.manager.profiles.Profiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fabric, and commands that ask it. */
@Timeout(300)
abstract class FabricTestBase {
  @TempDir Path dir;
  TestFabric fabric;

  @BeforeEach
  void open() throws Exception {
    fabric = new TestFabric(dir, List.of(new Profiles()));
  }

  @AfterEach
  void close() throws Exception {
    fabric.close();
  }

  /** In front of no terminal. */
  CommandRun run(String... words) {
    return on("-", "", words);
  }

  CommandRun on(String terminal, String typed, String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--manager";
    all[words.length + 1] = fabric.socket().toString();
    return CommandRun.on(terminal, typed, all);
  }

  /** Without what differs each time: how long it took, when it happened, where the test is. */
  String told(CommandRun run) {
    return run.out()
        .replace(fabric.socket().toString(), "SOCKET")
        .replaceAll("in [0-9.]+ (us|ms|s)\\n", "in TIME\n")
        .replaceAll("up [0-9]+s", "up TIME")
        .replaceAll("revision [0-9]+", "revision N")
        .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}", "YYYY-MM-DD hh:mm:ss");
  }
}
