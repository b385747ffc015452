package farslot.manager.http;

import farslot.api.ApiHandler;
import farslot.manager.access.Access;
import farslot.pki.Tls;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * Listens for requests, by Eclipse Jetty. There is no way to have it without TLS. A client's
 * certificate is asked for; who has none may join, and nothing else. A virtual thread a request.
 */
public final class HttpsApi implements AutoCloseable {
  /** What may be asked by who has not said who it is. */
  public static final String JOIN = "/api/v1/join";

  private static final Logger LOG = System.getLogger("farslot.manager.http");
  private static final int BACKLOG = 1024;
  private static final int THREADS_MAX = 12;
  private static final int THREADS_MIN = 3;
  private static final long LOOK_MS = 500;
  private static final long STOP_SECONDS = 1;

  private final Connections connections = new Connections(System::nanoTime);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("api late").unstarted(task));
  private final Server server;
  private final Listening listening;
  private final InetSocketAddress address;

  /**
   * Begins to listen.
   *
   * @param at port 0 for any
   * @param tls made by {@link Tls#checkedLater}
   * @throws java.net.BindException if another process has the address
   */
  public HttpsApi(InetSocketAddress at, Tls tls, Access access, ApiHandler handler)
      throws IOException {
    ServerSocketChannel socket = bound(at);
    address = (InetSocketAddress) socket.getLocalAddress();
    server = new Server(pool(), new ScheduledExecutorScheduler("api timer", true), null);
    HttpAnswers answers = new HttpAnswers(() -> access.trust().id());
    server.setErrorHandler(answers);
    server.setHandler(new HttpsHandler(connections, tls, access, handler, answers));
    listening = new Listening(server, tls);
    listening.setIdleTimeout(TimeUnit.SECONDS.toMillis(2 * HttpLimits.ANSWER_SECONDS_MAX));
    listening.addEventListener(connections);
    server.addConnector(listening);
    start(socket);
    watch.scheduleWithFixedDelay(connections::cutOffLate, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  /** For the library's own work, which never waits; what may wait has a virtual thread. */
  private QueuedThreadPool pool() {
    QueuedThreadPool pool = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    pool.setName("api");
    pool.setDaemon(true);
    pool.setVirtualThreadsExecutor(threads);
    return pool;
  }

  private static ServerSocketChannel bound(InetSocketAddress at) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      return socket.bind(at, BACKLOG);
    } catch (BindException e) {
      socket.close();
      throw (BindException)
          new BindException(
                  "the API cannot listen on %s:%d: %s"
                      .formatted(at.getHostString(), at.getPort(), e.getMessage()))
              .initCause(e);
    }
  }

  private void start(ServerSocketChannel socket) throws IOException {
    try {
      listening.open(socket);
      server.start();
    } catch (Exception e) { // A library's methods for life throw any.
      close();
      throw new IOException("the API cannot be started: " + e.getMessage(), e);
    }
  }

  /** Accepts, speaks TLS and HTTP/1.1, and says so when it cannot. */
  private static final class Listening extends ServerConnector {
    private boolean failing;

    Listening(Server server, Tls tls) {
      super(
          server,
          1,
          1,
          new SslConnectionFactory(new OurTls(tls), HttpVersion.HTTP_1_1.asString()),
          new HttpConnectionFactory(rules()));
    }

    @Override
    protected boolean handleAcceptFailure(Throwable e) {
      if (isOpen() && !failing) {
        HttpsApi.LOG.log(Level.ERROR, "no connection can be accepted now: {0}", e.getMessage());
        failing = true;
      }
      return super.handleAcceptFailure(e);
    }

    @Override
    public void accept(int acceptor) throws IOException {
      super.accept(acceptor);
      failing = false;
    }
  }

  /** What two programs might read differently is refused (RFC 9112; RFC 3986). */
  private static HttpConfiguration rules() {
    HttpConfiguration rules = new HttpConfiguration();
    rules.addCustomizer(new SecureRequestCustomizer(false)); // Our clients go by fabric and name.
    rules.setHttpCompliance(
        HttpCompliance.RFC9110.with(
            "farslot", HttpCompliance.Violation.MISMATCHED_AUTHORITY)); // RFC 9112, 3.2.2
    rules.setUriCompliance(UriCompliance.RFC3986);
    rules.setRequestHeaderSize(HttpLimits.HEAD_BYTES_MAX);
    rules.setSendServerVersion(false);
    rules.setSendDateHeader(true);
    return rules;
  }

  /** Each handshake with what {@link Tls} holds by then. */
  private static final class OurTls extends SslContextFactory.Server {
    private final Tls tls;

    OurTls(Tls tls) {
      this.tls = tls;
      setSslContext(tls.context());
    }

    @Override
    public void customize(SSLEngine engine) {
      engine.setUseClientMode(false);
      engine.setSSLParameters(tls.parameters());
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Stops listening, and ends what is under way after a second. */
  @Override
  public void close() {
    watch.shutdownNow();
    listening.close();
    threads.shutdown(); // No request is begun any more; those that wait are interrupted below.
    threads.shutdownNow();
    try {
      threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "the API would not stop", e);
    }
  }
}
