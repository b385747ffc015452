package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.api.client.HttpsTransport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers of the API as HTTP; also those to what is no request, which the library finds. */
final class HttpAnswers extends ErrorHandler {
  private static final Logger LOG = System.getLogger("farslot.manager.http");

  private final Supplier<String> trust;

  /**
   * @param trust what an answer says of whom to trust
   */
  HttpAnswers(Supplier<String> trust) {
    this.trust = trust;
  }

  /**
   * Fills in the head.
   *
   * @return the body, to be written
   */
  ByteBuffer begin(Response response, ApiResponse answer, boolean goesOn) {
    byte[] body =
        answer.body().isMissingNode()
            ? new byte[0]
            : (Json.text(answer.body()) + "\n").getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    HttpFields.Mutable head = response.getHeaders();
    head.put(HttpHeader.CONTENT_TYPE, "application/json");
    head.put(HttpHeader.CONTENT_LENGTH, body.length);
    head.put(HttpHeader.CACHE_CONTROL, "no-store");
    head.put(HttpsTransport.TRUST_HEADER, trust.get());
    if (!goesOn) {
      head.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    return ByteBuffer.wrap(body);
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request, Response response, int code, String why, Throwable e, Callback callback) {
    ApiException refused =
        switch (code) {
          case HttpStatus.PAYLOAD_TOO_LARGE_413,
              HttpStatus.URI_TOO_LONG_414,
              HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
              HttpRequests.tooLarge(why);
          case HttpStatus.INTERNAL_SERVER_ERROR_500 -> broken(e);
          default -> HttpRequests.malformed(why);
        };
    ApiResponse answer = refused.response();
    response.write(true, begin(response, answer, false), callback);
  }

  /** A mistake of ours, which the library caught. */
  static ApiException broken(Throwable e) {
    LOG.log(Level.ERROR, "a request could not be answered", e);
    return new ApiException(
        ApiError.FAILED,
        "the manager could not answer",
        "it is a mistake of its own, and its log says more",
        "farslot support-bundle");
  }
}
