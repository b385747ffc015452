package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** HTTP as a request of the API. */
final class HttpRequests {
  private static final String GET = "GET";
  private static final String HEAD = "HEAD";

  private HttpRequests() {}

  /** What is asked for; {@code HEAD} asks the same as {@code GET} does (RFC 9110, 9.3.2). */
  static ApiRequest read(HttpHead head, byte[] body, Caller caller) throws ApiException {
    String[] target = head.target().split("\\?", 2);
    if (target[0].length() > HttpLimits.PATH_CHARS_MAX) {
      throw HttpHead.malformed(
          "its path has more than " + HttpLimits.PATH_CHARS_MAX + " characters");
    }
    String method = head.method().equals(HEAD) ? GET : head.method();
    return new ApiRequest(
        method,
        decoded("path", target[0]),
        query(target.length == 2 ? target[1] : ""),
        Json.parse(utf8("body", body)),
        caller);
  }

  /**
   * A request's body.
   *
   * @param goOn tells the sender that it is wanted, if it waits for that
   */
  static byte[] body(HttpHead head, HttpInput in, int bytesMax, GoOn goOn)
      throws ApiException, IOException {
    long announced = head.bodyBytes();
    if (announced > bytesMax) {
      throw HttpInput.bodyTooLarge(bytesMax);
    }
    if (announced != 0 && head.expectsContinue()) {
      goOn.tell();
    }
    return announced < 0 ? in.chunks(bytesMax) : in.bytes((int) announced);
  }

  /** Tells a sender to send the body. */
  interface GoOn {
    void tell() throws IOException;
  }

  private static Map<String, String> query(String raw) throws ApiException {
    Map<String, String> query = new HashMap<>();
    if (raw.isEmpty()) {
      return query;
    }
    String[] pairs = raw.split("&", HttpLimits.QUERY_KEYS_MAX + 1);
    if (pairs.length > HttpLimits.QUERY_KEYS_MAX || raw.length() > HttpLimits.PATH_CHARS_MAX) {
      throw HttpHead.malformed("its query cannot be read: it is too long");
    }
    for (String pair : pairs) {
      String[] both = pair.split("=", 2);
      String value = both.length == 2 ? both[1] : "";
      query.put(
          decoded("query", both[0].replace('+', ' ')), decoded("query", value.replace('+', ' ')));
    }
    return query;
  }

  /** Once: {@code %2541} is {@code %41}. */
  private static String decoded(String what, String text) throws ApiException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 127) {
        throw HttpHead.malformed("its " + what + " has characters that have to be escaped");
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw HttpHead.malformed("in its " + what + " a '%' is not followed by two digits");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return utf8(what, bytes.toByteArray());
  }

  private static String utf8(String what, byte[] bytes) throws ApiException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "its " + what + " is no UTF-8", "");
    }
  }
}
