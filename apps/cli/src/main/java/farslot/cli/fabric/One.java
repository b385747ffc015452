package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Finds one thing. */
final class One {
  private One() {}

  static JsonNode get(ApiClient client, Kind kind, String name)
      throws ApiException, IOException, InterruptedException {
    if (kind == Kind.EVENT) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "events have no names", "", "farslot events --subject " + name);
    }
    boolean isShort = kind.isNested() && !name.contains("/");
    return client.get(kind.path(isShort ? whole(client, kind, name) : name));
  }

  private static String whole(ApiClient client, Kind kind, String name)
      throws ApiException, IOException, InterruptedException {
    return kind == Kind.GUEST
        ? FunctionNames.holder(client, name).toString()
        : FunctionNames.function(client, name);
  }
}
