package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.output.ExitCode;
import farslot.cli.output.Near;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What somebody hears who types by the habits of other programs, or not quite what was meant. */
class UsageTest {
  private static CommandRun wrong(String... words) {
    CommandRun run = CommandRun.of(words);
    assertThat(run.status()).as(String.join(" ", words)).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).as(String.join(" ", words)).isEmpty();
    return run;
  }

  @Test
  void helpIsFoundWhicheverWayItIsAskedFor() {
    String attach = CommandRun.of("attach", "--help").out();
    assertThat(attach).startsWith("Usage: farslot attach ");
    assertThat(CommandRun.of("help", "attach").out()).isEqualTo(attach);
    assertThat(CommandRun.of("help", "ca", "token").out()).startsWith("Usage: farslot ca token ");
    assertThat(CommandRun.of("help").out()).isEqualTo(CommandRun.of("--help").out());
    assertThat(CommandRun.of("help", "demo").out()).contains("--without-qemu");
    assertThat(wrong("help", "nonsense").err())
        .isEqualTo("farslot: there is no command 'nonsense'\n  next: farslot help --help\n");
  }

  @Test
  void nothingAtAllIsAnsweredByAllCommands() {
    assertThat(wrong().err()).isEqualTo(CommandRun.of("--help").out());
  }

  @Test
  void versionIsAnOptionToo() {
    String version = CommandRun.of("version").out();
    assertThat(CommandRun.of("--version").out()).isEqualTo(version);
    assertThat(CommandRun.of("-V").out()).isEqualTo(version);
  }

  @Test
  void saysWhatWasMeant() {
    Map.of(
            "lsit", "list",
            "ls", "list",
            "atach", "attach",
            "detahc", "detach",
            "desc", "describe",
            "completions", "completion",
            "logs", "events",
            "unplug", "detach")
        .forEach(
            (typed, meant) ->
                assertThat(wrong(typed).err())
                    .isEqualTo(
                        "farslot: '%s' is not a command of farslot\n  next: farslot %s, or farslot --help\n"
                            .formatted(typed, meant)));
    assertThat(wrong("nonsense").err())
        .isEqualTo("farslot: 'nonsense' is not a command of farslot\n  next: farslot --help\n");
    assertThat(wrong("rail", "lst").err()).contains("next: farslot rail list, or");
    assertThat(wrong("list", "--outptu", "json").err())
        .isEqualTo(
            "farslot: '--outptu' is not an option of farslot list\n"
                + "  next: farslot list --output, or farslot list --help\n");
    assertThat(wrong("list", "nvme").err())
        .isEqualTo(
            "farslot: 'nvme' is not an argument of farslot list\n  next: farslot list --help\n");
    assertThat(wrong("attach", "disk0").err())
        .endsWith("\n  next: farslot attach --help\n")
        .doesNotContain("Try");
  }

  @Test
  void countsSlips() {
    assertThat(Near.slips("", "list")).isEqualTo(4);
    assertThat(Near.slips("list", "list")).isZero();
    assertThat(Near.slips("lsit", "list")).isEqualTo(1);
    assertThat(Near.slips("lisst", "list")).isEqualTo(1);
    assertThat(Near.slips("lst", "list")).isEqualTo(1);
    assertThat(Near.slips("lust", "list")).isEqualTo(1);
    assertThat(Near.slips("port", "wait")).isEqualTo(3);
    assertThat(Usage.meant("pord", List.of("port", "wait"), Map.of())).isEqualTo("port");
    assertThat(Usage.meant("zz", List.of("port", "wait"), Map.of())).isEmpty();
  }
}
