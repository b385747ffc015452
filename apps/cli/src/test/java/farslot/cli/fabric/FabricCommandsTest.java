package farslot.cli.fabric;

import farslot.cli.CommandRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a manager, as people and programs see them. */
@Timeout(180)
class FabricCommandsTest {
  @TempDir Path dir;
  private TestFabric fabric;

  @BeforeEach
  void open() throws Exception {
    fabric = new TestFabric(dir, List.of());
  }

  @AfterEach
  void close() throws Exception {
    fabric.close();
  }

  private CommandRun run(String... words) {
    return on("-", words);
  }

  private CommandRun on(String terminal, String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--manager";
    all[words.length + 1] = fabric.socket().toString();
    return CommandRun.on(terminal, "", all);
  }

  @Test
  void print() {
    for (String[] each :
        new String[][] {
          {"list"},
          {"list", "-t"},
          {"get", "servers"},
          {"get", "appliance"},
          {"get", "guest"},
          {"attach", "disk0", "vm1"},
          {"attach", "disk1", "server-b"},
          {"attach", "nic0", "vm1", "--mac", "52:54:00:aa:00:01", "--peak", "250MB", "--dry-run"},
          {"attach", "nic0", "vm1", "--mac", "52:54:00:aa:00:01", "--peak", "250MB"},
          {"list"},
          {"list", "-o", "wide"},
          {"list", "-t"},
          {"port"},
          {"lspci"},
          {"lspci", "vm1", "-nnv"},
          {"lspci", "vm1", "-t"},
          {"lspci", "vm1", "-tv"},
          {"ping", "server-a"},
          {"top"},
          {"status"},
          {"describe", "disk0"},
          {"describe", "rack1"},
          {"events"},
          {"move", "disk0", "vm2"},
          {"detach", "disk0", "--dry-run"},
          {"detach", "disk0"},
          {"detach", "disk0"},
          {"attach", "nic0", "vm2"},
          {"attach", "nope", "vm2"},
          {"get", "nonsense"},
          {"get", "assignment", "-o", "yaml"},
          {"list", "-o", "name"},
        }) {
      CommandRun run = run(each);
      System.out.println(
          "$ farslot "
              + String.join(" ", each)
              + "\n"
              + run.out()
              + run.err()
              + "# "
              + run.status());
    }
    System.out.println(on("ioe 30 60", "list").out());
    System.out.println(on("ioe 30 100", "status").out());
  }
}
