package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Does something with all slots of a profile at once. */
@Command(
    name = "profile",
    description = {
      "Apply a profile to a server, move it to another as a whole, or take it from its server.",
      "'farslot apply' writes profiles, 'farslot get profile' lists them."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot profile apply web server-a/vm1 --dry-run",
      "  farslot profile move web server-b/vm2",
      "  farslot profile move web --force -y      # its server is dead; to its first candidate",
      "  farslot profile detach web --release"
    },
    subcommands = {
      ProfileCommand.Show.class,
      ProfileCommand.Apply.class,
      ProfileCommand.Move.class,
      ProfileCommand.Detach.class,
      ProfileCommand.Cancel.class,
      ProfileCommand.Delete.class
    })
public final class ProfileCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say list, apply, move, detach, cancel or delete");
  }

  private static String path(String name, String verb) {
    return Kind.PROFILE.path(name) + "/" + verb;
  }

  /** Says which there are. */
  @Command(name = "list", description = "List profiles.")
  static final class Show extends CatalogueCommand {
    Show() {
      super(Kind.PROFILE);
    }
  }

  /** To a server. */
  @Command(name = "apply", description = "Attach what a profile's slots name to a server or guest.")
  static final class Apply extends PlanCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "Which.")
    private String name;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "SERVER[/GUEST]",
        description = "Where; what the profile says, by default.")
    private String holder;

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      return carryOut(client, path(name, "apply"), to(client, holder), false);
    }
  }

  /** To another server. */
  @Command(
      name = "move",
      description =
          "Move all slots of a profile to another server or guest, with their identities.")
  static final class Move extends PlanCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "Which.")
    private String name;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "SERVER[/GUEST]",
        description = "Where; its first candidate that is there, by default.")
    private String holder;

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      return carryOut(client, path(name, "move"), to(client, holder), false);
    }
  }

  /** From its server. */
  @Command(name = "detach", description = "Take all slots of a profile from its server.")
  static final class Detach extends PlanCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "Which.")
    private String name;

    @Option(
        names = "--release",
        description = "Its functions are free for others afterwards; otherwise they stay its own.")
    private boolean release;

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      ObjectNode body = Json.object().put("release", release);
      return carryOut(client, path(name, "detach"), body, false);
    }
  }

  /** Puts back what is under way. */
  @Command(name = "cancel", description = "Give up the change of a profile that is under way.")
  static final class Cancel extends FabricCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "Which.")
    private String name;

    @Override
    int run(ApiClient client) throws ApiException, IOException, InterruptedException {
      JsonNode result = client.post(path(name, "cancel"), Map.of(), MissingNode.getInstance());
      output.print(
          System.out,
          result,
          () -> java.util.List.of(name),
          () -> System.out.printf("%s: given up, everything is put back%n", name));
      return OK;
    }
  }

  /** Forgets it. */
  @Command(name = "delete", description = "Delete a profile; its functions are free then.")
  static final class Delete extends DeleteCommand {
    Delete() {
      super(Kind.PROFILE);
    }
  }

  private static ObjectNode to(ApiClient client, String holder)
      throws ApiException, IOException, InterruptedException {
    ObjectNode body = Json.object();
    if (holder != null) {
      FunctionNames.Holder to = FunctionNames.holder(client, holder);
      body.put("server", to.server()).put("guest", to.guest());
    }
    return body;
  }
}
