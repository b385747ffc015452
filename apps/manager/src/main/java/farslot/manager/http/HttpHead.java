package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What stands before a request's body (RFC 9112). Strict where two programs might read it
 * differently, because that is how one hides a request from another.
 *
 * @param method as it was sent
 * @param target path and query, as they were sent
 * @param headers by their names in lower case; of several of one name, all, with commas between
 * @param persistent whether the connection goes on after the answer
 */
record HttpHead(String method, String target, Map<String, String> headers, boolean persistent) {
  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
  private static final String LAST = "HTTP/1.1";

  /** Reads one; nothing of the connection can be used after an exception. */
  static HttpHead read(HttpInput in) throws IOException, ApiException {
    in.begin();
    String first = in.line();
    if (first.isEmpty()) {
      first = in.line(); // RFC 9112, 2.2: one is passed over.
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3 || !words[0].matches("[A-Z]{1,16}") || words[1].isEmpty()) {
      throw malformed("its first line is not METHOD PATH HTTP/1.1");
    }
    if (!words[2].matches("HTTP/1\\.[01]")) {
      throw malformed("it is none of HTTP/1.1 or HTTP/1.0");
    }
    Map<String, String> headers = headers(in);
    boolean last = words[2].equals(LAST);
    if (last && (!headers.containsKey("host") || headers.get("host").contains(","))) {
      throw malformed("it needs one header 'Host'"); // RFC 9112, 3.2
    }
    boolean close =
        headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
    return new HttpHead(words[0], target(words[1]), Map.copyOf(headers), last && !close);
  }

  private static Map<String, String> headers(HttpInput in) throws IOException, ApiException {
    Map<String, String> headers = new HashMap<>();
    int count = 0;
    for (String line = in.line(); !line.isEmpty(); line = in.line()) {
      if (++count > HttpLimits.HEADERS_MAX) {
        throw HttpInput.tooLarge("it has more than " + HttpLimits.HEADERS_MAX + " headers");
      }
      int colon = line.indexOf(':');
      if (colon < 1 || !line.substring(0, colon).matches(TOKEN)) {
        throw malformed("one of its headers is not NAME: VALUE");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      headers.merge(name, value, (before, more) -> before + ", " + more);
    }
    return headers;
  }

  /** RFC 9112, 3.2.2: a whole URI is taken as well, and its host is not looked at. */
  private static String target(String target) throws ApiException {
    if (target.startsWith("/")) {
      return target;
    }
    int slashes = target.startsWith("https://") ? target.indexOf('/', "https://".length()) : -1;
    if (slashes < 0) {
      throw malformed("its target is no path");
    }
    return target.substring(slashes);
  }

  /** As it was sent, without the query. */
  String path() {
    return target.split("\\?", 2)[0];
  }

  /** Whether it changes nothing. */
  boolean isQuestion() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** The value of a header; "" if it is not there. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Whether the sender waits to be told to send the body. */
  boolean expectsContinue() {
    return header("expect").equalsIgnoreCase("100-continue");
  }

  boolean isChunked() {
    return headers.containsKey("transfer-encoding");
  }

  /**
   * How long the body is, unless it is chunked.
   *
   * @throws ApiException if that is not said, or said twice
   */
  long bodyBytes() throws ApiException {
    String length = header("content-length");
    if (isChunked()) {
      if (!header("transfer-encoding").equalsIgnoreCase("chunked")) {
        throw malformed("of transfer encodings only 'chunked' is known");
      }
      if (headers.containsKey("content-length")) {
        throw malformed("it says twice how long it is"); // RFC 9112, 6.3
      }
      return -1;
    }
    if (!headers.containsKey("content-length")) {
      return 0;
    }
    if (!length.matches("\\d{1,18}")) {
      throw malformed("its Content-Length is no number");
    }
    return Long.parseLong(length);
  }

  static ApiException malformed(String why) {
    return new ApiException(ApiError.BAD_REQUEST, "the request is refused", why, "");
  }
}
