package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Lists what people have written, of a kind. */
abstract class CatalogueCommand extends FabricCommand {
  private final Kind kind;

  CatalogueCommand(Kind kind) {
    this.kind = kind;
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.get(kind.path());
    List<JsonNode> items = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(kind::nameOf).toList(),
        () -> Rows.table(kind, items).print(System.out, terminal(), output.wide()));
    if (items.isEmpty() && output.forPeople()) {
      say("there are no %s", kind.plural());
    }
    return OK;
  }
}
