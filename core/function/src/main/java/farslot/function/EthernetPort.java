package farslot.function;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * An Ethernet of the appliance's host that a network card reaches: a TAP device, an interface. All
 * of it on the slot's agent thread, and nothing waits.
 *
 * <p>Frames are as a wire has them, without FCS: headers and checksums complete, 802.1Q tags in
 * line, {@link #FRAME_BYTES_MIN} to {@link #FRAME_BYTES_MAX} bytes, no longer than the sender's MTU
 * says. Short ones are not padded.
 */
public interface EthernetPort extends AutoCloseable {
  /** Two addresses and a type. */
  int FRAME_BYTES_MIN = 14;

  /** Longest frame that passes here: jumbo frames of every make, and tags. */
  int FRAME_BYTES_MAX = 16 << 10;

  /** Who is told what arrives. */
  interface Receiver {
    /**
     * A frame from outside.
     *
     * @param frame valid during this call
     */
    void onFrame(MemorySegment frame, long offset, int bytes);

    /** The carrier has come or gone; also told once during {@link EthernetPort#open}. */
    void onCarrier(boolean up);
  }

  /** Begins to receive. Called once. */
  void open(Receiver receiver);

  /**
   * Sends a frame.
   *
   * @param from native memory, read during this call
   * @return false when it was dropped: no room, no carrier, or longer than the device takes
   */
  boolean send(MemorySegment from, long offset, int bytes);

  /** Whether there is somebody at the other end, as far as the host knows. */
  boolean carrier();

  /** What was lost here, for people: what is not zero, by name. On the agent thread. */
  default Map<String, Long> counts() {
    return Map.of();
  }

  /** What it is, for people: {@code tap farslot0}. */
  @Override
  String toString();

  @Override
  void close();
}
