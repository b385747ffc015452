package farslot.cards.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardProvider;
import farslot.function.PciFunction;
import farslot.testkit.FakeRootComplex;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The card that docs/card.md shows compiles, and is what the page says. */
class CardPageTest {
  private static final Pattern FILE =
      Pattern.compile("```java file=(\\S+)\\n(.*?)\\n```\\n", Pattern.DOTALL);
  private static final BackEnds NONE =
      config -> {
        throw new AssertionError("no back end is needed");
      };

  @TempDir private Path dir;

  private static Path page() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/card.md"))) {
      at = at.getParent();
    }
    return at.resolve("docs/card.md");
  }

  private List<String> written() throws IOException {
    List<String> files = new ArrayList<>();
    Matcher block = FILE.matcher(Files.readString(page()));
    while (block.find()) {
      Path file = dir.resolve(block.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, block.group(2));
      files.add(file.toString());
    }
    return files;
  }

  private void compile(List<String> files) throws IOException, InterruptedException {
    String modules =
        System.getProperty("jdk.module.path", "")
            + System.getProperty("path.separator")
            + System.getProperty("java.class.path");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-Xlint:all",
                "-Werror",
                "-p",
                modules,
                "-d",
                dir.resolve("classes").toString()));
    command.addAll(files);
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(javac.getInputStream().readAllBytes());
    assertThat(javac.waitFor()).as(said).isZero();
  }

  @Test
  void theLampIsACard() throws Exception {
    List<String> files = written();
    assertThat(files).hasSize(3);
    compile(files);
    URL[] classes = {dir.resolve("classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      CardProvider provider =
          (CardProvider)
              loader.loadClass("farslot.cards.lamp.LampProvider").getConstructor().newInstance();
      CardConfig config = new CardConfig("slots[0]", Map.of("brightness", 40));
      FakeRootComplex root = new FakeRootComplex((PciFunction) provider.create(config, NONE));
      root.enumerate();
      root.setUp();
      root.enableMsix();
      assertThat(root.read(0, 0, 4)).isEqualTo(0x504D414C);
      assertThat(root.read(0, 4, 4)).isEqualTo(40);
      assertThat(root.read(0, 0, 8)).isEqualTo(0x28_504D414CL);
      root.write(0, 4, 4, 99);
      root.run();
      assertThat(root.read(0, 4, 4)).isEqualTo(99);
      assertThat(root.interrupts().vectors()).containsExactly(0);
    }
  }
}
