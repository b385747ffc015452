package farslot.carrier;

import farslot.link.Dialer;
import farslot.link.LinkEnd;
import farslot.linux.EventLoop;

/** Dials a peer over TCP: IPv4, IPv6 or a host name, resolved anew for each attempt. */
public final class TcpDialer implements Dialer {
  /**
   * @param address {@code host}, {@code host:port}, {@code [v6]:port}; the port is 7580 if missing
   */
  public TcpDialer(EventLoop loop, String address) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dial(LinkEnd end) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String describe() {
    throw new UnsupportedOperationException();
  }
}
