package farslot.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The Wireshark dissector's text and its tables, and the frames of the specification. */
final class Dissector {
  private static final Pattern ENTRY =
      Pattern.compile("^ {2}(?:\\[(\\w+)]|(\\w+)) = \"?([^\",]*)\"?,$", Pattern.MULTILINE);
  private static final Pattern GOLDEN =
      Pattern.compile("<!-- golden: ([\\w-]+) -->\\s*```\\w*\\n(.*?)```", Pattern.DOTALL);

  private Dissector() {}

  static Path file() {
    return root().resolve("docs/wireshark/pcieoe.lua");
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/spec/pcieoe.md"))) {
      at = at.getParent();
      if (at == null) {
        throw new AssertionError("docs/spec/pcieoe.md is not above the working directory");
      }
    }
    return at;
  }

  /** A table {@code local NAME = {...}} by its keys, as they are written. */
  static Map<String, String> table(String name) {
    String text = read(file());
    int begin = text.indexOf("local " + name + " = {\n");
    if (begin < 0) {
      throw new AssertionError("the dissector has no table " + name);
    }
    String body = text.substring(text.indexOf('\n', begin) + 1, text.indexOf("\n}", begin) + 1);
    Map<String, String> table = new LinkedHashMap<>();
    for (MatchResult entry : ENTRY.matcher(body).results().toList()) {
      String key = entry.group(1) == null ? entry.group(2) : entry.group(1);
      if (table.put(key, entry.group(3)) != null) {
        throw new AssertionError(name + " has " + key + " twice");
      }
    }
    if (table.size() != body.lines().count()) {
      throw new AssertionError(name + " has lines that cannot be read:\n" + body);
    }
    return table;
  }

  /** A table with numbers as its keys. */
  static Map<Integer, String> numbered(String name) {
    Map<Integer, String> table = new LinkedHashMap<>();
    table(name).forEach((key, value) -> table.put(Integer.decode(key), value));
    return table;
  }

  /** The specification's frames in hex, by name. */
  static Map<String, byte[]> goldenFrames() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    String text = read(root().resolve("docs/spec/pcieoe.md"));
    for (MatchResult match : GOLDEN.matcher(text).results().toList()) {
      String hex = match.group(2).replaceAll(";[^\\n]*", "").replaceAll("\\s", "");
      all.put(match.group(1), HexFormat.of().parseHex(hex));
    }
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
