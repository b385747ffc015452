package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.URIUtil;

/** HTTP as a request of the API. */
final class HttpRequests {
  private HttpRequests() {}

  /** What is asked for; {@code HEAD} asks the same as {@code GET} does (RFC 9110, 9.3.2). */
  static ApiRequest read(Request request, String path, byte[] body, Caller caller)
      throws ApiException {
    boolean head = HttpMethod.HEAD.is(request.getMethod());
    return new ApiRequest(
        head ? HttpMethod.GET.asString() : request.getMethod(),
        path,
        query(request),
        Json.parse(utf8(body)),
        caller);
  }

  /** Whether it changes nothing. */
  static boolean isQuestion(Request request) {
    return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
  }

  /**
   * The path, decoded once; nothing is taken out of it, because two programs that do that
   * differently hide requests from each other.
   */
  static String path(Request request) throws ApiException {
    if (request.getHeaders().size() > HttpLimits.HEADERS_MAX) {
      throw tooLarge("it has more than " + HttpLimits.HEADERS_MAX + " headers");
    }
    String path = request.getHttpURI().getPath();
    if (path == null || !path.startsWith("/") || path.indexOf(';') >= 0) {
      throw malformed("its target is no path");
    }
    if (path.length() > HttpLimits.PATH_CHARS_MAX) {
      throw malformed("its path has more than " + HttpLimits.PATH_CHARS_MAX + " characters");
    }
    try {
      return URIUtil.decodePath(path);
    } catch (IllegalArgumentException e) {
      throw malformed("its path cannot be decoded");
    }
  }

  private static Map<String, String> query(Request request) throws ApiException {
    String raw = request.getHttpURI().getQuery();
    if (raw != null && raw.length() > HttpLimits.PATH_CHARS_MAX) {
      throw malformed("its query cannot be read: it is too long");
    }
    Fields fields;
    try {
      fields = Request.extractQueryParameters(request);
    } catch (IllegalArgumentException | IllegalStateException | HttpException.RuntimeException e) {
      throw malformed("its query cannot be decoded");
    }
    if (fields.getSize() > HttpLimits.QUERY_KEYS_MAX) {
      throw malformed("its query has more than " + HttpLimits.QUERY_KEYS_MAX + " keys");
    }
    Map<String, String> query = new HashMap<>();
    for (Fields.Field each : fields) {
      query.put(each.getName(), each.getValues().getLast());
    }
    return query;
  }

  /**
   * A request's body. Whoever waits to be told to send it, is told when it is read.
   *
   * @throws ApiException if it is malformed, or longer than it may be
   */
  static byte[] body(Request request, int bytesMax) throws ApiException, IOException {
    String encoding = request.getHeaders().get(HttpHeader.TRANSFER_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("chunked")) {
      throw malformed("of transfer encodings only 'chunked' is known"); // The library takes others.
    }
    if (request.getLength() > bytesMax) {
      throw bodyTooLarge(bytesMax);
    }
    byte[] body;
    try {
      body = input(request).readNBytes(bytesMax + 1);
    } catch (HttpException.RuntimeException e) {
      throw malformed(reason(e));
    } catch (IOException e) {
      if (e instanceof HttpException broken) {
        throw malformed(reason(broken));
      }
      throw e;
    }
    if (body.length > bytesMax) {
      throw bodyTooLarge(bytesMax);
    }
    return body;
  }

  /** What is still to come of a request. */
  static InputStream input(Request request) {
    return Content.Source.asInputStream(request);
  }

  private static String reason(HttpException e) {
    return e.getReason() == null ? "its body is malformed" : e.getReason();
  }

  private static ApiException bodyTooLarge(int bytesMax) {
    return tooLarge("its body has more than " + bytesMax + " bytes");
  }

  static ApiException tooLarge(String why) {
    return new ApiException(ApiError.TOO_LARGE, "the request is refused", why, "send less at once");
  }

  static ApiException malformed(String why) {
    return new ApiException(ApiError.BAD_REQUEST, "the request is refused", why, "");
  }

  private static String utf8(byte[] body) throws ApiException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("its body is no UTF-8");
    }
  }
}
