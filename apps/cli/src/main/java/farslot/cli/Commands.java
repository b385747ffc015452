package farslot.cli;

import farslot.cli.about.CompletionCommand;
import farslot.cli.about.HelpCommand;
import farslot.cli.about.ManCommand;
import farslot.cli.bundle.SupportBundleCommand;
import farslot.cli.fabric.ApplyCommand;
import farslot.cli.fabric.AttachCommand;
import farslot.cli.fabric.AuditCommand;
import farslot.cli.fabric.CaCommand;
import farslot.cli.fabric.DescribeCommand;
import farslot.cli.fabric.DetachCommand;
import farslot.cli.fabric.EventsCommand;
import farslot.cli.fabric.GetCommand;
import farslot.cli.fabric.JoinCommand;
import farslot.cli.fabric.ListCommand;
import farslot.cli.fabric.LspciCommand;
import farslot.cli.fabric.MoveCommand;
import farslot.cli.fabric.PingCommand;
import farslot.cli.fabric.PoolCommand;
import farslot.cli.fabric.PortCommand;
import farslot.cli.fabric.ProfileCommand;
import farslot.cli.fabric.TemplateCommand;
import farslot.cli.fabric.TopCommand;
import farslot.cli.fabric.UserCommand;
import farslot.cli.fabric.WaitCommand;
import farslot.cli.fabric.WatchCommand;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Every subcommand by its name. Describing one costs a millisecond or so, and there are many: only
 * the one that was asked for is made, unless all are to be shown.
 */
final class Commands {
  /** Under which heading a command is shown. */
  enum Group {
    /** Look at a fabric. */
    LOOK("Look"),
    /** Change it. */
    CHANGE("Change"),
    /** Say who may do that. */
    ACCESS("Access"),
    /** Start what runs for long. These log. */
    MACHINES("Machines"),
    /** Look into and disturb what runs. */
    PROCESSES("A running process"),
    /** What runs without any of the above. */
    LABORATORY("Laboratory"),
    /** About this program. */
    PROGRAM("This program"),
    /** What scripts call. */
    HIDDEN("");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }
  }

  private record Entry(Group group, Supplier<?> command) {}

  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  static {
    add("list", Group.LOOK, ListCommand::new);
    add("get", Group.LOOK, GetCommand::new);
    add("describe", Group.LOOK, DescribeCommand::new);
    add("status", Group.LOOK, StatusCommand::new);
    add("top", Group.LOOK, TopCommand::new);
    add("events", Group.LOOK, EventsCommand::new);
    add("watch", Group.LOOK, WatchCommand::new);
    add("port", Group.LOOK, PortCommand::new);
    add("lspci", Group.LOOK, LspciCommand::new);
    add("ping", Group.LOOK, PingCommand::new);
    add("audit", Group.LOOK, AuditCommand::new);

    add("attach", Group.CHANGE, AttachCommand::new);
    add("detach", Group.CHANGE, DetachCommand::new);
    add("move", Group.CHANGE, MoveCommand::new);
    add("apply", Group.CHANGE, ApplyCommand::new);
    add("profile", Group.CHANGE, ProfileCommand::new);
    add("pool", Group.CHANGE, PoolCommand::new);
    add("template", Group.CHANGE, TemplateCommand::new);
    add("wait", Group.CHANGE, WaitCommand::new);
    add("user", Group.CHANGE, UserCommand::new);

    add("join", Group.ACCESS, JoinCommand::new);
    add("ca", Group.ACCESS, CaCommand::new);

    add("up", Group.MACHINES, UpCommand::new);
    add("appliance", Group.MACHINES, ApplianceCommand::new);
    add("initiator", Group.MACHINES, InitiatorCommand::new);
    add("discover", Group.MACHINES, DiscoverCommand::new);
    add("cards", Group.MACHINES, CardsCommand::new);

    add("rail", Group.PROCESSES, RailCommand::new);
    add("capture", Group.PROCESSES, CaptureCommand::new);
    add("fault", Group.PROCESSES, FaultCommand::new);

    add("demo", Group.LABORATORY, DemoCommand::new);
    add("selftest", Group.LABORATORY, SelftestCommand::new);
    add("sim", Group.LABORATORY, SimCommand::new);
    add("bench", Group.LABORATORY, BenchCommand::new);
    add("replay", Group.LABORATORY, ReplayCommand::new);

    add("help", Group.PROGRAM, () -> new HelpCommand(Main::all));
    add("support-bundle", Group.PROGRAM, () -> new SupportBundleCommand(VersionCommand.words()));
    add("completion", Group.PROGRAM, CompletionCommand::new);
    add("man", Group.PROGRAM, () -> new ManCommand(Main::all, VersionCommand.VERSION));
    add("version", Group.PROGRAM, VersionCommand::new);
    add("__complete", Group.HIDDEN, CompleteCommand::new);
    add("__modernise", Group.HIDDEN, ModerniseCommand::new);
    add("__train", Group.HIDDEN, TrainCommand::new);
  }

  private Commands() {}

  private static void add(String name, Group group, Supplier<?> command) {
    ALL.put(name, new Entry(group, command));
  }

  /** Whether it is one of those that log. */
  static boolean logs(String[] args) {
    Entry meant = ALL.get(meant(args));
    return meant == null || meant.group == Group.MACHINES || meant.group == Group.LABORATORY;
  }

  /** The first word that is no option: options that come before a command have no values. */
  private static String meant(String[] args) {
    return Arrays.stream(args).filter(each -> !each.startsWith("-")).findFirst().orElse("");
  }

  /** Adds the command that is meant, or all when none is. */
  static void addTo(CommandLine root, String[] args) {
    String meant = meant(args);
    Entry one = ALL.get(meant);
    if (one == null) {
      addAllTo(root);
    } else {
      root.addSubcommand(meant, one.command.get());
    }
  }

  /** Adds all, and a help that shows them by groups. */
  static void addAllTo(CommandLine root) {
    ALL.forEach((name, entry) -> root.addSubcommand(name, entry.command.get()));
    root.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> System.lineSeparator());
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Commands::byGroups);
  }

  /** All commands that are shown, by their groups. */
  static Map<Group, List<String>> groups() {
    Map<Group, List<String>> groups = new EnumMap<>(Group.class);
    ALL.forEach(
        (name, entry) ->
            groups.computeIfAbsent(entry.group, key -> new java.util.ArrayList<>()).add(name));
    groups.remove(Group.HIDDEN);
    return groups;
  }

  private static String byGroups(CommandLine.Help help) {
    StringBuilder text = new StringBuilder();
    groups()
        .forEach(
            (group, names) -> {
              text.append(help.colorScheme().text("@|bold " + group.heading() + "|@")).append('\n');
              for (String name : names) {
                CommandSpec spec = help.subcommands().get(name).commandSpec();
                String about = spec.usageMessage().description()[0];
                text.append("  ")
                    .append(help.colorScheme().commandText(name))
                    .append(" ".repeat(Math.max(1, 16 - name.length())))
                    .append(about)
                    .append('\n');
              }
              text.append('\n');
            });
    return text.toString().stripTrailing() + "\n";
  }
}
