package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * What is at the other end of a serial port's connector: a terminal, a real serial port, a socket,
 * a modem. All of it on the slot's agent thread, and nothing waits. Signals are named as the
 * computer's end (DTE) names its pins, and true where the pin is asserted.
 *
 * <p>Bytes are never lost between the two ends: either takes what it has room for, and the rest
 * waits. A UART that runs at the speed of its divisor decides for itself what it cannot hold.
 */
public interface SerialLine extends AutoCloseable {
  /** The end at which the UART is. None of these is called from within a call of the line's. */
  interface Listener {
    /**
     * Bytes that have come.
     *
     * @param data valid during this call
     * @param bytes at least 1
     * @return how many were taken, 0 to {@code bytes}; the others come again after {@link #resume}
     */
    int onBytes(MemorySegment data, long offset, int bytes);

    /** There is room again, after {@link #send} took less than it was given. */
    void onRoom();

    /** The other end's signals, when any has changed. Until the first call, none is asserted. */
    void onLines(boolean cts, boolean dsr, boolean ri, boolean dcd);

    /** The other end has sent a break, behind the bytes before it. */
    void onBreak();

    /** A character has come with a parity error ({@code framing} false) or without a stop bit. */
    default void onDamaged(byte character, boolean framing) {}
  }

  /**
   * Begins. Called once, before any other call but {@link #close}.
   *
   * @param agent the thread of all calls, and its timers
   */
  void open(Agent agent, Listener listener);

  /**
   * Sends.
   *
   * @param from native memory, valid during this call
   * @param bytes at least 1
   * @return how many were taken, 0 to {@code bytes}; when less, {@link Listener#onRoom} follows. A
   *     line that leads nowhere takes all
   */
  int send(MemorySegment from, long offset, int bytes);

  /** There is room again for {@link Listener#onBytes}. Bytes come later, not within this call. */
  void resume();

  /** How characters are spoken from now on; the same ones again are no mistake. */
  void settings(SerialSettings settings);

  /** A break begins or ends, behind the bytes that were sent. */
  void sendBreak(boolean on);

  /** The UART's modem control outputs, when any has changed. Until the first call, both are off. */
  void lines(boolean dtr, boolean rts);

  /** What was counted, and how it is, in a word for people: {@code 127.0.0.1:7001, connected}. */
  @Override
  String toString();

  /** Ends it. Nothing is called any more. */
  @Override
  void close();
}
