package farslot.api;

import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * Something that the manager is asked.
 *
 * @param method as in HTTP, upper case
 * @param path decoded, without query, such as {@code /api/v1/functions}
 * @param query decoded; of a key that comes twice, the last
 * @param body the missing node if there is none
 */
public record ApiRequest(
    String method, String path, Map<String, String> query, JsonNode body, Caller caller) {
  public ApiRequest {
    Objects.requireNonNull(body);
    query = Map.copyOf(query);
  }

  /** A query's value; "" if it is not there. */
  public String query(String key) {
    return query.getOrDefault(key, "");
  }
}
