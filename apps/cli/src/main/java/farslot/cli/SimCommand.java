package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.sim.SimOptions;
import farslot.sim.Simulator;
import farslot.sim.fabric.FabricWorlds;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the deterministic simulator. */
@Command(
    name = "sim",
    description = {
      "Put the link through worlds that do not exist: one seed each, one thread, virtual time.",
      "Initiators and appliances work together while connections break, frames get lost and machines "
          + "pause and crash. Ends with 'sim: N seeds, 0 failed' and status 0; a seed that breaks a rule "
          + "is told with its shortest trace and the command that shows it again."
    })
final class SimCommand implements Callable<Integer> {
  private static final int FAILURES_MAX = 10;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many worlds, default ${DEFAULT-VALUE}.")
  private int seeds = 200;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The first one's seed, default ${DEFAULT-VALUE}; the others' follow it.")
  private long seed = 1;

  @Option(
      names = "--fabric",
      description = {
        "The management plane instead: a manager on a disk that forgets, what appliances and initiators decide by,",
        "attach, move and detach while messages are lost, processes crash and clocks jump."
      })
  private boolean fabric;

  @Option(names = "--trace", description = "Print everything that happens.")
  private boolean trace;

  @Option(
      names = "--steps",
      paramLabel = "LIST",
      description = "Only these steps of each plan, as 3,7,12; 'none' for a world left alone.")
  private String steps;

  @Option(
      names = "--bug",
      paramLabel = "NAME",
      description = "Put in a deliberate bug, to see it found; --bugs lists them.")
  private String bug;

  @Option(names = "--bugs", description = "List the deliberate bugs.")
  private boolean bugs;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (bugs) {
      (fabric ? FabricWorlds.bugs() : Simulator.bugs()).forEach(out::println);
      out.flush();
      return ExitCode.OK;
    }
    Logs.off();
    return simulator(out).run() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private Simulator simulator(PrintWriter out) {
    try {
      SimOptions options =
          new SimOptions(
              seed,
              seeds,
              trace,
              Optional.ofNullable(steps).map(SimCommand::numbers),
              Optional.ofNullable(bug),
              FAILURES_MAX);
      return fabric
          ? new Simulator(new FabricWorlds(options.bug()), options, out)
          : new Simulator(options, out);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String number : list.equals("none") ? new String[0] : list.split(",")) {
      try {
        numbers.add(Integer.valueOf(number.strip()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("--steps: '" + number + "' is no number", e);
      }
    }
    return numbers;
  }
}
