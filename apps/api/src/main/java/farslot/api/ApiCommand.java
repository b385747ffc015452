package farslot.api;

import farslot.control.ControlCommand;
import farslot.control.ControlReply;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The command {@code api} of a control socket: requests to the manager by the owner of its process.
 * Arguments {@code method}, {@code path}, {@code query} (an object) and {@code body} (JSON as a
 * text); the answer has {@code status} and {@code body} (JSON as a text).
 */
public final class ApiCommand implements ControlCommand {
  /** Its name. */
  public static final String NAME = "api";

  private static final int QUERY_KEYS_MAX = 64;

  private final ApiHandler handler;

  public ApiCommand(ApiHandler handler) {
    this.handler = handler;
  }

  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    String method = arguments.string("method", "GET");
    String path = arguments.string("path");
    Map<String, String> query = query(arguments);
    String body = arguments.string("body", "");
    arguments.finish();
    ApiResponse response;
    try {
      response =
          handler.handle(new ApiRequest(method, path, query, Json.parse(body), Caller.LOCAL));
    } catch (ApiException e) {
      response = e.response();
    }
    reply.accept(Map.of("status", response.status(), "body", Json.text(response.body()))).flush();
  }

  /** {@code query} comes as {@code ["key=value", ...]}. */
  private static Map<String, String> query(CardConfig arguments) throws CardConfigException {
    Map<String, String> query = new HashMap<>();
    if (arguments.has("query")) {
      for (String each : arguments.strings("query")) {
        int at = each.indexOf('=');
        if (at < 1 || query.size() == QUERY_KEYS_MAX) {
          throw arguments.wrong("query", "at most " + QUERY_KEYS_MAX + " texts KEY=VALUE");
        }
        query.put(each.substring(0, at), each.substring(at + 1));
      }
    }
    return query;
  }
}
