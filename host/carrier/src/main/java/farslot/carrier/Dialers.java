package farslot.carrier;

import farslot.link.Dialer;
import farslot.linux.EventLoop;
import java.util.Optional;

/** Makes the {@link Dialer} that an address asks for. */
public final class Dialers {
  private Dialers() {}

  /** Makes one; nothing is dialled yet. Rails are in clear. */
  public static Dialer of(EventLoop loop, RailAddress address) {
    return of(loop, address, new EthernetCounters(), Optional.empty());
  }

  /**
   * Makes one; nothing is dialled yet.
   *
   * @param counters what Ethernet drops is counted here, with others'
   * @param security with it, only rails that it protects are made; without, rails are in clear
   */
  public static Dialer of(
      EventLoop loop,
      RailAddress address,
      EthernetCounters counters,
      Optional<RailSecurity> security) {
    return switch (address) {
      case TcpAddress tcp -> new TcpDialer(loop, tcp, security);
      case EthernetAddress ethernet -> new EthernetDialer(loop, ethernet, counters, security);
    };
  }
}
