package farslot.carrier;

import farslot.link.FrameFormat;
import farslot.linux.PacketsIn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that all sockets of a listener or dialer use in turn.
 *
 * @param mtuBytes longest packet received
 * @param in where packets are received to
 * @param scratch where DISCOVER and OFFER are made
 */
record EthernetBuffers(int mtuBytes, PacketsIn in, MemorySegment scratch) {
  private static final int PACKETS_MIN = 8;
  private static final int PACKETS_MAX = 64;

  /** What the packets of one call take at most, unless so few of them would be slow. */
  private static final int BYTES_MAX = 1 << 20;

  /** Makes them. */
  static EthernetBuffers of(int mtuBytes) {
    int packetBytes = EthernetFormat.FRAME_AT + mtuBytes;
    int packets = Math.clamp(BYTES_MAX / packetBytes, PACKETS_MIN, PACKETS_MAX);
    MemorySegment scratch = Arena.ofAuto().allocate(FrameFormat.FRAME_BYTES_MAX, 64);
    return new EthernetBuffers(mtuBytes, new PacketsIn(packets, packetBytes), scratch);
  }

  /** These, or others if the MTU is another. */
  static EthernetBuffers of(int mtuBytes, EthernetBuffers before) {
    return before != null && before.mtuBytes == mtuBytes ? before : of(mtuBytes);
  }
}
