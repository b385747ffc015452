package farslot.api.client;

import farslot.api.ApiResponse;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A way to the manager. By several threads at a time. */
public interface ApiTransport extends AutoCloseable {
  /**
   * Asks.
   *
   * @param body the missing node for none
   * @throws java.net.ConnectException when nobody answers there
   * @throws IOException when the way breaks; whether the request was done is not known then
   */
  ApiResponse call(String method, String path, Map<String, String> query, JsonNode body)
      throws IOException, InterruptedException;

  /** Where it leads, for people. */
  String describe();

  @Override
  void close() throws IOException;
}
