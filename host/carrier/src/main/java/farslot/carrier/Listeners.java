package farslot.carrier;

import farslot.link.RailTaker;
import farslot.linux.EventLoop;
import java.io.IOException;

/** Makes the {@link Listener} that an address asks for. */
public final class Listeners {
  private Listeners() {}

  /**
   * Listens. On the loop's thread, or before it runs.
   *
   * @param address from {@link RailAddress#parseListen}
   * @param offering what an appliance says to who looks for one; only Ethernet needs it
   * @throws IOException if that cannot be listened at, in words
   */
  public static Listener listen(
      EventLoop loop, RailAddress address, RailTaker taker, Offering offering) throws IOException {
    return switch (address) {
      case TcpAddress tcp -> new TcpListener(loop, tcp, taker);
      case EthernetAddress ethernet -> new EthernetListener(loop, ethernet, taker, offering);
    };
  }
}
