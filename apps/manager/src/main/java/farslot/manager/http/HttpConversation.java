package farslot.manager.http;

import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.client.HttpsTransport;
import farslot.manager.http.Connections.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** What is said on one connection: requests one after the other, each with its answer. */
final class HttpConversation {
  /** Who answers. */
  interface Answering {
    /** Who asks, by what the connection has shown, just now. */
    Caller caller(SSLSocket socket) throws ApiException;

    /** Whether this may be asked at all by this caller: before its body is read. */
    void require(Caller caller, HttpHead head) throws ApiException;

    /** The answer; also to what is wrong with the request. */
    ApiResponse answer(Caller caller, HttpHead head, Body body)
        throws IOException, InterruptedException;

    /** What an answer says of whom to trust. */
    String trust();
  }

  /** A request's body, read when it is wanted. */
  interface Body {
    byte[] read(int bytesMax) throws ApiException, IOException;
  }

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String HEAD = "HEAD";

  /** RFC 9110, 5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private final Connection connection;
  private final SSLSocket socket;
  private final HttpInput in;
  private final OutputStream out;
  private final Answering answering;

  HttpConversation(Connection connection, SSLSocket socket, Answering answering)
      throws IOException {
    this.connection = connection;
    this.socket = socket;
    this.answering = answering;
    in = new HttpInput(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Until one of the two has had enough. */
  void run() throws IOException, InterruptedException {
    while (in.await()) {
      connection.within(HttpLimits.REQUEST_SECONDS_MAX);
      if (!one()) {
        leave();
        return;
      }
      connection.within(HttpLimits.IDLE_SECONDS_MAX);
    }
  }

  /** Whether another may follow. */
  private boolean one() throws IOException, InterruptedException {
    HttpHead head;
    try {
      head = HttpHead.read(in);
    } catch (ApiException e) {
      send(e.response(), false, false);
      return false;
    }
    boolean[] whole = {false};
    boolean known = false;
    ApiResponse response;
    try {
      Caller caller = answering.caller(socket);
      answering.require(caller, head);
      known = caller.kind() != Caller.Kind.ANONYMOUS;
      response = answering.answer(caller, head, bytesMax -> body(head, bytesMax, whole));
    } catch (ApiException e) {
      response = e.response();
    }
    // Strangers get one answer; and behind a body that was not read nobody finds the next request.
    boolean goesOn = head.persistent() && known && whole[0];
    connection.within(HttpLimits.REQUEST_SECONDS_MAX);
    send(response, goesOn, head.method().equals(HEAD));
    return goesOn;
  }

  private byte[] body(HttpHead head, int bytesMax, boolean[] whole)
      throws ApiException, IOException {
    byte[] body = HttpRequests.body(head, in, bytesMax, () -> out.write(CONTINUE));
    whole[0] = true;
    connection.patiently();
    return body;
  }

  private void send(ApiResponse response, boolean goesOn, boolean headAlone) throws IOException {
    byte[] body =
        response.body().isMissingNode()
            ? new byte[0]
            : (Json.text(response.body()) + "\n").getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ").append(response.status()).append(' ');
    head.append(HttpReason.of(response.status())).append("\r\n");
    header(head, "Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    header(head, "Content-Type", "application/json");
    header(head, "Content-Length", Integer.toString(body.length));
    header(head, "Cache-Control", "no-store");
    header(head, HttpsTransport.TRUST_HEADER, answering.trust());
    if (!goesOn) {
      header(head, "Connection", "close");
    }
    byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[bytes.length + (headAlone ? 0 : body.length)];
    System.arraycopy(bytes, 0, all, 0, bytes.length);
    System.arraycopy(body, 0, all, bytes.length, all.length - bytes.length);
    out.write(all);
    out.flush();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /**
   * Says that no more is to come, then waits a moment for the other end to have heard: closing on
   * what it still sends would take the answer away from it (RFC 9112, 9.6).
   */
  private void leave() throws IOException {
    connection.within(HttpLimits.LEAVE_SECONDS_MAX);
    socket.shutdownOutput();
    try {
      in.drain(HttpLimits.DRAIN_BYTES_MAX);
    } catch (EOFException e) {
      // It has heard.
    }
  }
}
