package farslot.link;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli) over parts of segments, without allocating as long as the segment stays the
 * same: the JDK's fast one wants a buffer, so the last segment's is kept.
 */
final class Crc32c {
  private static final byte[] ZERO = new byte[4];
  private final CRC32C crc = new CRC32C();
  private MemorySegment segment;
  private ByteBuffer buffer;

  /** Of a whole frame, its CRC field counted as zero. */
  int ofFrame(MemorySegment frames, long offset, int frameBytes) {
    if (frames != segment) {
      segment = frames;
      buffer = frames.asByteBuffer();
    }
    int at = Math.toIntExact(offset);
    crc.reset();
    update(at, FrameFormat.CRC_AT);
    crc.update(ZERO, 0, ZERO.length);
    int body = FrameFormat.CRC_AT + ZERO.length;
    update(at + body, frameBytes - body);
    return (int) crc.getValue();
  }

  private void update(int at, int bytes) {
    buffer.limit(at + bytes).position(at);
    crc.update(buffer);
    buffer.clear();
  }
}
