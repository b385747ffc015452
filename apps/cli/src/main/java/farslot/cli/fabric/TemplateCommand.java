package farslot.cli.fabric;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Lists and deletes templates. */
@Command(
    name = "template",
    description = "List and delete templates; 'farslot apply' writes them.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {"  farslot template list", "  farslot template delete NAME -y"},
    subcommands = {TemplateCommand.Show.class, TemplateCommand.Delete.class})
public final class TemplateCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say list or delete");
  }

  /** Says which there are. */
  @Command(name = "list", description = "List templates.")
  static final class Show extends CatalogueCommand {
    Show() {
      super(Kind.TEMPLATE);
    }
  }

  /** Forgets one. */
  @Command(name = "delete", description = "Delete a template that nobody uses.")
  static final class Delete extends DeleteCommand {
    Delete() {
      super(Kind.TEMPLATE);
    }
  }
}
