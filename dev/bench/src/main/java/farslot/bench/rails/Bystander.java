package farslot.bench.rails;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An ordinary TCP stream from the appliance's host to the initiator's, as fast as it can. */
final class Bystander implements AutoCloseable {
  private static final int PORT = 5001;
  private static final int BYTES = 64 << 10;

  private final ServerSocket listener;
  private volatile boolean closed;
  private volatile long received;

  Bystander(Cables cables) throws Exception {
    InetSocketAddress at = new InetSocketAddress("10.78.0.2", PORT);
    listener =
        cables
            .initiator()
            .call(
                () -> {
                  ServerSocket socket = new ServerSocket();
                  socket.setReuseAddress(true);
                  socket.bind(at);
                  return socket;
                });
    cables.initiator().start("bystander-receives", this::receive);
    cables.appliance().start("bystander-sends", () -> send(at));
  }

  private Void receive() throws IOException {
    byte[] into = new byte[BYTES];
    try (Socket socket = listener.accept()) {
      for (int read = 0; read >= 0 && !closed; read = socket.getInputStream().read(into)) {
        received += read;
      }
    }
    return null;
  }

  private Void send(InetSocketAddress to) throws IOException {
    byte[] from = new byte[BYTES];
    try (Socket socket = new Socket()) {
      socket.connect(to);
      while (!closed) {
        socket.getOutputStream().write(from);
      }
    } catch (IOException e) {
      if (!closed) {
        throw e;
      }
    }
    return null;
  }

  /** Bytes so far. */
  long received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
  }
}
