package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Question;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Deletes what people have written, of a kind. */
abstract class DeleteCommand extends FabricCommand {
  private final Kind kind;

  @Parameters(index = "0", paramLabel = "NAME", description = "Which.")
  private String name;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(names = "--force", description = "Do not ask servers that have to let go of something.")
  private boolean force;

  DeleteCommand(Kind kind) {
    this.kind = kind;
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    client.get(kind.path(name));
    if (!yes && !agreed()) {
      throw refused(ApiError.FAILED, "nothing is deleted", "nobody agreed", "");
    }
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

  private boolean agreed() throws ApiException, IOException {
    if (terminal().in() && terminal().err()) {
      return Question.ask(System.err, System.in, "Delete %s %s?".formatted(kind.word(), name));
    }
    throw refused(
        ApiError.BAD_REQUEST,
        "nothing is deleted",
        "somebody should agree to that, and there is no terminal to ask at",
        "say -y as well");
  }
}
