package farslot.cli;

import farslot.api.ApiException;
import farslot.cli.output.ExitCode;
import farslot.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does what short commands do, for a JVM that keeps what it has loaded by then: see the script
 * {@code farslot}. Nobody sees the answers.
 */
@Command(name = "__train", hidden = true, description = "Load what short commands load.")
final class TrainCommand implements Callable<Integer> {
  private static final String[][] TYPICAL = {
    {"--help"},
    {"version"},
    {"list", "--help"},
    {"nonsense"},
    {"list", "--nonsense"},
    {"__complete", "--", "li"},
  };

  /** The same with a manager; its place is added. */
  private static final String[][] ASKING = {
    {"list"},
    {"list", "--tree"},
    {"list", "-o", "json"},
    {"list", "-o", "yaml"},
    {"get", "servers"},
    {"describe", "disk0"},
    {"status"},
    {"top", "--once"},
    {"events"},
    {"port"},
    {"lspci"},
    {"ping", "server-a"},
    {"attach", "disk0", "vm1", "--dry-run"},
    {"attach", "disk0", "vm1", "--no-wait"},
    {"list"},
    {"detach", "nothing"},
  };

  @Option(names = "--man", description = "Where manual pages go meanwhile.")
  private Path man;

  @Override
  public Integer call() throws IOException, StoreException, ApiException, InterruptedException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        TrainingFabric fabric = TrainingFabric.begin()) {
      System.setOut(nowhere);
      System.setErr(nowhere);
      for (String[] command : TYPICAL) {
        Main.run(command);
      }
      for (String[] command : ASKING) {
        String[] words = Arrays.copyOf(command, command.length + 2);
        words[command.length] = "--manager";
        words[command.length + 1] = fabric.socket();
        Main.run(words);
      }
      if (man != null) {
        Main.run("man", "--to", man.toString());
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return ExitCode.OK;
  }
}
