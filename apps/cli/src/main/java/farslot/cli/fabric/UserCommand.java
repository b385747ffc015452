package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Says and changes who may do what. */
@Command(
    name = "user",
    description = {
      "List users, give them roles and tenants, and remove them.",
      "A viewer looks; an operator attaches, detaches, moves and writes profiles; an admin also says who "
          + "may do what. A user with a tenant sees that tenant's functions only."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot user list",
      "  farslot user set ann --role operator --tenant blue",
      "  farslot user remove ann -y       # her certificates are revoked, too",
      "  farslot user whoami"
    },
    subcommands = {
      UserCommand.Show.class,
      UserCommand.Change.class,
      UserCommand.Remove.class,
      UserCommand.WhoAmI.class
    })
public final class UserCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say list, set, remove or whoami");
  }

  /** Says who there is. */
  @Command(name = "list", description = "List users, and agents that have joined.")
  static final class Show extends CatalogueCommand {
    Show() {
      super(Kind.MEMBER);
    }
  }

  /** Gives a role. */
  @Command(
      name = "set",
      description = "Give a user a role, a tenant, or both; make one that is new.")
  static final class Change extends FabricCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "Who.")
    private String name;

    @Mixin private MemberOption member;

    @Override
    void check() {
      member.check(this);
    }

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      member.change(client, "user/" + name, output);
      return OK;
    }
  }

  /** Takes everything. */
  @Command(name = "remove", description = "Remove a user; certificates of that name count no more.")
  static final class Remove extends FabricCommand {
    @Parameters(index = "0", paramLabel = "USER", description = "Who.")
    private String name;

    @Mixin private YesOption yes;

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      yes.require("Remove user %s?".formatted(name), "nobody is removed", "");
      JsonNode result =
          client.call(
              "DELETE", "/api/v1/members/user/" + name, Map.of(), MissingNode.getInstance());
      output.print(
          System.out, result, () -> List.of(name), () -> System.out.printf("%s: removed%n", name));
      return OK;
    }
  }

  /** Says who asks. */
  @Command(name = "whoami", description = "Show as whom the manager knows this terminal.")
  static final class WhoAmI extends FabricCommand {
    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      JsonNode result = client.get("/api/v1/whoami");
      output.print(
          System.out,
          result,
          () -> List.of(Items.text(result, "who")),
          () -> new Description(terminal().outColoured()).print(result, System.out));
      return OK;
    }
  }
}
