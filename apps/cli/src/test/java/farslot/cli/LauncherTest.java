package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./farslot} where things are not as on its author's desk, with a JDK and a Maven
 * that only say how they were called.
 */
class LauncherTest {
  private static final long WAIT_SECONDS = 60;

  @TempDir private Path dir;
  private Path tree;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void aTreeInAPathOfOtherLetters() throws IOException {
    Path real = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(real.resolve("farslot")) || !Files.exists(real.resolve("LICENSE"))) {
      real = real.getParent();
    }
    tree = Files.createDirectories(dir.resolve("Fär slot (é)"));
    Files.copy(
        real.resolve("farslot"),
        tree.resolve("farslot"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    for (String room : "core cards host apps dev".split(" ")) {
      Files.createDirectories(tree.resolve(room));
    }
    program("jdk/bin/javac", "exit 0");
    program("jdk/bin/java", "echo \"LC_ALL=${LC_ALL:-}\"; printf '<%s>\\n' \"$@\"");
    Files.writeString(dir.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    program("bin/mvn", "mkdir -p apps/cli/target/modules");
  }

  private void program(String path, String body) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Process start(Map<String, String> environment, String... words) throws IOException {
    ProcessBuilder builder = clean(words);
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(dir.resolve("out").toFile())
        .redirectError(dir.resolve("err").toFile())
        .start();
  }

  /**
   * With nothing of the environment in which the tests themselves run, which may forbid building.
   */
  private ProcessBuilder clean(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = tree.resolve("farslot").toString();
    System.arraycopy(words, 0, command, 1, words.length);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", dir.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("FARSLOT_JDK", dir.resolve("jdk").toString());
    return builder;
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(dir.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(dir.resolve("err"), StandardCharsets.UTF_8));
  }

  private Ended run(Map<String, String> environment, String... words) throws Exception {
    return end(start(environment, words));
  }

  @Test
  void startsWithoutHomeAndLocaleAndInAnyPath() throws Exception {
    Ended run = run(Map.of(), "appliance", "a b");
    assertThat(run.status).as(run.err).isZero();
    assertThat(run.out)
        .startsWith("LC_ALL=C.UTF-8\n")
        .contains("<-Dfarslot.home=" + tree + ">\n")
        .endsWith("<-m>\n<farslot.cli/farslot.cli.Main>\n<appliance>\n<a b>\n");
  }

  @Test
  void leavesALocaleOfOnesOwn() throws Exception {
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "up").out).startsWith("LC_ALL=\n");
    assertThat(run(Map.of("LANG", "C.UTF-8", "LC_ALL", "POSIX"), "up").out)
        .startsWith("LC_ALL=C.UTF-8\n");
  }

  @Test
  void buildsOnce() throws Exception {
    assertThat(run(Map.of(), "up").err).contains("farslot: building");
    assertThat(run(Map.of(), "up").err).isEmpty();
  }

  @Test
  void saysWhyABuildFailedAndTriesAgain() throws Exception {
    program("bin/mvn", "echo 'ERROR: nothing fits'; exit 1");
    for (int i = 0; i < 2; i++) {
      Ended run = run(Map.of(), "up");
      assertThat(run.status).isEqualTo(1);
      assertThat(run.err).contains("ERROR: nothing fits\nfarslot: the build failed\n");
      assertThat(run.out).isEmpty();
    }
  }

  /** Ctrl-C while Maven is at work, which ends with a status of its own then. */
  @Test
  void anInterruptedBuildIsNeitherDoneNorFailed() throws Exception {
    Path begun = dir.resolve("begun");
    program(
        "bin/mvn",
        "trap 'exit 130' INT; mkdir -p apps/cli/target/modules; : >\""
            + begun
            + "\"; kill -INT $PPID; exit 130");
    // The group that a terminal would interrupt: this script stands for it, and its parent is told
    // alike.
    Ended run = run(Map.of(), "up");
    assertThat(Files.exists(begun)).isTrue();
    assertThat(run.status).isEqualTo(130);
    assertThat(run.err).doesNotContain("failed");
    program("bin/mvn", "mkdir -p apps/cli/target/modules");
    Ended next = run(Map.of(), "up");
    assertThat(next.status).as(next.err).isZero();
    assertThat(next.err).contains("farslot: built in");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Path builds = dir.resolve("builds");
    Path go = dir.resolve("go");
    program(
        "bin/mvn",
        "echo one >>\"%s\"; while [[ ! -e \"%s\" ]]; do sleep 0.05; done; mkdir -p apps/cli/target/modules"
            .formatted(builds, go));
    Process first = start(Map.of(), "up");
    await(builds);
    ProcessBuilder second =
        clean("up").redirectErrorStream(true).redirectOutput(dir.resolve("second").toFile());
    Process waiting = second.start();
    while (!Files.readString(dir.resolve("second")).contains("another build is at work")) {
      assertThat(waiting.isAlive()).isTrue();
      Thread.sleep(20);
    }
    Files.createFile(go);
    assertThat(end(first).status).isZero();
    assertThat(waiting.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting.exitValue()).isZero();
    assertThat(Files.readString(builds)).isEqualTo("one\n");
  }

  private static void await(Path file) throws InterruptedException {
    for (long i = 0; i < WAIT_SECONDS * 50 && !Files.exists(file); i++) {
      Thread.sleep(20);
    }
    assertThat(file).exists();
  }
}
