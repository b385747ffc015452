package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Deletes what people have written, of a kind. */
abstract class DeleteCommand extends FabricCommand {
  private final Kind kind;

  @Parameters(index = "0", paramLabel = "NAME", description = "Which.")
  private String name;

  @Mixin private YesOption yes;

  @Option(names = "--force", description = "Do not ask servers that have to let go of something.")
  private boolean force;

  DeleteCommand(Kind kind) {
    this.kind = kind;
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    client.get(kind.path(name));
    yes.require("Delete %s %s?".formatted(kind.word(), name), "nothing is deleted", "");
    JsonNode result =
        client.call(
            "DELETE",
            kind.path(name),
            force ? Map.of("force", "true") : Map.of(),
            MissingNode.getInstance());
    output.print(
        System.out,
        result,
        () -> List.of(name),
        () -> System.out.printf("%s %s: deleted%n", kind.word(), name));
    return OK;
  }
}
