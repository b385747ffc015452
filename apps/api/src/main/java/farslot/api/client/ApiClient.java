package farslot.api.client;

import farslot.api.ApiException;
import farslot.api.ApiResponse;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Asks the manager, and turns what it refuses into exceptions. */
public final class ApiClient implements AutoCloseable {
  private final ApiTransport transport;

  public ApiClient(ApiTransport transport) {
    this.transport = transport;
  }

  /**
   * Asks for something.
   *
   * @throws ApiException when the manager says no
   * @throws IOException when it cannot be reached
   */
  public JsonNode get(String path, Map<String, String> query)
      throws ApiException, IOException, InterruptedException {
    return call("GET", path, query, MissingNode.getInstance());
  }

  /** The same without a query. */
  public JsonNode get(String path) throws ApiException, IOException, InterruptedException {
    return get(path, Map.of());
  }

  /** Asks for a change. */
  public JsonNode post(String path, Map<String, String> query, JsonNode body)
      throws ApiException, IOException, InterruptedException {
    return call("POST", path, query, body);
  }

  /** Asks for anything. */
  public JsonNode call(String method, String path, Map<String, String> query, JsonNode body)
      throws ApiException, IOException, InterruptedException {
    ApiResponse response = transport.call(method, path, query, body);
    if (response.isError()) {
      throw ApiException.of(response);
    }
    return response.body();
  }

  /** Where the manager is, for people. */
  public String describe() {
    return transport.describe();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
