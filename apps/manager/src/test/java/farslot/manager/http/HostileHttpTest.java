package farslot.manager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.client.ApiClient;
import farslot.chance.Fuzz;
import farslot.pki.JoinTls;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.Tls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers and users send that is no request: it is answered or cut off, others go on. */
class HostileHttpTest {
  private static final int PATIENCE_MS = 60_000;

  @TempDir private Path dir;
  private Live live;
  private PkiDirectory ann;
  private Tls hers;

  @BeforeEach
  void begin() throws Exception {
    live = new Live(dir);
    ann = live.joined(Kind.USER, "ann", "admin", "");
    hers = Tls.open(ann, Set.of(Kind.MANAGER), live.clock);
  }

  @AfterEach
  void end() throws Exception {
    othersGoOn();
    live.close();
  }

  private void othersGoOn() throws Exception {
    try (ApiClient client = live.client(ann)) {
      client.get("/api/v1/things");
    }
  }

  private SSLSocket connect(SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", live.address().port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private SSLContext stranger() {
    return JoinTls.context(live.access.trust().signer(), live.clock);
  }

  /** The first line of the answer; "" if the connection was cut off instead. */
  private String send(SSLContext context, byte[] request) throws IOException {
    try (SSLSocket socket = connect(context)) {
      try {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // It has heard enough.
      }
      return firstLine(socket.getInputStream());
    }
  }

  private static String firstLine(InputStream in) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        line.write(next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither answered nor cut off", e);
    } catch (IOException e) {
      // Cut off.
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private String hers(String request) throws IOException {
    return send(hers.context(), request.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String post(String path, String headers, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + headers
        + "\r\n"
        + body;
  }

  @Test
  void aStrangerMayJoinAndNothingElse() throws Exception {
    for (String path : List.of("/api/v1/things", "/", "/api/v1/whoami", "/api/v1/pki/trust")) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      assertThat(send(stranger(), request.getBytes(StandardCharsets.US_ASCII)))
          .as(path)
          .contains("401");
    }
    // However often he tries, it is one record, and it counts.
    var items =
        live.local("GET", "/api/v1/audit", tools.jackson.databind.node.MissingNode.getInstance())
            .path("items");
    assertThat(items).hasSize(3);
    assertThat(items.get(2).path("who").asString()).isEqualTo("anonymous");
    assertThat(items.get(2).path("outcome").asString()).isEqualTo("unauthenticated");
  }

  @Test
  void bodiesThatAreTooLong() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(HttpLimits.BODY_BYTES_MAX) + "\"}";
    String length = "Content-Length: " + large.length() + "\r\n";
    assertThat(hers(post("/api/v1/things/none", length, large))).contains("413");
    String huge = "Content-Length: 99999999999999\r\n";
    assertThat(hers(post("/api/v1/things/none", huge, "{}"))).containsAnyOf("413", "400");
    // A stranger's bound is less.
    String some = "{\"x\":\"" + "y".repeat(20 << 10) + "\"}";
    String theirs = post(HttpsApi.JOIN, "Content-Length: " + some.length() + "\r\n", some);
    assertThat(send(stranger(), theirs.getBytes(StandardCharsets.US_ASCII))).contains("413");
  }

  @Test
  void headersThatAreTooManyOrTooLong() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      many.append("X-").append(i).append(": y\r\n");
    }
    assertThat(hers(post("/api/v1/things/none", many.toString(), ""))).doesNotContain("200");
    assertThat(hers(post("/api/v1/things/none", "X: " + "y".repeat(1 << 20) + "\r\n", "")))
        .doesNotContain("200");
    assertThat(hers("GET /" + "y".repeat(1 << 20) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .doesNotContain("200");
    assertThat(
            hers("GET /" + "y".repeat(3_000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("400");
  }

  @Test
  void bodiesThatAreNoJson() throws Exception {
    for (String body :
        List.of(
            "{",
            "nonsense",
            "\u00ff\u00fe",
            "[]",
            "{\"a\":1,\"a\":2}",
            "[".repeat(100_000),
            "{\"kind\":{\"kind\":[]}}",
            "{\"unknown\":1}")) {
      String length = "Content-Length: " + body.length() + "\r\n";
      assertThat(hers(post("/api/v1/tokens", length, body))).as(body).contains("400");
      assertThat(
              send(
                  stranger(),
                  post(HttpsApi.JOIN, length, body).getBytes(StandardCharsets.ISO_8859_1)))
          .as(body)
          .containsAnyOf("400", "403", "413");
    }
    assertThat(hers("GET /api/v1/audit?limit=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("400");
    assertThat(hers("GET /api/v1/audit?limit=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("400");
    assertThat(hers("FROB /api/v1/audit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("400");
  }

  @Test
  void thereIsNoHttpWithoutTlsAndNoOlderTls() throws Exception {
    try (Socket plain = new Socket("127.0.0.1", live.address().port())) {
      plain.setSoTimeout(PATIENCE_MS);
      plain
          .getOutputStream()
          .write(
              "GET /api/v1/things HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(firstLine(plain.getInputStream())).doesNotContain("HTTP/1.1 200");
    }
    try (SSLSocket old = connect(hers.context())) {
      old.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void whoSaysNothingHoldsNobodyUp() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 150; i++) {
        silent.add(new Socket("127.0.0.1", live.address().port()));
      }
      for (int i = 0; i < 20; i++) {
        SSLSocket begun = connect(stranger());
        silent.add(begun);
        begun
            .getOutputStream()
            .write("POST /api/v1/join HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
        begun.getOutputStream().flush();
      }
      othersGoOn();
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  @Test
  void requestsThatAreSpoiled() throws Exception {
    long seed = Fuzz.seed();
    int iterations = Math.min(2_000, Fuzz.iterations(150));
    Random random = new Random(seed);
    String body = "{\"kind\":\"user\",\"name\":\"eve\",\"role\":\"viewer\",\"expires-seconds\":60}";
    String good = post("/api/v1/tokens", "Content-Length: " + body.length() + "\r\n", body);
    for (int i = 0; i < iterations; i++) {
      byte[] request = spoiled(random, good.getBytes(StandardCharsets.US_ASCII));
      SSLContext who = random.nextBoolean() ? hers.context() : stranger();
      String line;
      try (SSLSocket socket = connect(who)) {
        try {
          socket.getOutputStream().write(request);
          // What is cut short is waited for: say that no more is to come.
          socket.shutdownOutput();
        } catch (IOException e) {
          // It has heard enough.
        }
        line = firstLine(socket.getInputStream());
      }
      assertThat(line).as(Fuzz.again(seed) + ", request " + i).doesNotContain(" 500 ");
      if (who != hers.context()) {
        assertThat(line).doesNotContain(" 200 ");
      }
    }
  }

  private static byte[] spoiled(Random random, byte[] good) {
    byte[] request = good.clone();
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(request.length);
      switch (random.nextInt(3)) {
        case 0 -> request[at] = (byte) random.nextInt();
        case 1 -> request = java.util.Arrays.copyOf(request, Math.max(1, at));
        default -> {
          byte[] twice = java.util.Arrays.copyOf(request, request.length + at);
          System.arraycopy(request, 0, twice, request.length, at);
          request = twice;
        }
      }
    }
    return request;
  }
}
