package farslot.cli;

import picocli.CommandLine.Option;

/** How an answer is printed: for people, or for programs. */
final class OutputOption {
  private enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (default) or json.")
  private Format format = Format.TABLE;

  boolean json() {
    return format == Format.JSON;
  }
}
