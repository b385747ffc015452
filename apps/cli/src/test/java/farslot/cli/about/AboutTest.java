package farslot.cli.about;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.cli.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion and manual pages, of the real commands. */
class AboutTest {
  @TempDir Path dir;

  private static List<String> complete(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "__complete";
    all[1] = "--";
    System.arraycopy(words, 0, all, 2, words.length);
    CommandRun run = CommandRun.of(all);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return run.out().lines().map(each -> each.replaceAll("\t.*", "")).toList();
  }

  @Test
  void completesCommandsOptionsAndTheirValues() {
    assertThat(complete(""))
        .contains("list", "attach", "up")
        .doesNotContain("__complete", "__train");
    assertThat(complete("det")).containsExactly("detach");
    assertThat(complete("rail", "")).contains("list", "add", "remove");
    assertThat(complete("list", "--tr")).containsExactly("--tree");
    assertThat(complete("list", "-o", "")).containsExactly("table", "wide", "json", "yaml", "name");
    assertThat(complete("list", "--output", "js")).containsExactly("json");
    assertThat(complete("list", "--output=js")).containsExactly("--output=json");
    assertThat(complete("list", "--output", "=", "js")).containsExactly("json");
    assertThat(complete("get", "fu")).containsExactly("function");
    assertThat(complete("attach", "--sanitise", "f")).containsExactly("format");
    assertThat(complete("top", "--sort", "")).contains("rate", "latency");
    assertThat(complete("status", "--from", "")).containsExactly(Completion.FILES);
    assertThat(complete("apply", "-f", "x")).containsExactly(Completion.FILES);
    assertThat(complete("nonsense", "")).isEmpty();
    assertThat(complete("list", "--nonsense", "")).isEmpty();
    assertThat(complete("completion", "")).containsExactly("bash", "zsh");
  }

  /** The function that bash runs, with a program that says what it was asked. */
  @Test
  void bashCallsTheProgram() throws Exception {
    Path script =
        Files.writeString(
            dir.resolve("try.sh"),
            CommandRun.of("completion", "bash").out()
                + """
                farslot() {
                  printf '%s|' "$@" >"$ASKED"
                  case ${*: -1} in
                    f) printf ':files\\n' ;;
                    *) printf 'attach\\tAttach it.\\napply\\n' ;;
                  esac
                }
                COMP_WORDS=(farslot list --manager 'a b' 'a')
                COMP_CWORD=4
                _farslot
                printf '<%s>' "${COMPREPLY[@]}"
                COMP_WORDS=(farslot f) COMP_CWORD=1
                _farslot
                printf '[%d]' "${#COMPREPLY[@]}"
                COMP_WORDS=(farslot '') COMP_CWORD=1
                _farslot
                """);
    Path asked = dir.resolve("asked");
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-u", script.toString()).redirectErrorStream(true);
    bash.environment().put("ASKED", asked.toString());
    assertThat(said(bash.start())).isEqualTo("<attach><apply>[0]");
    assertThat(Files.readString(asked)).isEqualTo("__complete|--||");
  }

  @Test
  void zshCallsTheProgram() throws Exception {
    Path zsh = Path.of("/usr/bin/zsh");
    assumeTrue(Files.isExecutable(zsh), "no zsh on this machine: its completion is not tried");
    Path script =
        Files.writeString(
            dir.resolve("try.zsh"),
            """
            compdef() { :; }
            _files() { print -r -- files; }
            _describe() { print -rl -- "${(@)${(@P)2}}"; }
            """
                + CommandRun.of("completion", "zsh").out()
                + """
                farslot() { printf 'attach\\tAttach: it.\\napply\\n'; }
                words=(farslot a) CURRENT=2
                _farslot
                """);
    assertThat(said(new ProcessBuilder(zsh.toString(), "-f", script.toString()).start()))
        .isEqualTo("attach:Attach\\: it.\napply\n");
  }

  private static String said(Process process) throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void everyCommandHasItsPage() throws Exception {
    assertThat(CommandRun.of("man", "--to", dir.toString()).status()).isZero();
    List<Path> pages;
    try (Stream<Path> files = Files.list(dir)) {
      pages = files.sorted().toList();
    }
    List<String> names = pages.stream().map(each -> each.getFileName().toString()).toList();
    assertThat(names)
        .contains("farslot.1", "farslot-list.1", "farslot-attach.1", "farslot-rail-add.1")
        .noneMatch(each -> each.contains("__"));
    for (String command : complete("")) {
      assertThat(names).contains("farslot-" + command + ".1");
    }
    for (Path page : pages) {
      String text = Files.readString(page);
      assertThat(text)
          .as(page.toString())
          .contains(".TH \"FARSLOT", ".SH \"NAME\"", ".SH \"SYNOPSIS\"");
      assertThat(text).as(page.toString()).doesNotContain("%n", "${", "@|");
    }
    assertThat(CommandRun.of("man", "attach").out())
        .contains("farslot-attach \\- Attach a function");
    assertThat(CommandRun.of("man", "nonsense").status()).isEqualTo(2);
    lint(pages);
  }

  private static void lint(List<Path> pages) throws Exception {
    Path groff = Path.of("/usr/bin/groff");
    assumeTrue(Files.isExecutable(groff), "no groff on this machine: pages are not checked by it");
    for (Path page : pages) {
      Process process =
          new ProcessBuilder(groff.toString(), "-man", "-ww", "-Tutf8", "-z", page.toString())
              .redirectErrorStream(true)
              .start();
      assertThat(said(process)).as(page.toString()).isEmpty();
    }
  }
}
