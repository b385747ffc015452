package farslot.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A cable that can be pulled: forwards TCP connections between two ends of this machine until it is
 * cut, and again when it is mended. For the self-test.
 */
final class Cable implements AutoCloseable {
  private static final int BUFFER_BYTES = 65536;

  private final ServerSocket here;
  private final int there;
  private final List<Socket> ends = new ArrayList<>();
  private boolean cut;
  private boolean closed;

  /**
   * @param there port on loopback that connections are forwarded to
   */
  Cable(int there) throws IOException {
    this.there = there;
    here = new ServerSocket();
    here.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return here.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        forward(here.accept());
      } catch (IOException e) {
        if (isClosed()) {
          return;
        }
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void forward(Socket near) throws IOException {
    if (!plug(near)) {
      near.close();
      return;
    }
    Socket far = new Socket(InetAddress.getLoopbackAddress(), there);
    if (!plug(far)) {
      near.close();
      far.close();
      return;
    }
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    Thread.ofVirtual().start(() -> pump(near, far));
    Thread.ofVirtual().start(() -> pump(far, near));
  }

  private synchronized boolean plug(Socket socket) {
    if (cut || closed) {
      return false;
    }
    ends.add(socket);
    return true;
  }

  private static void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Cut, or one end has gone: the other end's stream ends with it.
    }
  }

  /** Breaks all connections at once, whatever is on its way, and lets no new ones through. */
  synchronized void cut() throws IOException {
    cut = true;
    for (Socket socket : ends) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0); // A reset: what was on its way is lost.
        socket.close();
      }
    }
    ends.clear();
  }

  /** Lets connections through again. */
  synchronized void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    cut();
    here.close();
  }
}
