package farslot.cli.about;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may stand at the end of a line that somebody is typing. */
public final class Completion {
  /** Said instead of candidates: the shell knows its files better. */
  public static final String FILES = ":files";

  /**
   * Something that may stand there.
   *
   * @param about what it is, in a line; "" if the word says it
   */
  public record Candidate(String word, String about) {
    /** As a line for the shell's function. */
    @Override
    public String toString() {
      return about.isEmpty() ? word : word + "\t" + about;
    }
  }

  /** Words that options take, by what they are called in the help. */
  private static final Map<String, List<String>> CHOICES =
      Map.ofEntries(
          Map.entry("FORMAT", List.of("table", "wide", "json", "yaml", "name")),
          Map.entry("HOW", List.of("none", "format", "identity")),
          Map.entry("BY", List.of("rate", "operations", "latency", "delay", "name")),
          Map.entry("ROLE", List.of("viewer", "operator", "admin")),
          Map.entry("SHELL", List.of("bash", "zsh")),
          Map.entry(
              "STATE",
              List.of(
                  "attached",
                  "bound",
                  "detached",
                  "present",
                  "healthy",
                  "here",
                  "away",
                  "running")),
          Map.entry(
              "TRAFFIC",
              List.of(
                  "read",
                  "write",
                  "config-read",
                  "config-write",
                  "dma-read",
                  "dma-write",
                  "interrupt")));

  private static final List<String> FILE_LABELS = List.of("FILE", "DIR", "PROCESS", "WHERE");

  private final CommandLine root;
  private final BiFunction<String, List<String>, List<Candidate>> live;

  /**
   * @param root with all commands
   * @param live names of what there is: for a parameter's label and the words before it
   */
  public Completion(CommandLine root, BiFunction<String, List<String>, List<Candidate>> live) {
    this.root = root;
    this.live = live;
  }

  /**
   * What may stand there.
   *
   * @param words behind the program's name; the last is what has been typed of the word, perhaps ""
   */
  public List<Candidate> of(List<String> words) {
    List<String> line = joined(words);
    String typed = line.removeLast();
    CommandLine command = root;
    List<String> positionals = new ArrayList<>();
    OptionSpec open = null;
    boolean optionsOver = false;
    for (String word : line) {
      if (open != null) {
        open = null;
      } else if (!optionsOver && word.equals("--")) {
        optionsOver = true;
      } else if (!optionsOver && word.startsWith("-") && word.length() > 1) {
        open = word.contains("=") ? null : valued(command.getCommandSpec(), word);
      } else if (positionals.isEmpty() && command.getSubcommands().containsKey(word)) {
        command = command.getSubcommands().get(word);
      } else {
        positionals.add(word);
      }
    }
    CommandSpec spec = command.getCommandSpec();
    if (open != null) {
      return fitting(values(open, positionals), typed, "");
    }
    int equals = typed.indexOf('=');
    if (typed.startsWith("--") && equals > 0 && !optionsOver) {
      OptionSpec option = valued(spec, typed.substring(0, equals));
      String head = words.getLast().contains("=") ? typed.substring(0, equals + 1) : "";
      return option == null
          ? List.of()
          : fitting(values(option, positionals), typed.substring(equals + 1), head);
    }
    if (typed.startsWith("-") && !optionsOver) {
      return fitting(options(spec), typed, "");
    }
    List<Candidate> all = new ArrayList<>();
    if (positionals.isEmpty()) {
      all.addAll(subcommands(command));
    }
    all.addAll(positional(spec, positionals));
    return fitting(all, typed, "");
  }

  /** bash takes {@code --output=json} apart at the equals sign. */
  private static List<String> joined(List<String> words) {
    List<String> line = new ArrayList<>();
    for (String word : words) {
      boolean behind =
          line.size() > 1 && line.getLast().endsWith("=") && line.getLast().startsWith("--");
      if (!line.isEmpty() && (behind || (word.equals("=") && line.getLast().startsWith("--")))) {
        line.add(line.removeLast() + word);
      } else {
        line.add(word);
      }
    }
    if (line.isEmpty()) {
      line.add("");
    }
    return line;
  }

  private static OptionSpec valued(CommandSpec spec, String name) {
    OptionSpec option = spec.findOption(name);
    return option == null || option.arity().max() == 0 || option.negatable() ? null : option;
  }

  private static List<Candidate> fitting(List<Candidate> all, String typed, String head) {
    if (all.size() == 1 && all.getFirst().word().equals(FILES)) {
      return all;
    }
    return all.stream()
        .filter(each -> each.word().startsWith(typed))
        .map(each -> new Candidate(head + each.word(), each.about()))
        .toList();
  }

  private static List<Candidate> subcommands(CommandLine command) {
    List<Candidate> all = new ArrayList<>();
    command
        .getSubcommands()
        .forEach(
            (name, each) -> {
              if (!each.getCommandSpec().usageMessage().hidden()) {
                all.add(
                    new Candidate(name, first(each.getCommandSpec().usageMessage().description())));
              }
            });
    return all;
  }

  private static List<Candidate> options(CommandSpec spec) {
    List<Candidate> all = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        all.add(new Candidate(option.longestName(), first(option.description())));
      }
    }
    return all;
  }

  private static String first(String[] description) {
    return description.length == 0 ? "" : description[0].lines().findFirst().orElse("");
  }

  private List<Candidate> positional(CommandSpec spec, List<String> before) {
    for (PositionalParamSpec each : spec.positionalParameters()) {
      if (each.index().contains(before.size())) {
        return values(each, before);
      }
    }
    return List.of();
  }

  private List<Candidate> values(ArgSpec of, List<String> before) {
    String label = of.paramLabel();
    if (FILE_LABELS.stream().anyMatch(label::contains)) {
      return List.of(new Candidate(FILES, ""));
    }
    Object[] constants = of.type().getEnumConstants();
    if (constants != null) {
      return java.util.Arrays.stream(constants)
          .map(each -> new Candidate(each.toString().toLowerCase(Locale.ROOT), ""))
          .toList();
    }
    if (CHOICES.containsKey(label)) {
      return CHOICES.get(label).stream().map(each -> new Candidate(each, "")).toList();
    }
    return live.apply(label, before);
  }
}
