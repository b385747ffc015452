package farslot.cli.output;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** How an answer is printed: for people, or for programs. */
public final class OutputOption {
  /** What there is to choose from. */
  public enum Format {
    TABLE,
    WIDE,
    JSON,
    YAML,
    NAME
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (default), wide, json, yaml or name.")
  private Format format = Format.TABLE;

  /** Which was chosen. */
  public Format format() {
    return format;
  }

  /** Whether a person reads it. */
  public boolean forPeople() {
    return format == Format.TABLE || format == Format.WIDE;
  }

  public boolean wide() {
    return format == Format.WIDE;
  }

  /**
   * Prints an answer in the chosen format.
   *
   * @param answer what programs get, whole: a JSON node, or maps and lists
   * @param names one a line, for {@code -o name}
   * @param people prints it for people
   */
  public void print(PrintStream out, Object answer, Supplier<List<String>> names, Runnable people) {
    switch (format) {
      case TABLE, WIDE -> people.run();
      case JSON -> out.println(json(answer));
      case YAML -> out.print(yaml(answer));
      case NAME -> names.get().forEach(out::println);
    }
    out.flush();
  }

  /** Prints what a process answered, whose parts have no names of their own. */
  public void print(PrintStream out, Map<?, ?> answer, Runnable people) {
    print(out, answer, () -> List.of(Table.text(answer, "name")), people);
  }

  /** An answer as JSON, indented. */
  public static String json(Object answer) {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer);
  }

  /** An answer as YAML, without a marker of where it begins. */
  public static String yaml(Object answer) {
    return YAMLMapper.builder()
        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
        .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
        .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
        .build()
        .writeValueAsString(answer);
  }
}
