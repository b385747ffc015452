package farslot.cli.fabric;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Lists and deletes pools. */
@Command(
    name = "pool",
    description = "List and delete pools; 'farslot apply' writes them.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {"  farslot pool list", "  farslot pool delete NAME -y"},
    subcommands = {PoolCommand.Show.class, PoolCommand.Delete.class})
public final class PoolCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say list or delete");
  }

  /** Says which there are. */
  @Command(name = "list", description = "List pools.")
  static final class Show extends CatalogueCommand {
    Show() {
      super(Kind.POOL);
    }
  }

  /** Forgets one. */
  @Command(name = "delete", description = "Delete a pool that nobody uses.")
  static final class Delete extends DeleteCommand {
    Delete() {
      super(Kind.POOL);
    }
  }
}
