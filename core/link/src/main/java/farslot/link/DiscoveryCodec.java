package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * Writes and checks the frames by which appliances are found on an Ethernet segment. One per
 * thread. Allocates; nothing here is on the data path.
 */
public final class DiscoveryCodec {
  private final FrameCheck check = new FrameCheck();
  private final Crc32c crc = new Crc32c();

  /**
   * Puts a DISCOVER at {@code at}.
   *
   * @param frameBytes how long the frame is made, and so its answer: {@link
   *     Discover#FRAME_BYTES_LEAST} to {@link FrameFormat#FRAME_BYTES_MAX}, a multiple of 4
   */
  public void write(MemorySegment to, long at, Discover discover, int frameBytes) {
    begin(to, at, FrameFormat.DISCOVER, frameBytes);
    discover.write(to, at + FrameFormat.HEADER_BYTES);
    seal(to, at, frameBytes);
  }

  /**
   * Puts an OFFER at {@code at}, with as many names of functions as fit.
   *
   * @param frameBytes length of the DISCOVER that it answers
   */
  public void write(MemorySegment to, long at, Offer offer, int frameBytes) {
    begin(to, at, FrameFormat.OFFER, frameBytes);
    offer.write(to, at + FrameFormat.HEADER_BYTES, frameBytes - FrameFormat.HEADER_BYTES);
    seal(to, at, frameBytes);
  }

  private static void begin(MemorySegment to, long at, int type, int frameBytes) {
    if (frameBytes < Discover.FRAME_BYTES_LEAST
        || frameBytes > FrameFormat.FRAME_BYTES_MAX
        || frameBytes % 4 != 0) {
      throw new IllegalArgumentException(frameBytes + " bytes");
    }
    to.asSlice(at, frameBytes).fill((byte) 0);
    FrameEncoder.header(to, at, type, 0, 0);
    FrameEncoder.length(to, at, frameBytes);
    FrameEncoder.acknowledge(to, at, FrameFormat.FLAG_CRC, 0, 0);
  }

  private void seal(MemorySegment to, long at, int frameBytes) {
    BigEndian.i32(to, at + FrameFormat.CRC_AT, crc.ofFrame(to, at, frameBytes));
  }

  /**
   * Checks what came outside of a rail.
   *
   * @param available bytes that have arrived from {@code offset}
   * @return null when it is a good DISCOVER or OFFER, and {@link Discover#read} or {@link
   *     Offer#read} may be used; {@link FrameError#TYPE} when it is another frame
   */
  public FrameError check(MemorySegment segment, long offset, long available) {
    FrameError error =
        check.envelope(segment, offset, available, FrameFormat.FRAME_BYTES_MAX, true);
    if (error != null) {
      return error;
    }
    long body = offset + FrameFormat.HEADER_BYTES;
    int bytes = BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT) - FrameFormat.HEADER_BYTES;
    return switch (BigEndian.u8(segment, offset + FrameFormat.TYPE_AT)) {
      case FrameFormat.DISCOVER ->
          Discover.wellFormed(segment, body, bytes) ? null : FrameError.BODY;
      case FrameFormat.OFFER -> Offer.wellFormed(segment, body, bytes) ? null : FrameError.BODY;
      default -> FrameError.TYPE;
    };
  }
}
