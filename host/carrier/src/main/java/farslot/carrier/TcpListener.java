package farslot.carrier;

import farslot.link.LinkEnd;
import farslot.linux.EventLoop;
import java.io.IOException;

/** Accepts rails over TCP and hands them to a {@link LinkEnd}. */
public final class TcpListener implements AutoCloseable {
  /**
   * Listens. On the loop's thread, or before it runs.
   *
   * @param address {@code host:port} or {@code [v6]:port}; port 0 lets the system choose, the
   *     default is 7580
   */
  public TcpListener(EventLoop loop, String address, LinkEnd end) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The port that it listens on. */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** Stops listening; rails that were accepted stay. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
