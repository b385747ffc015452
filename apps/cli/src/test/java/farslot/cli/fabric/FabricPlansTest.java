package farslot.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.CommandRun;
import farslot.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * Profiles from files, applied and moved as a whole; capture, bundles and completion of a fabric.
 */
class FabricPlansTest extends FabricTestBase {
  private String file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text).toString();
  }

  private String web() throws IOException {
    return file(
        "web.yaml",
        """
        kind: Profile
        name: web
        server: server-a
        guest: vm1
        slots:
          - name: data
            function: rack1/disk0
          - name: net
            function: rack1/nic0
            identity: {mac: '52:54:00:aa:00:02'}
        """);
  }

  @Test
  void appliesAFileAndMovesTheProfile() throws Exception {
    CommandRun dry = run("apply", "-f", web(), "--dry-run");
    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("+name: web", "+++ ");
    assertThat(run("get", "profiles").err()).isEqualTo("farslot: there are no profiles\n");
    CommandRun applied = run("apply", "-f", web());
    assertThat(applied.status()).as(applied.err()).isZero();
    assertThat(run("profile", "list").out())
        .isEqualTo(
            """
            PROFILE  SERVER        STATE     SLOTS  TEMPLATE  ON SERVER DEATH
            web      server-a/vm1  attached      2  -         stay
            """);
    assertThat(run("list").out()).contains("52:54:00:aa:00:02");
    CommandRun again = run("apply", "-f", web());
    assertThat(again.err()).isEqualTo("farslot: all is as wished already\n");
    CommandRun no = on("ioe 24 80", "n\n", "profile", "move", "web", "vm2");
    assertThat(no.status()).isEqualTo(ExitCode.FAILED);
    assertThat(no.err()).contains("Go on? [y/N]", "nothing is changed");
    CommandRun moved = run("profile", "move", "web", "server-b/vm2");
    assertThat(moved.status()).as(moved.err()).isZero();
    assertThat(run("get", "profile", "web", "-o", "json").out())
        .contains("\"place\" : \"server-b/vm2\"");
    CommandRun detached = run("profile", "detach", "web", "--release");
    assertThat(detached.status()).as(detached.err()).isZero();
    assertThat(run("list", "--state", "free", "-o", "name").lines()).hasSize(3);
    assertThat(run("profile", "delete", "web").status()).isEqualTo(ExitCode.USAGE);
    assertThat(run("profile", "delete", "web", "-y").out()).isEqualTo("profile web: deleted\n");
  }

  @Test
  void refusesWhatIsWrongInAFile() throws Exception {
    CommandRun kind = run("apply", "-f", file("x.yaml", "kind: Porfile\nname: x\n"));
    assertThat(kind.status()).isEqualTo(ExitCode.USAGE);
    assertThat(kind.err()).contains("x.yaml: 'kind' should be one of");
    CommandRun yaml = run("apply", "-f", file("y.yaml", "a: [\n"));
    assertThat(yaml.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run("profile", "move", "nope").status()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("pool", "delete", "nope", "-y").status()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("apply", "-f", dir.toString()).status()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void completesWithLiveNames() {
    String manager = fabric.socket().toString();
    System.setProperty("farslot.manager", manager);
    try {
      assertThat(complete("attach", "rack1/d")).containsExactly("rack1/disk0", "rack1/disk1");
      assertThat(complete("attach", "disk0", "server-a"))
          .containsExactly("server-a", "server-a/vm1");
      assertThat(complete("describe", "server", "")).containsExactly("server-a", "server-b");
      assertThat(complete("ping", "")).containsExactly("server-a", "server-b", "rack1");
    } finally {
      System.clearProperty("farslot.manager");
    }
  }

  private static java.util.List<String> complete(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "__complete";
    all[1] = "--";
    System.arraycopy(words, 0, all, 2, words.length);
    return CommandRun.of(all).out().lines().map(each -> each.replaceAll("\t.*", "")).toList();
  }

  @Test
  void aBundleOfAFabric() {
    String file = dir.resolve("b.tar.gz").toString();
    CommandRun run = run("support-bundle", "--to", file);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("fabric/status.json", "fabric/functions.json", "fabric/events.json");
  }

  @Test
  void captureSaysWhereTheApplianceIs() {
    CommandRun run = run("capture", "disk0", "-w", "-");
    assertThat(run.status()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(run.err())
        .isEqualTo(
            """
            farslot: appliance rack1 cannot be asked from here
              why:  it has told of no control socket
              next: run it on the appliance's own machine, with --from
            """);
    assertThat(run("fault", "disk9", "drop").status()).isEqualTo(ExitCode.NOT_FOUND);
  }
}
