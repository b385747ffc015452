package farslot.carrier;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A network between two ends that can be cut, stalled and made to say things. */
final class Proxy implements AutoCloseable {
  private final ServerSocket server;
  private final int backend;
  private final List<Socket> sockets = new ArrayList<>();
  private final Object gate = new Object();
  private boolean stalled;
  private boolean closed;

  Proxy(int backend) throws IOException {
    this.backend = backend;
    server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket front = server.accept();
        Socket back = new Socket(InetAddress.getLoopbackAddress(), backend);
        synchronized (gate) {
          sockets.add(front);
          sockets.add(back);
        }
        Thread.ofVirtual().start(() -> pump(front, back));
        Thread.ofVirtual().start(() -> pump(back, front));
      } catch (IOException e) {
        // The backend is away, or this proxy is closed: the caller sees its connection end.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[65536];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read;
      while ((read = in.read(buffer)) >= 0) {
        await();
        out.write(buffer, 0, read);
      }
    } catch (IOException | InterruptedException e) {
      // Cut.
    }
  }

  private void await() throws InterruptedException {
    synchronized (gate) {
      while (stalled && !closed) {
        gate.wait();
      }
    }
  }

  /** Resets all connections. */
  void cut() {
    synchronized (gate) {
      for (Socket socket : sockets) {
        try {
          socket.setSoLinger(true, 0);
          socket.close();
        } catch (IOException e) {
          // Closed already.
        }
      }
      sockets.clear();
    }
  }

  /** From now on nothing passes, and nobody is told; or everything does again. */
  void stall(boolean stalled) {
    synchronized (gate) {
      this.stalled = stalled;
      gate.notifyAll();
    }
  }

  /** Says something to the newest connection's backend, between what its front says. */
  void inject(byte[] bytes) throws IOException {
    synchronized (gate) {
      sockets.getLast().getOutputStream().write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (gate) {
      closed = true;
      gate.notifyAll();
    }
    cut();
  }
}
