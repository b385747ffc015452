package farslot.backend;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;

/** Opens the host's Ethernet that a configuration names. */
final class HostEthernets {
  /** What IPv4 needs, and what a frame holds here. */
  private static final int MTU_BYTES_MIN = 68;

  private static final int MTU_BYTES_MAX = HostEthernet.FRAME_BYTES_MAX - 18;

  private HostEthernets() {}

  /** Refuses what is wrong in the configuration, whether or not there is a loop to open it on. */
  static void check(CardConfig config) throws CardConfigException {
    if (config.has("tap") == config.has("interface")) {
      throw new CardConfigException(
          config.where()
              + ": say either 'tap: NAME', a device that is made, or 'interface: NAME', one of the"
              + " host's");
    }
    mtuBytes(config);
    config.finish();
  }

  private static int mtuBytes(CardConfig config) throws CardConfigException {
    if (config.has("mtu") && !config.has("tap")) {
      throw config.wrong("mtu", "left out: an interface of the host's has the MTU that it has");
    }
    return (int) config.number("mtu", 0, MTU_BYTES_MIN, MTU_BYTES_MAX);
  }

  static HostEthernet open(EventLoop loop, CardConfig config) throws CardConfigException {
    check(config);
    try {
      return config.has("tap")
          ? new TapPort(loop, config.string("tap"), mtuBytes(config))
          : openInterface(loop, config);
    } catch (ErrnoException e) {
      throw new CardUnavailableException(
          config.where()
              + ": "
              + e.getMessage()
              + "; it needs an Ethernet device of this name that no other program uses, and root or"
              + " CAP_NET_ADMIN and CAP_NET_RAW");
    }
  }

  private static HostEthernet openInterface(EventLoop loop, CardConfig config)
      throws CardConfigException, ErrnoException {
    String name = config.string("interface");
    if (!NetInterface.of(name).ethernet()) {
      throw config.wrong("interface", "an Ethernet interface");
    }
    return new InterfacePort(loop, name);
  }
}
