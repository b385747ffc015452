package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.cli.output.Near;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to who has typed something that is no command of ours, or not quite. */
final class Usage {
  /** Slips of the hand in a word of this many letters and more; in a shorter one, one. */
  private static final int TWO_SLIPS_LETTERS = 5;

  /** What other programs of this kind call it. */
  private static final Map<String, String> HABITS =
      Map.ofEntries(
          Map.entry("ls", "list"),
          Map.entry("functions", "list"),
          Map.entry("show", "describe"),
          Map.entry("info", "describe"),
          Map.entry("ps", "status"),
          Map.entry("servers", "get server"),
          Map.entry("guests", "get guest"),
          Map.entry("connect", "attach"),
          Map.entry("plug", "attach"),
          Map.entry("bind", "attach"),
          Map.entry("disconnect", "detach"),
          Map.entry("unplug", "detach"),
          Map.entry("unbind", "detach"),
          Map.entry("release", "detach"),
          Map.entry("migrate", "move"),
          Map.entry("mv", "move"),
          Map.entry("create", "apply"),
          Map.entry("edit", "apply"),
          Map.entry("delete", "profile delete"),
          Map.entry("rm", "profile delete"),
          Map.entry("logs", "events"),
          Map.entry("log", "events"),
          Map.entry("login", "join"),
          Map.entry("token", "ca token"),
          Map.entry("start", "up"),
          Map.entry("daemon", "up"),
          Map.entry("server", "up"),
          Map.entry("run", "up"),
          Map.entry("test", "selftest"),
          Map.entry("benchmark", "bench"),
          Map.entry("tcpdump", "capture"),
          Map.entry("bugreport", "support-bundle"),
          Map.entry("explain", "help"));

  private Usage() {}

  /** Says what is wrong, and what was meant or where help is. */
  static int onWrong(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    String unknown = unknown(wrong);
    if (unknown.isEmpty()) {
      err.println("farslot: " + wrong.getMessage());
      err.println("  next: " + name + " --help");
      return ExitCode.USAGE;
    }
    boolean option = unknown.startsWith("-");
    boolean group = !option && !command.getSubcommands().isEmpty();
    String kind = option ? "an option" : group ? "a command" : "an argument";
    Collection<String> words =
        option
            ? command.getCommandSpec().optionsMap().keySet()
            : group ? shown(command) : List.<String>of();
    String meant = meant(unknown, words, group && command.getParent() == null ? HABITS : Map.of());
    err.printf("farslot: '%s' is not %s of %s%n", unknown, kind, name);
    err.printf("  next: %s%s --help%n", meant.isEmpty() ? "" : name + " " + meant + ", or ", name);
    return ExitCode.USAGE;
  }

  /** The first word that nothing was made of; "" if it is something else that is wrong. */
  private static String unknown(ParameterException wrong) {
    return wrong instanceof UnmatchedArgumentException unmatched
            && !unmatched.getUnmatched().isEmpty()
        ? unmatched.getUnmatched().getFirst()
        : "";
  }

  private static List<String> shown(CommandLine command) {
    return command.getSubcommands().entrySet().stream()
        .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .filter(each -> !each.startsWith("__"))
        .toList();
  }

  /** What was meant: by habit, by a slip of the hand, or as the beginning of one word; or "". */
  static String meant(String typed, Collection<String> words, Map<String, String> habits) {
    if (habits.containsKey(typed)) {
      return habits.get(typed);
    }
    List<String> begun = words.stream().filter(each -> each.startsWith(typed)).toList();
    if (begun.size() == 1) {
      return begun.getFirst();
    }
    int slips = typed.replace("-", "").length() < TWO_SLIPS_LETTERS ? 1 : 2;
    record Guess(String word, int slips) {}
    return words.stream()
        .filter(each -> each.length() > 2)
        .flatMap(each -> Stream.of(new Guess(each, Near.slips(typed, each))))
        .filter(each -> each.slips <= slips)
        .min(Comparator.comparingInt(Guess::slips))
        .map(Guess::word)
        .orElse("");
  }
}
