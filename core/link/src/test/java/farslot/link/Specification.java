package farslot.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** docs/spec/pcieoe.md, read by tests so that it stays true. */
final class Specification {
  private static final Pattern GOLDEN =
      Pattern.compile("<!-- golden: ([\\w-]+) -->\\s*```\\w*\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REQUIREMENT = Pattern.compile("\\*\\*PCIEOE-(\\d+)\\*\\*");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"PCIEOE-(\\d+)\"\\)");

  private Specification() {}

  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/spec/pcieoe.md"))) {
      at = at.getParent();
      if (at == null) {
        throw new AssertionError("docs/spec/pcieoe.md is not above the working directory");
      }
    }
    return at;
  }

  private static String text() {
    return read(root().resolve("docs/spec/pcieoe.md"));
  }

  /** The frames in hex by their names; what stands behind a semicolon is for people. */
  static Map<String, byte[]> goldenFrames() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (MatchResult match : GOLDEN.matcher(text()).results().toList()) {
      String hex = match.group(2).replaceAll(";[^\\n]*", "").replaceAll("\\s", "");
      all.put(match.group(1), HexFormat.of().parseHex(hex));
    }
    return all;
  }

  /** Numbers of the requirements, in the order of the text. */
  static List<Integer> requirements() {
    return numbers(REQUIREMENT, text());
  }

  /** Numbers that tests say they show. */
  static Set<Integer> tested() throws IOException {
    Set<Integer> all = new TreeSet<>();
    for (String room : List.of("core/link", "core/fabric", "host/carrier", "dev/testkit")) {
      try (Stream<Path> files = Files.walk(root().resolve(room + "/src/test"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> all.addAll(numbers(TAG, read(file))));
      }
    }
    return all;
  }

  private static List<Integer> numbers(Pattern pattern, String text) {
    List<Integer> all = new ArrayList<>();
    pattern.matcher(text).results().forEach(m -> all.add(Integer.valueOf(m.group(1))));
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
