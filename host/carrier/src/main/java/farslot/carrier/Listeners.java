package farslot.carrier;

import farslot.link.RailTaker;
import farslot.linux.EventLoop;
import java.io.IOException;
import java.util.Optional;

/** Makes the {@link Listener} that an address asks for. */
public final class Listeners {
  private Listeners() {}

  /**
   * Listens. On the loop's thread, or before it runs.
   *
   * @param address from {@link RailAddress#parseListen}
   * @param offering what an appliance says to who looks for one; only Ethernet needs it
   * @param security with it, only rails that it protects are accepted; without, rails are in clear
   * @throws IOException if that cannot be listened at, in words
   */
  public static Listener listen(
      EventLoop loop,
      RailAddress address,
      RailTaker taker,
      Offering offering,
      Optional<RailSecurity> security)
      throws IOException {
    return switch (address) {
      case TcpAddress tcp -> new TcpListener(loop, tcp, taker, security);
      case EthernetAddress ethernet ->
          new EthernetListener(loop, ethernet, taker, offering, security);
    };
  }
}
