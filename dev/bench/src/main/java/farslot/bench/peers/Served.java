package farslot.bench.peers;

import farslot.bench.path.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A disk that a program of others serves, and another program of others uses. */
final class Served implements Peer.Disk {
  static final long BYTES = 256L << 20;

  /** As much of it as is used: what is measured is the way there, not the machine's memory. */
  static final long WORKING_BYTES = 1L << 20;

  private final Child server;
  private final Client client;

  /** Uses the disk for a time. */
  interface Client {
    double perSecond(Load load, double seconds) throws Exception;
  }

  Served(Child server, Client client) {
    this.server = server;
    this.client = client;
  }

  /** A port that nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** For programs that count in whole seconds. */
  static String whole(double seconds) {
    return Long.toString(Math.max(1, Math.round(seconds)));
  }

  @Override
  public double perSecond(Load load, double seconds) throws Exception {
    return client.perSecond(load, seconds);
  }

  @Override
  public void pause() throws IOException, InterruptedException {
    server.pause();
  }

  @Override
  public void resume() throws IOException, InterruptedException {
    server.resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
