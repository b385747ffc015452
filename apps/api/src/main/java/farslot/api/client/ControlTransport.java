package farslot.api.client;

import farslot.api.ApiCommand;
import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** To a manager on this machine, by its process's control socket: a connection a request. */
public final class ControlTransport implements ApiTransport {
  private final Path socket;

  public ControlTransport(Path socket) {
    this.socket = socket;
  }

  @Override
  public ApiResponse call(String method, String path, Map<String, String> query, JsonNode body)
      throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("command", ApiCommand.NAME);
    request.put("method", method);
    request.put("path", path);
    List<String> pairs =
        query.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
    if (!pairs.isEmpty()) {
      request.put("query", pairs);
    }
    if (!body.isMissingNode()) {
      request.put("body", Json.text(body));
    }
    try (ControlClient client = new ControlClient(socket)) {
      Map<?, ?> answer = client.ask(request);
      if (!(answer.get("status") instanceof Integer status)) {
        throw new IOException(socket + ": what answers is no manager");
      }
      return new ApiResponse(status, Json.parse(String.valueOf(answer.get("body"))));
    } catch (ApiException e) {
      throw new IOException(socket + ": the manager answers no JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public String describe() {
    return socket.toString();
  }

  @Override
  public void close() {}
}
