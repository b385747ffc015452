package farslot.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.CommandRun;
import farslot.cli.output.ExitCode;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Every exit status, and what is said with it: what, why, and what to do next. */
class FabricRefusalsTest extends FabricTestBase {
  private void refused(int status, String err, String... words) {
    CommandRun run = run(words);
    assertThat(run.err()).as(String.join(" ", words)).isEqualTo(err);
    assertThat(run.status()).as(String.join(" ", words)).isEqualTo(status);
    assertThat(run.out()).as(String.join(" ", words)).isEmpty();
  }

  @Test
  void saysWhichComesFirst() {
    for (String command : new String[] {"attach", "move"}) {
      refused(
          ExitCode.NOT_FOUND,
          """
          farslot: there is no function 'vm1'
            why:  it is one that functions are given to; the function comes first
            next: farslot %s disk0 vm1
          """
              .formatted(command),
          command,
          "vm1",
          "disk0");
    }
  }

  @Test
  void saysThatNothingIsAttached() {
    assertThat(run("lspci").err()).isEqualTo("farslot: nothing is attached\n");
  }

  @Test
  void wrongUse() {
    refused(
        ExitCode.USAGE,
        """
        farslot: there is no kind 'nonsense'
          why:  kinds are appliance, function, server, guest, assignment, profile, pool, template, \
        identities, event, member
          next: farslot get function
        """,
        "get",
        "nonsense");
    String[][] wrong = {
      {"attach"},
      {"attach", "disk0"},
      {"attach", "disk0", "vm1", "--class", "9"},
      {"attach", "disk0", "vm1", "--peak", "fast"},
      {"attach", "disk0", "vm1", "--timeout", "soon"},
      {"attach", "disk0", "vm1", "--sanitise", "scrub"},
      {"list", "-o", "xml"},
      {"events", "--limit", "0"},
      {"wait", "--for", "happy", "disk0"},
      {"wait", "--for", "here", "function", "disk0"},
      {"ping", "server-a", "-c", "0"},
      {"detach", "disk0", "--force"},
      {"get", "function", "disk0", "-w"},
      {"user", "set", "ann"},
      {"profile"},
      {"apply"},
      {"top", "--sort", "mood"},
    };
    run("attach", "disk0", "vm1");
    for (String[] each : wrong) {
      CommandRun run = run(each);
      assertThat(run.status()).as(String.join(" ", each) + run.err()).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).as(String.join(" ", each)).startsWith("farslot: ");
      assertThat(run.err()).doesNotContain("Exception");
    }
    assertThat(run("list", "--state", "attached", "-o", "name").lines())
        .containsExactly("rack1/disk0");
  }

  @Test
  void notThere() {
    refused(
        ExitCode.NOT_FOUND,
        "farslot: there is no function 'nope'\n  next: farslot list\n",
        "attach",
        "nope",
        "vm1");
    refused(
        ExitCode.NOT_FOUND,
        "farslot: there is no server or guest 'vm9'\n  next: farslot get server\n",
        "attach",
        "disk0",
        "vm9");
    refused(
        ExitCode.NOT_FOUND,
        "farslot: rack1/disk0 is attached to nobody\n"
            + "  next: farslot attach rack1/disk0 SERVER/GUEST\n",
        "detach",
        "disk0");
    refused(
        ExitCode.NOT_FOUND,
        "farslot: nothing is called 'nope'\n  next: farslot list\n",
        "describe",
        "nope");
    for (String kind : new String[] {"profile", "pool", "template", "server", "appliance"}) {
      assertThat(run("get", kind, "nope").status()).as(kind).isEqualTo(ExitCode.NOT_FOUND);
    }
    assertThat(run("lspci", "server-z/vm1").status()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("apply", "-f", "/nonexistent.yaml").status()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void somebodyElseHasIt() {
    run("attach", "disk0", "vm1");
    refused(
        ExitCode.CONFLICT,
        """
        farslot: rack1/disk0 cannot be attached to server-b/vm2
          why:  it is held by server-a/vm1
          next: farslot move rack1/disk0 server-b/vm2, or farslot detach rack1/disk0
        """,
        "attach",
        "disk0",
        "vm2");
  }

  @Test
  void aGuestThatDoesNotLetGo() {
    run("attach", "disk0", "vm1");
    fabric.serverA.letsGo(false);
    CommandRun run = run("detach", "disk0", "--let-go", "200ms");
    assertThat(run.status()).as(run.err()).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(run.err()).contains("rack1/disk0 is not detached", "server-a/vm1", "next: ");
    assertThat(run("list", "--state", "attached", "-o", "name").lines())
        .containsExactly("rack1/disk0");
    CommandRun forced = run("detach", "disk0", "--force", "-y");
    assertThat(forced.status()).as(forced.err()).isZero();
  }

  @Test
  void aPersonIsAskedBeforeAGuestIsNot() {
    run("attach", "disk0", "vm1");
    CommandRun no = on("ioe 24 80", "n\n", "detach", "disk0", "--force");
    assertThat(no.err())
        .contains("rack1/disk0 is pulled from server-a/vm1 without asking. Go on? [y/N] ")
        .contains("farslot: nothing is changed");
    assertThat(no.status()).isEqualTo(ExitCode.FAILED);
    assertThat(on("ioe 24 80", "", "detach", "disk0", "--force").status())
        .isEqualTo(ExitCode.FAILED);
    assertThat(on("ioe 24 80", "y\n", "detach", "disk0", "--force").status()).isZero();
  }

  @Test
  void nobodyThere() throws Exception {
    CommandRun run =
        CommandRun.of("list", "--manager", dir.resolve("none/control.sock").toString());
    assertThat(run.status()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(run.err())
        .isEqualTo(
            "farslot: the manager at %s cannot be reached\n"
                    .formatted(dir.resolve("none/control.sock"))
                + "  why:  there is no such socket\n"
                + "  next: farslot up, or name another by --manager or FARSLOT_MANAGER\n");
    CommandRun words = CommandRun.of("list", "--manager", "what is that?");
    assertThat(words.status()).isEqualTo(ExitCode.USAGE);
    String file = Files.writeString(dir.resolve("x.yaml"), "name: x\n").toString();
    assertThat(CommandRun.of("list", "--manager", file).err())
        .isEqualTo(
            "farslot: %s names no manager\n".formatted(file)
                + "  why:  it has none of the keys 'manager', 'state-dir' and 'run-dir'\n"
                + "  next: give a configuration of farslot up, or of a client\n");
    String up = Files.writeString(dir.resolve("up.yaml"), "state-dir: run\n").toString();
    assertThat(CommandRun.of("list", "--manager", up).status()).isZero();
    assertThat(CommandRun.of("list", "--manager", dir.resolve("run").toString()).status()).isZero();
  }

  @Test
  void itTakesTooLong() {
    refused(
        ExitCode.TIMED_OUT,
        """
        farslot: disk0 is not attached after 20ms
          why:  it is free
          next: farslot describe disk0
        """,
        "wait",
        "--for",
        "attached",
        "disk0",
        "--timeout",
        "20ms");
    fabric.serverA.attaches(false);
    CommandRun late = run("attach", "disk0", "vm1", "--timeout", "300ms");
    assertThat(late.status()).as(late.err()).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(late.err()).contains("rack1/disk0 is not attached yet", "next: it goes on");
    fabric.serverA.attaches(true);
    assertThat(run("wait", "--for", "bound", "disk0").out()).isEqualTo("rack1/disk0: bound\n");
  }
}
