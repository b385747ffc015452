package farslot.manager.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiHandler;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.client.HttpsTransport;
import farslot.manager.access.Access;
import farslot.pki.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Listens for requests. There is no way to have it without TLS. A client's certificate is asked
 * for; who has none may join, and nothing else. A virtual thread a request.
 */
public final class HttpsApi implements AutoCloseable {
  /** What may be asked by who has not said who it is. */
  public static final String JOIN = "/api/v1/join";

  private static final Logger LOG = System.getLogger("farslot.manager.http");
  private static final int BACKLOG = 256;
  private static final int STOP_SECONDS = 1;

  static {
    HttpLimits.tellJdk();
  }

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(HttpLimits.REQUESTS_MAX);
  private final Semaphore anonymousRoom = new Semaphore(HttpLimits.ANONYMOUS_REQUESTS_MAX);
  private final Tls tls;
  private final Access access;
  private final ApiHandler handler;

  /**
   * Begins to listen.
   *
   * @param at port 0 for any
   * @param tls made by {@link Tls#checkedLater}
   * @throws java.net.BindException if another process has the address
   */
  public HttpsApi(InetSocketAddress at, Tls tls, Access access, ApiHandler handler)
      throws IOException {
    this.tls = tls;
    this.access = access;
    this.handler = handler;
    try {
      server = HttpsServer.create(at, BACKLOG);
    } catch (java.net.BindException e) {
      throw (java.net.BindException)
          new java.net.BindException(
                  "the API cannot listen on %s:%d: %s"
                      .formatted(at.getHostString(), at.getPort(), e.getMessage()))
              .initCause(e);
    }
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.parameters());
          }
        });
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      ApiResponse response;
      if (room.tryAcquire()) {
        try {
          response = answer(exchange);
        } finally {
          room.release();
        }
      } else {
        response = busy().response();
      }
      send(exchange, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ApiResponse answer(HttpExchange exchange) throws IOException, InterruptedException {
    try {
      Caller caller = caller((HttpsExchange) exchange);
      boolean anonymous = caller.kind() == Caller.Kind.ANONYMOUS;
      if (!anonymous) {
        return handler.handle(HttpRequests.read(exchange, caller, HttpLimits.BODY_BYTES_MAX));
      }
      if (!anonymousRoom.tryAcquire()) {
        throw busy();
      }
      try {
        return handler.handle(
            HttpRequests.read(exchange, caller, HttpLimits.ANONYMOUS_BODY_BYTES_MAX));
      } finally {
        anonymousRoom.release();
      }
    } catch (ApiException e) {
      return e.response();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be answered: " + exchange.getRequestMethod(), e);
      return new ApiException(
              ApiError.FAILED,
              "the manager could not answer",
              "it is a mistake of its own, and its log says more",
              "farslot support-bundle")
          .response();
    }
  }

  private Caller caller(HttpsExchange exchange) throws ApiException {
    String from = exchange.getRemoteAddress().getAddress().getHostAddress();
    try {
      Caller caller = access.callers().of(tls, exchange.getSSLSession(), from);
      if (caller.kind() == Caller.Kind.ANONYMOUS) {
        requireJoin(exchange);
      }
      return caller;
    } catch (ApiException e) {
      access.refused(
          new Caller(Caller.Kind.ANONYMOUS, "", farslot.api.Role.NONE, "", from), "any request", e);
      throw e;
    }
  }

  private static void requireJoin(HttpExchange exchange) throws ApiException {
    if (!exchange.getRequestURI().getPath().equals(JOIN)) {
      throw new ApiException(
          ApiError.UNAUTHENTICATED,
          "nobody is answered who has not said who he is",
          "no client certificate came along",
          "farslot join, with a token from 'farslot ca token'");
    }
  }

  private static ApiException busy() {
    return new ApiException(
        ApiError.BUSY, "the manager has too much to do", "too many ask at once", "ask again later");
  }

  private void send(HttpExchange exchange, ApiResponse response) throws IOException {
    byte[] body =
        response.body().isMissingNode()
            ? new byte[0]
            : (Json.text(response.body()) + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set(HttpsTransport.TRUST_HEADER, access.trust().id());
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Stops listening, and ends what is under way after a second. */
  @Override
  public void close() {
    threads.shutdown(); // No request is begun any more; those that wait are interrupted below.
    threads.shutdownNow();
    server.stop(STOP_SECONDS);
  }
}
