package farslot.carrier;

import farslot.link.Dialer;
import farslot.linux.EventLoop;

/** Makes the {@link Dialer} that an address asks for. */
public final class Dialers {
  private Dialers() {}

  /** Makes one; nothing is dialled yet. */
  public static Dialer of(EventLoop loop, RailAddress address) {
    return of(loop, address, new EthernetCounters());
  }

  /** As {@link #of(EventLoop, RailAddress)}, and what Ethernet drops is counted with others'. */
  public static Dialer of(EventLoop loop, RailAddress address, EthernetCounters counters) {
    return switch (address) {
      case TcpAddress tcp -> new TcpDialer(loop, tcp);
      case EthernetAddress ethernet -> new EthernetDialer(loop, ethernet, counters);
    };
  }
}
