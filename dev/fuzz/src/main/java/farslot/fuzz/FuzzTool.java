package farslot.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * For {@code dev/fuzz/run}: {@code list}; {@code expand TARGET FILE FOLDER} makes a folder of a
 * corpus and the target's seeds; {@code collect FOLDER FILE} makes a corpus of a folder; {@code
 * replay TARGET FILE...} runs inputs, as they are, once.
 */
public final class FuzzTool {
  private FuzzTool() {}

  public static void main(String[] args) throws Exception {
    switch (args.length == 0 ? "" : args[0]) {
      case "list" -> System.out.println(String.join("\n", Targets.names()));
      case "expand" -> expand(args[1], Path.of(args[2]), Path.of(args[3]));
      case "collect" ->
          System.out.println(Corpus.collect(Path.of(args[1]), Path.of(args[2])) + " inputs");
      case "replay" -> replay(Targets.of(args[1]), List.of(args).subList(2, args.length));
      default -> throw new IllegalArgumentException("list, expand, collect or replay");
    }
  }

  private static void expand(String target, Path file, Path folder) throws IOException {
    List<byte[]> inputs = new ArrayList<>(Targets.of(target).seeds());
    inputs.addAll(Corpus.read(file));
    Corpus.expand(inputs, folder);
  }

  private static void replay(Target target, List<String> files) throws Exception {
    for (String file : files) {
      target.run(Files.readAllBytes(Path.of(file)));
      System.out.println(file + ": nothing found");
    }
  }
}
