package farslot.cli.fabric;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Who belongs to the fabric: its authority, tokens, certificates, roles. */
@Command(
    name = "ca",
    description = {
      "The fabric's authority: who belongs to it, by which certificate, with which role.",
      "A token lets one machine or person join, once. docs/security.md says what all this is worth."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot ca token --kind initiator --name hv1",
      "  farslot ca token --kind user --name ann --role operator --tenant acme --expires 1d",
      "  farslot ca list",
      "  farslot ca role user/ann --role viewer",
      "  farslot ca revoke initiator/hv1"
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CaShowCommand.class,
      CaInitCommand.class,
      CaTokenCommand.class,
      CaTokensCommand.class,
      CaListCommand.class,
      CaSignCommand.class,
      CaRenewCommand.class,
      CaRoleCommand.class,
      CaRevokeCommand.class,
      CaRotateCommand.class
    })
public final class CaCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: show, token, list, revoke, ...");
  }
}
