package farslot.link;

import java.lang.foreign.MemorySegment;

/** A frame read where it lies. */
public final class FrameView {
  /**
   * Length of the frame that begins here, for carriers that have to cut a byte stream.
   *
   * @param available bytes that have arrived
   * @return the frame's length, 0 when fewer than {@link FrameFormat#PREAMBLE_BYTES} bytes are
   *     there, or -1 when this cannot be a frame
   */
  public static int frameBytes(
      MemorySegment segment, long offset, long available, int frameBytesMax) {
    throw new UnsupportedOperationException();
  }
}
