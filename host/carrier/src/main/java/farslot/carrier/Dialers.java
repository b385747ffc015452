package farslot.carrier;

import farslot.link.Dialer;
import farslot.linux.EventLoop;

/** Makes the {@link Dialer} that an address asks for. */
public final class Dialers {
  private Dialers() {}

  /** Makes one; nothing is dialled yet. */
  public static Dialer of(EventLoop loop, RailAddress address) {
    return switch (address) {
      case TcpAddress tcp -> new TcpDialer(loop, tcp);
      case EthernetAddress ethernet -> new EthernetDialer(loop, ethernet);
    };
  }
}
