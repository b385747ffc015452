package farslot.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Inputs that were found to be interesting: a text file a target, an input in hex a line. */
final class Corpus {
  private static final int FILE_BYTES_MAX = 1 << 16;

  private Corpus() {}

  static List<byte[]> read(Path file) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          inputs.add(HexFormat.of().parseHex(line.strip()));
        }
      }
    }
    return inputs;
  }

  /** Makes a folder of files of it, as fuzzers want them. */
  static void expand(List<byte[]> inputs, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < inputs.size(); i++) {
      Files.write(folder.resolve("known-" + i), inputs.get(i));
    }
  }

  /**
   * Writes what is in a folder; shortest first, so that what is new is seen in a diff, and so many
   * that the file stays one that can be kept.
   */
  static int collect(Path folder, Path file) throws IOException {
    TreeSet<String> lines =
        new TreeSet<>(
            java.util.Comparator.comparingInt(String::length).thenComparing(line -> line));
    try (Stream<Path> inputs = Files.list(folder)) {
      for (Path input : (Iterable<Path>) inputs::iterator) {
        lines.add(HexFormat.of().formatHex(Files.readAllBytes(input)));
      }
    }
    List<String> kept = new ArrayList<>();
    int bytes = 0;
    for (String line : lines) {
      bytes += line.length() + 1;
      if (bytes > FILE_BYTES_MAX) {
        break;
      }
      kept.add(line);
    }
    Files.write(file, kept);
    return kept.size();
  }
}
