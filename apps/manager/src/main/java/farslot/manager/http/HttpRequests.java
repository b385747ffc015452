package farslot.manager.http;

import com.sun.net.httpserver.HttpExchange;
import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** HTTP as a request of the API. */
final class HttpRequests {
  private HttpRequests() {}

  static ApiRequest read(HttpExchange exchange, Caller caller, int bodyBytesMax)
      throws ApiException, IOException {
    URI uri = exchange.getRequestURI();
    String path = uri.getPath();
    if (path == null || path.length() > HttpLimits.PATH_CHARS_MAX) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "the request is refused",
          "its path has more than " + HttpLimits.PATH_CHARS_MAX + " characters",
          "");
    }
    String body = body(exchange, bodyBytesMax);
    return new ApiRequest(
        exchange.getRequestMethod(), path, query(uri.getRawQuery()), Json.parse(body), caller);
  }

  private static String body(HttpExchange exchange, int bytesMax) throws ApiException, IOException {
    String announced = exchange.getRequestHeaders().getFirst("Content-Length");
    if (announced != null && announced.strip().length() > 10) {
      throw tooLarge(bytesMax);
    }
    byte[] bytes;
    try (InputStream in = exchange.getRequestBody()) {
      bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw tooLarge(bytesMax);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "its body is no UTF-8", "");
    }
  }

  private static ApiException tooLarge(int bytesMax) {
    return new ApiException(
        ApiError.TOO_LARGE,
        "the request is refused",
        "its body has more than " + bytesMax + " bytes",
        "send less at once");
  }

  private static Map<String, String> query(String raw) throws ApiException {
    Map<String, String> query = new HashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    String[] pairs = raw.split("&", HttpLimits.QUERY_KEYS_MAX + 1);
    if (pairs.length > HttpLimits.QUERY_KEYS_MAX || raw.length() > HttpLimits.PATH_CHARS_MAX) {
      throw wrongQuery("it is too long");
    }
    for (String pair : pairs) {
      String[] both = pair.split("=", 2);
      try {
        String value = both.length == 2 ? both[1] : "";
        query.put(
            URLDecoder.decode(both[0], StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw wrongQuery("a '%' is not followed by two digits");
      }
    }
    return query;
  }

  private static ApiException wrongQuery(String why) {
    return new ApiException(
        ApiError.BAD_REQUEST, "the request is refused", "its query cannot be read: " + why, "");
  }
}
