package farslot.api.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection of HTTP/1.1 over TLS; one request at a time. */
final class HttpsConnection implements AutoCloseable {
  private static final int CONNECT_MS_MAX = 5_000;
  private static final int HANDSHAKE_MS_MAX = 10_000;

  private final ManagerAddress address;
  private final SSLSocket socket;
  private final BufferedInputStream in;
  private long idleSinceNs;

  private HttpsConnection(ManagerAddress address, SSLSocket socket) throws IOException {
    this.address = address;
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Connects, by all addresses that the name has, one after the other.
   *
   * @throws ConnectException if nobody answers
   * @throws javax.net.ssl.SSLException if who answers is not who it should be
   */
  static HttpsConnection open(ManagerAddress address, SSLContext context, SSLParameters parameters)
      throws IOException {
    Socket plain = connect(address);
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(HANDSHAKE_MS_MAX);
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new HttpsConnection(address, socket);
    } catch (SocketTimeoutException e) {
      plain.close();
      throw unreachable(address, "what answers there does not speak TLS in time", e);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket connect(ManagerAddress address) throws IOException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      throw unreachable(address, "there is no host of that name", e);
    }
    IOException last = null;
    for (InetAddress each : all) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(each, address.port()), CONNECT_MS_MAX);
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    String why = last instanceof SocketTimeoutException ? "nobody answers" : words(last);
    throw unreachable(address, why, last);
  }

  private static String words(IOException e) {
    return e == null || e.getMessage() == null ? "nobody answers" : e.getMessage();
  }

  private static ConnectException unreachable(
      ManagerAddress address, String why, IOException cause) {
    ConnectException e =
        new ConnectException("the manager at %s cannot be reached: %s".formatted(address, why));
    e.initCause(cause);
    return e;
  }

  HttpAnswer exchange(String method, String target, byte[] content, int timeoutMs)
      throws IOException {
    String head =
        """
        %s %s HTTP/1.1\r
        Host: %s\r
        Accept: application/json\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(method, target, address, content.length);
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[first.length + content.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(content, 0, all, first.length, content.length);
    socket.setSoTimeout(timeoutMs);
    try {
      OutputStream out = socket.getOutputStream();
      out.write(all);
      out.flush();
      return HttpAnswer.read(in);
    } catch (SocketTimeoutException e) {
      throw (SocketTimeoutException)
          new SocketTimeoutException(
                  "the manager at %s has not answered for %d s"
                      .formatted(address, timeoutMs / 1000))
              .initCause(e);
    }
  }

  void laidAside(long nowNs) {
    idleSinceNs = nowNs;
  }

  long idleSinceNs() {
    return idleSinceNs;
  }

  /** A session is never resumed: the next one is made with the certificates of its own time. */
  @Override
  public void close() {
    socket.getSession().invalidate();
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
