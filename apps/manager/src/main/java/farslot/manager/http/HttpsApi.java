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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Listens for requests. There is no way to have it without TLS. A client's certificate is asked
 * for; who has none may join, and nothing else. A virtual thread a connection.
 *
 * <p>The JDK's own server is not used because it counts connections only as a whole: one address
 * would keep out all others.
 */
public final class HttpsApi implements AutoCloseable {
  /** What may be asked by who has not said who it is. */
  public static final String JOIN = "/api/v1/join";

  private static final Logger LOG = System.getLogger("farslot.manager.http");
  private static final int BACKLOG = 1024;
  private static final long LOOK_MS = 500;
  private static final long PAUSE_MS = 100;
  private static final long STOP_SECONDS = 1;

  private final ServerSocket server;
  private final Connections connections = new Connections(System::nanoTime);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("api late").unstarted(task));
  private final Semaphore room = new Semaphore(HttpLimits.REQUESTS_MAX);
  private final Semaphore anonymousRoom = new Semaphore(HttpLimits.ANONYMOUS_REQUESTS_MAX);
  private final Tls tls;
  private final Access access;
  private final ApiHandler handler;
  private volatile boolean closed;

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
    server = new ServerSocket();
    try {
      server.bind(at, BACKLOG);
    } catch (java.net.BindException e) {
      server.close();
      throw (java.net.BindException)
          new java.net.BindException(
                  "the API cannot listen on %s:%d: %s"
                      .formatted(at.getHostString(), at.getPort(), e.getMessage()))
              .initCause(e);
    }
    watch.scheduleWithFixedDelay(connections::cutOffLate, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    Thread.ofPlatform().daemon().name("api accept").start(this::accept);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    boolean failing = false;
    while (!closed) {
      try {
        begin(server.accept());
        failing = false;
      } catch (IOException | RejectedExecutionException e) {
        if (!closed && !failing) {
          LOG.log(Level.ERROR, "no connection can be accepted now: {0}", e.getMessage());
          failing = true;
        }
        pause();
      }
    }
  }

  /** Out of descriptors: they come back when others leave. */
  private void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(Socket socket) throws IOException {
    Optional<Connection> connection = connections.admit(socket);
    if (connection.isEmpty()) {
      socket.setSoLinger(true, 0); // A flood leaves nothing behind in the kernel either.
      socket.close();
      return;
    }
    threads.execute(() -> serve(connection.get()));
  }

  private void serve(Connection connection) {
    try (connection) {
      Socket plain = connection.socket();
      plain.setTcpNoDelay(true);
      SSLSocketFactory factory = tls.context().getSocketFactory();
      SSLSocket socket = (SSLSocket) factory.createSocket(plain, null, true);
      socket.setSSLParameters(tls.parameters());
      socket.startHandshake();
      new HttpConversation(connection, socket, new Answers(connection)).run();
    } catch (SSLException e) {
      LOG.log(Level.DEBUG, "a connection was no TLS, or was cut off", e);
    } catch (IOException e) {
      LOG.log(Level.TRACE, "a connection was cut off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a connection broke by a mistake of ours", e);
    }
  }

  /** What is answered on one connection. */
  private final class Answers implements HttpConversation.Answering {
    private final Connection connection;

    Answers(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Caller caller(SSLSocket socket) throws ApiException {
      String from = socket.getInetAddress().getHostAddress();
      try {
        return access.callers().of(tls, socket.getSession(), from);
      } catch (ApiException e) {
        access.refused(stranger(from), "any request", e);
        throw e;
      }
    }

    @Override
    public void require(Caller caller, HttpHead head) throws ApiException {
      if (!isKnown(caller)) {
        requireJoin(caller, head);
        return;
      }
      String who = caller.kind().name().toLowerCase(Locale.ROOT) + "/" + caller.name();
      if (!connection.isOf(who)) {
        throw busy(
            "%s has %d connections already".formatted(who, HttpLimits.CONNECTIONS_OF_MEMBER_MAX));
      }
    }

    private void requireJoin(Caller caller, HttpHead head) throws ApiException {
      if (!head.path().equals(JOIN)) {
        ApiException refused =
            new ApiException(
                ApiError.UNAUTHENTICATED,
                "nobody is answered who has not said who he is",
                "no client certificate came along",
                "farslot join, with a token from 'farslot ca token'");
        access.refused(caller, "any request", refused);
        throw refused;
      }
    }

    @Override
    public ApiResponse answer(Caller caller, HttpHead head, HttpConversation.Body body)
        throws IOException, InterruptedException {
      ApiRequest request;
      try {
        request = HttpRequests.read(head, body.read(bodyBytesMax(caller)), caller);
      } catch (ApiException e) {
        if (!head.isQuestion()) {
          access.refused(caller, head.method() + " " + head.path(), e);
        }
        return e.response();
      }
      Semaphore ours = isKnown(caller) ? room : anonymousRoom;
      if (!ours.tryAcquire()) {
        return busy("too many ask at once").response();
      }
      try {
        return handled(request);
      } finally {
        ours.release();
      }
    }

    @Override
    public String trust() {
      return access.trust().id();
    }
  }

  private static boolean isKnown(Caller caller) {
    return caller.kind() != Caller.Kind.ANONYMOUS;
  }

  private static int bodyBytesMax(Caller caller) {
    return isKnown(caller) ? HttpLimits.BODY_BYTES_MAX : HttpLimits.ANONYMOUS_BODY_BYTES_MAX;
  }

  private ApiResponse handled(ApiRequest request) throws InterruptedException {
    try {
      return handler.handle(request);
    } catch (ApiException e) {
      return e.response();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request could not be answered: " + request.method(), e);
      return new ApiException(
              ApiError.FAILED,
              "the manager could not answer",
              "it is a mistake of its own, and its log says more",
              "farslot support-bundle")
          .response();
    }
  }

  private static Caller stranger(String from) {
    return new Caller(Caller.Kind.ANONYMOUS, "", Role.NONE, "", from);
  }

  private static ApiException busy(String why) {
    return new ApiException(
        ApiError.BUSY, "the manager has too much to do", why, "ask again later");
  }

  /** Stops listening, and ends what is under way after a second. */
  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the listening socket would not close", e);
    }
    threads.shutdown(); // No request is begun any more; those that wait are interrupted below.
    threads.shutdownNow();
    try {
      threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.cutOffAll();
    watch.shutdownNow();
  }
}
