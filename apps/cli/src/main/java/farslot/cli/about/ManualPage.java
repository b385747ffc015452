package farslot.cli.about;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command, made from what its help says, in roff's man macros (man(7)). */
public final class ManualPage {
  private final StringBuilder page = new StringBuilder();
  private final CommandSpec spec;
  private final String name;

  private ManualPage(CommandLine command) {
    spec = command.getCommandSpec();
    name = fileName(spec);
  }

  /** {@code farslot-rail-add}. */
  public static String fileName(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  /**
   * The page as a text.
   *
   * @param version of the program
   */
  public static String of(CommandLine command, String version) {
    ManualPage page = new ManualPage(command);
    page.write(command, version);
    return page.page.toString();
  }

  private void write(CommandLine command, String version) {
    macro("TH", name.toUpperCase(Locale.ROOT), "1", "", "Farslot " + version, "Farslot");
    // No hyphens of roff's in commands that are there to be copied.
    macro("nh");
    section("NAME");
    String[] description = spec.usageMessage().description();
    text(name + " \\- ", sentence(description));
    section("SYNOPSIS");
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    text("", help.synopsis(0).replaceAll("\\s+", " ").strip());
    section("DESCRIPTION");
    for (int i = 0; i < description.length; i++) {
      if (i > 0) {
        macro("PP");
      }
      text("", description[i]);
    }
    arguments();
    options();
    commands(command);
    lines(spec.usageMessage().footerHeading(), spec.usageMessage().footer());
    seeAlso(command);
  }

  private static String sentence(String[] description) {
    String first = description.length == 0 ? "" : description[0];
    return first.replaceAll("\\.$", "");
  }

  private void arguments() {
    List<PositionalParamSpec> shown =
        spec.positionalParameters().stream().filter(each -> !each.hidden()).toList();
    if (!shown.isEmpty()) {
      section("ARGUMENTS");
      shown.forEach(each -> item(each.paramLabel(), each.description()));
    }
  }

  private void options() {
    List<OptionSpec> shown = spec.options().stream().filter(each -> !each.hidden()).toList();
    if (!shown.isEmpty()) {
      section("OPTIONS");
      shown.forEach(each -> item(words(each), each.description()));
    }
  }

  private static String words(OptionSpec option) {
    List<String> names = new ArrayList<>(List.of(option.names()));
    if (option.negatable()) {
      names.add("--no-" + option.longestName().substring(2));
    }
    String value = option.arity().max() > 0 && !option.negatable() ? " " + option.paramLabel() : "";
    return String.join(", ", names) + value;
  }

  private void commands(CommandLine command) {
    List<CommandLine> shown = subcommands(command);
    if (!shown.isEmpty()) {
      section("COMMANDS");
      for (CommandLine each : shown) {
        CommandSpec sub = each.getCommandSpec();
        item(
            fileName(sub) + "(1)", new String[] {sentence(sub.usageMessage().description()) + "."});
      }
    }
  }

  /** Those that are shown. */
  static List<CommandLine> subcommands(CommandLine command) {
    return command.getSubcommands().values().stream()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden())
        .distinct()
        .toList();
  }

  /** What must not be filled: examples, the table of exit codes. */
  private void lines(String heading, String[] lines) {
    if (lines.length == 0) {
      return;
    }
    section(heading.replace("%n", "").replace(":", "").strip().toUpperCase(Locale.ROOT));
    macro("nf");
    for (String each : lines) {
      each.lines().forEach(line -> text("", line));
    }
    macro("fi");
  }

  private void seeAlso(CommandLine command) {
    CommandLine parent = command.getParent();
    if (parent != null) {
      section("SEE ALSO");
      text("", fileName(parent.getCommandSpec()) + "(1)");
    }
  }

  private void section(String title) {
    macro("SH", title);
  }

  private void item(String tag, String[] description) {
    macro("TP");
    page.append("\\fB").append(escaped(tag)).append("\\fR\n");
    if (description.length == 0) {
      page.append("\\&\n");
    }
    for (String each : description) {
      text("", each);
    }
  }

  private void macro(String macro, String... arguments) {
    page.append('.').append(macro);
    for (String each : arguments) {
      page.append(" \"").append(escaped(each)).append('"');
    }
    page.append('\n');
  }

  private void text(String before, String text) {
    String line =
        before
            + escaped(
                text.replace("%n", " ").replace("%%", "%").replaceAll("@\\|[a-z,_]+ |\\|@", ""));
    // A line that begins like a request is none.
    boolean request = line.startsWith(".") || line.startsWith("'");
    page.append(request ? "\\&" : "").append(line.isEmpty() ? "\\&" : line).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
