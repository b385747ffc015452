package farslot.api.client;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.pki.JoinTls;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import tools.jackson.databind.JsonNode;

/**
 * To a manager over HTTPS, TLS 1.3 alone. Whoever shows a manager's certificate of our fabric is
 * the manager, whatever the address is called. Connections are kept for some seconds, one for each
 * request that is under way.
 *
 * <p>A certificate that does not count, ours or the manager's, is answered as the manager would
 * answer it: {@link ApiError#UNAUTHENTICATED}, with what to do.
 */
public final class HttpsTransport implements ApiTransport {
  /** In which each answer says whom to trust: who has seen another one asks. */
  public static final String TRUST_HEADER = "Farslot-Trust";

  static final String TRUST_HEADER_LOWER = "farslot-trust";

  /** The longest that a request may be waited for, above what its {@code wait} asks for. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final Duration LONGEST = Duration.ofSeconds(180);

  /** A manager closes an idle connection after 90 s: ours are closed long before. */
  private static final long IDLE_NS_MAX = Duration.ofSeconds(15).toNanos();

  private static final int IDLE_MAX = 4;

  private final ManagerAddress address;
  private final SSLContext context;
  private final SSLParameters parameters;
  private final Tls tls;
  private final TrustKeeper keeper;
  private final Deque<HttpsConnection> idle = new ArrayDeque<>();
  private boolean closed;

  private HttpsTransport(ManagerAddress address, SSLContext context, Tls tls, InstantSource clock) {
    this.address = address;
    this.context = context;
    this.tls = tls;
    keeper = tls == null ? null : new TrustKeeper(tls, clock, this::ask);
    parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
  }

  /**
   * With a certificate.
   *
   * @param tls whose peers are managers
   */
  public HttpsTransport(ManagerAddress address, Tls tls, InstantSource clock) {
    this(address, tls.context(), tls, clock);
  }

  /** Without a certificate, to the manager whose authority has this fingerprint; for joining. */
  public static HttpsTransport joining(
      ManagerAddress address, String fingerprint, InstantSource clock) {
    return new HttpsTransport(address, JoinTls.context(fingerprint, clock), null, clock);
  }

  @Override
  public ApiResponse call(String method, String path, Map<String, String> query, JsonNode body)
      throws IOException {
    byte[] content =
        body.isMissingNode() ? new byte[0] : Json.text(body).getBytes(StandardCharsets.UTF_8);
    String target = encodedPath(path) + query(query);
    try {
      HttpAnswer answer = exchange(method, target, content, timeout(query));
      ApiResponse response = response(answer);
      if (keeper != null && answer.status() != ApiError.UNAUTHENTICATED.status()) {
        keeper.after(answer.trust());
      }
      return response;
    } catch (SocketTimeoutException e) {
      return new ApiException(ApiError.TIMED_OUT, e.getMessage(), "", "farslot status").response();
    } catch (IOException e) {
      Optional<PkiException> refused = PkiException.in(e);
      if (refused.isPresent()) {
        return unauthenticated(refused.get());
      }
      Optional<PkiException> ours = tls == null ? Optional.empty() : tls.problem();
      if (ours.isPresent() && e instanceof javax.net.ssl.SSLException) {
        return unauthenticated(ours.get());
      }
      throw e;
    }
  }

  TrustKeeper keeper() {
    return keeper;
  }

  /** Asks without looking at what the answer says of whom to trust. */
  private ApiResponse ask(String method, String path, JsonNode body) throws IOException {
    byte[] content =
        body.isMissingNode() ? new byte[0] : Json.text(body).getBytes(StandardCharsets.UTF_8);
    return response(exchange(method, encodedPath(path), content, (int) ANSWER.toMillis()));
  }

  private ApiResponse response(HttpAnswer answer) throws IOException {
    try {
      return new ApiResponse(
          answer.status(), Json.parse(new String(answer.body(), StandardCharsets.UTF_8)));
    } catch (ApiException e) {
      throw new IOException(address + " answers no JSON: is it a manager's API?", e);
    }
  }

  private static ApiResponse unauthenticated(PkiException e) {
    return new ApiException(ApiError.UNAUTHENTICATED, e.what(), e.why(), e.next()).response();
  }

  private HttpAnswer exchange(String method, String target, byte[] content, int timeoutMs)
      throws IOException {
    HttpsConnection kept = idle();
    if (kept != null) {
      try {
        HttpAnswer answer = over(kept, method, target, content, timeoutMs);
        if (answer.status() != ApiError.UNAUTHENTICATED.status()) {
          return answer;
        }
        // It was made with a certificate that counts no more; there may be another one by now.
      } catch (IOException e) {
        // It may have been closed while it lay idle. What changes something is asked once only.
        if (!method.equals("GET") || e instanceof SocketTimeoutException) {
          throw e;
        }
      }
    }
    HttpsConnection fresh = HttpsConnection.open(address, context, parameters);
    return over(fresh, method, target, content, timeoutMs);
  }

  private HttpAnswer over(
      HttpsConnection connection, String method, String target, byte[] content, int timeoutMs)
      throws IOException {
    boolean again = false;
    try {
      HttpAnswer answer = connection.exchange(method, target, content, timeoutMs);
      boolean counts = answer.status() != ApiError.UNAUTHENTICATED.status();
      again = counts && answer.keepAlive() && keep(connection);
      return answer;
    } finally {
      if (!again) {
        connection.close();
      }
    }
  }

  private synchronized boolean keep(HttpsConnection connection) {
    if (closed || idle.size() == IDLE_MAX) {
      return false;
    }
    connection.laidAside(System.nanoTime());
    idle.push(connection);
    return true;
  }

  private synchronized HttpsConnection idle() {
    long nowNs = System.nanoTime();
    while (!idle.isEmpty() && nowNs - idle.peekLast().idleSinceNs() > IDLE_NS_MAX) {
      idle.pollLast().close();
    }
    return idle.poll();
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : "?"
            + query.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
  }

  private static String encodedPath(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Who asks the manager to wait, waits longer itself. */
  private static int timeout(Map<String, String> query) {
    String wait = query.getOrDefault("wait", "");
    long ms = ANSWER.toMillis();
    if (wait.matches("\\d{1,6}(ms|s|m)")) {
      long number = Long.parseLong(wait.replaceAll("\\D", ""));
      ms += wait.endsWith("ms") ? number : wait.endsWith("m") ? number * 60_000 : number * 1000;
    }
    return (int) Math.min(ms, LONGEST.toMillis());
  }

  @Override
  public String describe() {
    return "https://" + address;
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(HttpsConnection::close);
    idle.clear();
  }
}
