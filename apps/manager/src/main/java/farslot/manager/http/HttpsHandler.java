package farslot.manager.http;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.ApiRequest;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Role;
import farslot.manager.access.Access;
import farslot.manager.http.Connections.Connection;
import farslot.pki.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Who asks what, and what is answered. Each request has a virtual thread, which may wait. */
final class HttpsHandler extends Handler.Abstract {
  private static final Logger LOG = System.getLogger("farslot.manager.http");

  private static final String ANY = "any request";

  private final Semaphore room = new Semaphore(HttpLimits.REQUESTS_MAX);
  private final Semaphore anonymousRoom = new Semaphore(HttpLimits.ANONYMOUS_REQUESTS_MAX);
  private final Connections connections;
  private final Tls tls;
  private final Access access;
  private final ApiHandler api;
  private final HttpAnswers answers;

  HttpsHandler(
      Connections connections, Tls tls, Access access, ApiHandler api, HttpAnswers answers) {
    this.connections = connections;
    this.tls = tls;
    this.access = access;
    this.api = api;
    this.answers = answers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    try {
      Connection connection = connections.of(endPoint);
      connection.within(HttpLimits.REQUEST_SECONDS_MAX);
      Answer answer = answer(request, connection, endPoint);
      connection.within(HttpLimits.REQUEST_SECONDS_MAX);
      ByteBuffer body = answers.begin(response, answer.response, answer.goesOn);
      Content.Sink.write(response, true, body);
      if (answer.goesOn) {
        connection.within(HttpLimits.IDLE_SECONDS_MAX);
      } else {
        leave(request, connection, endPoint);
      }
      callback.succeeded();
    } catch (IOException e) {
      LOG.log(Level.TRACE, "a connection was cut off", e);
      callback.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    }
    return true;
  }

  /**
   * @param goesOn whether another request may follow
   */
  private record Answer(ApiResponse response, boolean goesOn) {}

  /**
   * Strangers get one answer; and behind a body that was not read nobody finds the next request.
   */
  private Answer answer(Request request, Connection connection, EndPoint endPoint)
      throws IOException, InterruptedException {
    try {
      String path = HttpRequests.path(request);
      Caller caller = caller(endPoint, connection.address());
      require(caller, path, connection);
      ApiRequest asked;
      try {
        byte[] body = HttpRequests.body(request, bodyBytesMax(caller));
        asked = HttpRequests.read(request, path, body, caller);
      } catch (ApiException e) {
        if (!HttpRequests.isQuestion(request)) {
          access.refused(caller, request.getMethod() + " " + path, e);
        }
        throw e;
      }
      connection.within(HttpLimits.ANSWER_SECONDS_MAX);
      return new Answer(answered(asked), isKnown(caller) && isPersistent(request));
    } catch (ApiException e) {
      return new Answer(e.response(), false);
    }
  }

  /** Not behind a body in chunks either: of these the library takes what others would not. */
  private static boolean isPersistent(Request request) {
    return !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
        && !request.getHeaders().contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
  }

  private Caller caller(EndPoint endPoint, String from) throws ApiException {
    try {
      return access.callers().of(tls, endPoint.getSslSessionData().sslSession(), from);
    } catch (ApiException e) {
      access.refused(new Caller(Caller.Kind.ANONYMOUS, "", Role.NONE, "", from), ANY, e);
      throw e;
    }
  }

  /** Before the body is read. */
  private void require(Caller caller, String path, Connection connection) throws ApiException {
    if (!isKnown(caller)) {
      requireJoin(caller, path);
      return;
    }
    String who = caller.kind().name().toLowerCase(Locale.ROOT) + "/" + caller.name();
    if (!connection.isOf(who)) {
      throw busy(
          "%s has %d connections already".formatted(who, HttpLimits.CONNECTIONS_OF_MEMBER_MAX));
    }
  }

  private void requireJoin(Caller caller, String path) throws ApiException {
    if (!path.equals(HttpsApi.JOIN)) {
      ApiException refused =
          new ApiException(
              ApiError.UNAUTHENTICATED,
              "nobody is answered who has not said who he is",
              "no client certificate came along",
              "farslot join, with a token from 'farslot ca token'");
      access.refused(caller, ANY, refused);
      throw refused;
    }
  }

  private ApiResponse answered(ApiRequest request) throws ApiException, InterruptedException {
    Semaphore ours = isKnown(request.caller()) ? room : anonymousRoom;
    if (!ours.tryAcquire()) {
      throw busy("too many ask at once");
    }
    try {
      return handled(request);
    } finally {
      ours.release();
    }
  }

  private ApiResponse handled(ApiRequest request) throws InterruptedException {
    try {
      return api.handle(request);
    } catch (ApiException e) {
      return e.response();
    } catch (RuntimeException e) {
      return HttpAnswers.broken(e).response();
    }
  }

  private static boolean isKnown(Caller caller) {
    return caller.kind() != Caller.Kind.ANONYMOUS;
  }

  private static int bodyBytesMax(Caller caller) {
    return isKnown(caller) ? HttpLimits.BODY_BYTES_MAX : HttpLimits.ANONYMOUS_BODY_BYTES_MAX;
  }

  private static ApiException busy(String why) {
    return new ApiException(
        ApiError.BUSY, "the manager has too much to do", why, "ask again later");
  }

  /**
   * Says that no more is to come, then waits a moment for the other end to have heard: closing on
   * what it still sends would take the answer away from it (RFC 9112, 9.6).
   */
  private static void leave(Request request, Connection connection, EndPoint endPoint) {
    connection.within(HttpLimits.LEAVE_SECONDS_MAX);
    endPoint.shutdownOutput();
    try (InputStream rest = HttpRequests.input(request)) {
      rest.skip(HttpLimits.DRAIN_BYTES_MAX);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.TRACE, "it has heard", e);
    }
  }
}
