package farslot.manager.http;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.client.ApiClient;
import farslot.pki.JoinTls;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiDirectory;
import farslot.pki.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1.1 as RFC 9112 has it, by what goes over the wire; and who may hold how many of them. */
class HttpRulesTest {
  private static final int PATIENCE_MS = 60_000;
  private static final String HOST = "Host: x\r\n";
  private static final String LAST = "Connection: close\r\n\r\n";

  @TempDir private Path dir;
  private Live live;
  private PkiDirectory ann;
  private SSLContext hers;

  @BeforeEach
  void begin() throws Exception {
    live = new Live(dir);
    ann = live.joined(Kind.USER, "ann", "admin", "");
    hers = Tls.open(ann, Set.of(Kind.MANAGER), live.clock).context();
  }

  @AfterEach
  void end() throws Exception {
    try (ApiClient client = live.client(ann)) {
      client.get("/api/v1/things");
    }
    live.close();
  }

  private SSLSocket connect(SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", live.address().port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  /** All that is answered until the other end closes. */
  private String said(String request) throws IOException {
    try (SSLSocket socket = connect(hers)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String more) {
    return "GET /api/v1/things HTTP/1.1\r\n" + HOST + more + LAST;
  }

  private static String post(String headers, String body) {
    return "POST /api/v1/things/x HTTP/1.1\r\n" + HOST + headers + LAST + body;
  }

  @Test
  void anAnswerSaysHowLongItIsWhenItWasMadeAndWhatFollows() throws Exception {
    String answer = said(get(""));
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nContent-Length: 3\r\n");
    assertThat(answer).contains("\r\nDate: ", "\r\nConnection: close\r\n");
    assertThat(answer).endsWith("\r\n\r\n{}\n");
    String head = said(get("").replaceFirst("GET", "HEAD"));
    assertThat(head).startsWith("HTTP/1.1 200").contains("Content-Length: 3").endsWith("\r\n\r\n");
  }

  @Test
  void oldClientsAndThoseThatTypeAreAnswered() throws Exception {
    assertThat(said("GET /api/v1/things HTTP/1.0\r\n\r\n")).contains("200", "Connection: close");
    assertThat(said("GET /api/v1/things HTTP/1.1\nHost: x\nConnection: close\n\n")).contains("200");
    String whole = "GET https://lab:7590/api/v1/things HTTP/1.1\r\n" + HOST + LAST;
    assertThat(said(whole)).contains("200");
  }

  @Test
  void severalRequestsAtOnceAreAnsweredInOrder() throws Exception {
    String one = "GET /api/v1/things HTTP/1.1\r\n" + HOST + "\r\n";
    String three = one + "GET /nothing HTTP/1.1\r\n" + HOST + "\r\n" + get("");
    String answers = said(three);
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
    assertThat(answers).containsSubsequence("200 OK", "404 Not Found", "200 OK");
  }

  @Test
  void aBodyMayComeInChunks() throws Exception {
    String chunks = "2;x=y\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    assertThat(said(post(chunked, chunks))).endsWith("{\"a\":1}\n");
    for (String wrong :
        List.of("g\r\n", "-1\r\n", "2\r\n{}\r\nx\r\n\r\n", "ffffffffffffffff\r\n", "2\r{}")) {
      assertThat(said(post(chunked, wrong))).as(wrong).contains("400");
    }
    String large = "fffffff\r\n" + "x".repeat(2 * HttpLimits.BODY_BYTES_MAX);
    assertThat(said(post(chunked, large))).contains("413");
  }

  /** Two programs might disagree on where it ends: nobody finds a request behind it. */
  @Test
  void nothingFollowsABodyInChunks() throws Exception {
    String chunked =
        "POST /api/v1/things/x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    String answers = said(chunked + "2\r\n{}x\r\n0\r\n\r\n" + get(""));
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
  }

  @Test
  void aBodyWaitsToBeWanted() throws Exception {
    try (SSLSocket socket = connect(hers)) {
      String head = post("Expect: 100-continue\r\nContent-Length: 2\r\n", "");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String wanted = "HTTP/1.1 100 Continue\r\n\r\n";
      byte[] told = socket.getInputStream().readNBytes(wanted.length());
      assertThat(new String(told, StandardCharsets.US_ASCII)).isEqualTo(wanted);
      socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
      byte[] rest = socket.getInputStream().readAllBytes();
      assertThat(new String(rest, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 OK\r\n");
    }
    String large = "Expect: 100-continue\r\nContent-Length: 99999999\r\n";
    assertThat(said(post(large, ""))).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void whatTwoProgramsMightReadDifferentlyIsRefused() throws Exception {
    for (String wrong :
        List.of(
            post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
            post("Content-Length: +2\r\n", "{}"),
            post("Content-Length: -2\r\n", "{}"),
            post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
            post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
            get(" folded\r\n"),
            get("X: a\r\n b\r\n"),
            get("X: a\rY: b\r\n"),
            get("X: a\u0000b\r\n"),
            get("Host: y\r\n"),
            "GET /api/v1/things HTTP/1.1\r\n" + LAST,
            "GET /api/v1/things HTTP/2.0\r\n" + HOST + LAST,
            "get /api/v1/things HTTP/1.1\r\n" + HOST + LAST,
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET api/v1/things HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/thing%00s HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/thing%0as HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/thing%ffs HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/thing%e2%80%aes HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/thing\u00e4s HTTP/1.1\r\n" + HOST + LAST,
            "GET /api/v1/things% HTTP/1.1\r\n" + HOST + LAST)) {
      assertThat(said(wrong)).as(wrong).startsWith("HTTP/1.1 400 ").contains("\"error\"");
    }
    for (String none : List.of("/api/v1/../v1/things", "/api/v1/%2e%2e/v1/things", "//things")) {
      assertThat(said("GET " + none + " HTTP/1.1\r\n" + HOST + LAST))
          .containsAnyOf("HTTP/1.1 400 ", "HTTP/1.1 404 ");
    }
  }

  @Test
  void whatIsTooLargeIsToldToWhoStillSends() throws Exception {
    String large = "x".repeat(4 * HttpLimits.BODY_BYTES_MAX);
    assertThat(said(post("Content-Length: " + large.length() + "\r\n", large))).contains("413");
    assertThat(said(get("X: " + "y".repeat(40_000) + "\r\n"))).contains("413");
    assertThat(said(get("X: y\r\n".repeat(100)))).contains("413");
  }

  @Test
  void whoDoesNotSayWhoHeIsGetsOneAnswer() throws Exception {
    SSLContext stranger = JoinTls.context(live.access.trust().signer(), live.clock);
    try (SSLSocket socket = connect(stranger)) {
      String request = "GET /api/v1/things HTTP/1.1\r\n" + HOST + "\r\n";
      socket.getOutputStream().write((request + request).getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all.split("HTTP/1.1 401", -1)).hasSize(2);
    }
  }

  /** Far more than one address may hold: others, even of that address, are answered meanwhile. */
  @Test
  void aFloodOfConnectionsHoldsNobodyUp() throws Exception {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < 3 * HttpLimits.STRANGERS_OF_ADDRESS_MAX; i++) {
        flood.add(new Socket("127.0.0.1", live.address().port()));
        if (i % 100 == 50) {
          try (ApiClient client = live.client(ann)) {
            client.get("/api/v1/things");
          }
        }
      }
      // Whoever came first has made room.
      flood.getFirst().setSoTimeout(PATIENCE_MS);
      assertThat(ended(flood.getFirst())).isTrue();
    } finally {
      for (Socket each : flood) {
        each.close();
      }
    }
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aMemberHasSoManyConnectionsAndOthersHaveTheirs() throws Exception {
    List<SSLSocket> many = new ArrayList<>();
    byte[] request =
        ("GET /api/v1/things HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try {
      int busy = 0;
      for (int i = 0; i < HttpLimits.CONNECTIONS_OF_MEMBER_MAX + 3; i++) {
        SSLSocket socket = connect(hers);
        many.add(socket);
        socket.getOutputStream().write(request);
        byte[] status = socket.getInputStream().readNBytes(12);
        busy += new String(status, StandardCharsets.US_ASCII).endsWith("429") ? 1 : 0;
      }
      assertThat(busy).isEqualTo(3);
      PkiDirectory tom = live.joined(Kind.USER, "tom", "viewer", "");
      try (ApiClient client = live.client(tom)) {
        client.get("/api/v1/things");
      }
    } finally {
      for (SSLSocket each : many) {
        each.close();
      }
    }
  }
}
