package farslot.fuzz;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The frame parser by itself: what the check passes can be walked to its end. */
final class FrameTarget implements Target {
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();

  @Override
  public void run(byte[] input) {
    try (Arena arena = Arena.ofConfined()) {
      // Exactly as long as what arrived, so that reading beyond it is found.
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, input);
      FrameView.frameBytes(segment, 0, input.length, FrameFormat.FRAME_BYTES_USUAL);
      if (check.check(segment, 0, input.length, FrameFormat.FRAME_BYTES_USUAL, false) == null) {
        walk(segment, input.length);
      }
    }
  }

  private void walk(MemorySegment segment, int available) {
    frame.wrap(segment, 0);
    if (frame.frameBytes() > available || frame.frameBytes() < FrameFormat.HEADER_BYTES) {
      throw new AssertionError("a frame of " + frame.frameBytes() + " bytes in " + available);
    }
    long end = FrameFormat.HEADER_BYTES;
    while (frame.type() == FrameFormat.DATA && frame.nextRecord()) {
      if (frame.bodyOffset() - FrameFormat.RECORD_HEADER_BYTES != end) {
        throw new AssertionError("records with a hole at " + end);
      }
      end = frame.bodyOffset() + (frame.bodyBytes() + 3 & ~3);
      if (end > frame.frameBytes()) {
        throw new AssertionError("a record beyond its frame");
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    return Frames.samples();
  }
}
