package farslot.function;

/** How a card gets what stands behind it, without knowing an operating system. */
public interface BackEnds {
  /**
   * Opens a block store as a namespace's configuration describes it: {@code file:} with optional
   * {@code size:}, {@code read-only:}, or {@code ram: SIZE}.
   *
   * @throws CardConfigException if it cannot be had: missing, too short, not permitted
   */
  BlockStore block(CardConfig config) throws CardConfigException;

  /**
   * Opens datagram ports between two IPv4 addresses, as {@code local:} and {@code remote:} of a
   * card's configuration name them.
   *
   * @param ports numbers that both ends use
   * @param answering a port to which the peer may send from any of its own, or 0 for none
   * @param bytesMax of a datagram; longer ones are told as {@code bytesMax + 1}
   * @throws CardConfigException if they cannot be had: no such address here, or in use
   */
  default DatagramPorts datagrams(CardConfig config, int[] ports, int answering, int bytesMax)
      throws CardConfigException {
    throw new CardUnavailableException(config.where() + ": there are no datagram ports here");
  }

  /**
   * What is at the other end of a serial port's connector, as its configuration names it: {@code
   * pty:}, {@code tty:}, {@code tcp:}, {@code listen:} or {@code rfc2217:}.
   *
   * @throws CardConfigException if it cannot be had: no such device, not permitted, in use
   */
  default SerialLine serial(CardConfig config) throws CardConfigException {
    throw new CardUnavailableException(config.where() + ": there are no serial lines here");
  }

  /**
   * Opens the host's Ethernet that a card's configuration names: {@code tap: NAME}, a TAP device,
   * made if it is not there; or {@code interface: NAME}, an interface of the host's. The section is
   * the Ethernet's own: keys that nobody knows are refused.
   *
   * @throws CardConfigException if it cannot be had: no such interface, not permitted
   */
  default EthernetPort ethernet(CardConfig config) throws CardConfigException {
    throw new CardUnavailableException(config.where() + ": there is no Ethernet here");
  }

  /**
   * A PCI device that another process is, as {@code socket:} of a card's configuration names it. It
   * need not be there yet.
   *
   * @throws CardConfigException if there can be none: no such kind of path
   */
  default ForeignDevice foreignDevice(CardConfig config) throws CardConfigException {
    throw new CardUnavailableException(config.where() + ": there are no devices of others here");
  }

  /**
   * Opens a telephone line, so to speak: calls over TCP.
   *
   * @param config says with {@code listen: HOST:PORT} where calls come in; without it none do
   * @throws CardConfigException if it cannot be had: no such address here, or in use
   */
  default Calls calls(CardConfig config) throws CardConfigException {
    throw new CardUnavailableException(config.where() + ": there are no calls here");
  }
}
