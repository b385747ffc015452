package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * Datagrams from and to one peer, on many ports (UDP). Whatever comes from other addresses is
 * dropped before it gets here. All of it on the slot's agent thread, and nothing waits.
 */
public interface DatagramPorts extends AutoCloseable {
  /** Who is told what arrives. */
  interface Receiver {
    /**
     * Whether a datagram can be taken now. When not, what has arrived waits, as far as the
     * operating system lets it, until {@link DatagramPorts#resume}.
     */
    boolean hasRoom();

    /**
     * A datagram, in the order of arrival over all ports.
     *
     * @param port ours, to which it came
     * @param data valid during this call, at least {@code bytesMax} long behind the offset
     * @param bytes its length; more than {@code bytesMax} stands for any such length
     */
    void onDatagram(int port, MemorySegment data, long offset, int bytes);

    /** Nobody listens on the peer's port of this number: what was sent there is lost. */
    void onRefused(int port);
  }

  /** Begins to receive. Called once. */
  void open(Receiver receiver);

  /** There is room again. */
  void resume();

  /**
   * Sends a datagram from our port to the peer's port of the same number, or, from the port that
   * was opened for anybody there, to whom the last datagram came from.
   *
   * @param from native memory
   * @return false when it could not be sent now, and is lost
   */
  boolean send(int port, MemorySegment from, long offset, int bytes);

  /** Datagrams dropped because they came from elsewhere. */
  long foreign();

  /** Who the peer is and where we are, for people. */
  @Override
  String toString();

  @Override
  void close();
}
