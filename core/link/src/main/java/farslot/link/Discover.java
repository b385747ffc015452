package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * The body of DISCOVER (docs/spec/pcieoe.md, section 5.6): who looks for an appliance, or whether
 * packets of a size come through to it.
 *
 * @param nonce drawn at random; the OFFER repeats it
 * @param nodeName whose answer is wanted; empty for everybody's
 */
public record Discover(long nonce, String nodeName) {
  static final int NONCE_AT = 0;
  static final int NAME_BYTES_AT = 8;
  static final int NAME_AT = 12;

  /**
   * Least frame, bytes: so that an OFFER of the same length, without functions, always fits, and
   * nobody can be made to send more than was sent to him.
   */
  public static final int FRAME_BYTES_LEAST =
      FrameFormat.HEADER_BYTES + Offer.NAME_AT + FrameFormat.NAME_BYTES_MAX;

  public Discover {
    if (!nodeName.isEmpty()) {
      Words.name(nodeName);
    }
  }

  static boolean wellFormed(MemorySegment segment, long at, int bytes) {
    if (bytes < FRAME_BYTES_LEAST - FrameFormat.HEADER_BYTES) {
      return false;
    }
    int nameBytes = BigEndian.u8(segment, at + NAME_BYTES_AT);
    return nameBytes == 0
        || bytes >= NAME_AT + nameBytes
            && Words.readName(segment, at + NAME_AT, nameBytes).isPresent();
  }

  /** Reads one from a frame that {@link DiscoveryCodec#check} has passed. */
  public static Discover read(MemorySegment segment, long frameAt) {
    long at = frameAt + FrameFormat.HEADER_BYTES;
    int nameBytes = BigEndian.u8(segment, at + NAME_BYTES_AT);
    return new Discover(
        BigEndian.i64(segment, at + NONCE_AT),
        nameBytes == 0 ? "" : Words.readName(segment, at + NAME_AT, nameBytes).orElseThrow());
  }

  /** Puts the body into memory that is zero. */
  void write(MemorySegment to, long at) {
    BigEndian.i64(to, at + NONCE_AT, nonce);
    BigEndian.u8(to, at + NAME_BYTES_AT, Words.put(to, at + NAME_AT, nodeName));
  }
}
