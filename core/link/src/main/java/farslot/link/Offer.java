package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of OFFER (docs/spec/pcieoe.md, section 5.6): an appliance's answer to DISCOVER.
 *
 * @param nonce of the DISCOVER that it answers
 * @param instanceId as in the appliance's WELCOME
 * @param frameBytesMax longest frame that its interface takes, bytes
 * @param functionCount functions that it offers, 0 to 65535
 * @param credentials whether it takes protected rails only
 * @param functions names of as many of them as fitted into the frame
 */
public record Offer(
    long nonce,
    long instanceId,
    int frameBytesMax,
    String nodeName,
    int functionCount,
    boolean credentials,
    List<String> functions) {
  static final int NONCE_AT = 0;
  static final int INSTANCE_AT = 8;
  static final int FRAME_BYTES_AT = 16;
  static final int FUNCTIONS_AT = 18;
  static final int LISTED_AT = 20;
  static final int NAME_BYTES_AT = 22;
  static final int FLAGS_AT = 23;
  static final int NAME_AT = 24;

  /** Only protected rails are taken. */
  static final int FLAG_CREDENTIALS = 1;

  private static final int COUNT_MAX = 0xFFFF;

  public Offer {
    Words.name(nodeName);
    functions = List.copyOf(functions);
  }

  static boolean wellFormed(MemorySegment segment, long at, int bytes) {
    return parse(segment, at, bytes).isPresent();
  }

  /** Reads one from a frame that {@link DiscoveryCodec#check} has passed. */
  public static Offer read(MemorySegment segment, long frameAt) {
    int bytes = BigEndian.u16(segment, frameAt + FrameFormat.LENGTH_AT);
    long at = frameAt + FrameFormat.HEADER_BYTES;
    return parse(segment, at, bytes - FrameFormat.HEADER_BYTES).orElseThrow();
  }

  /** Names are bounded by the frame: each takes two bytes at least. */
  private static Optional<Offer> parse(MemorySegment segment, long at, int bytes) {
    if (bytes < NAME_AT) {
      return Optional.empty();
    }
    int nameBytes = BigEndian.u8(segment, at + NAME_BYTES_AT);
    int listed = BigEndian.u16(segment, at + LISTED_AT);
    int count = BigEndian.u16(segment, at + FUNCTIONS_AT);
    if (NAME_AT + nameBytes > bytes || listed > count) {
      return Optional.empty();
    }
    Optional<String> nodeName = Words.readName(segment, at + NAME_AT, nameBytes);
    if (nodeName.isEmpty()) {
      return Optional.empty();
    }
    List<String> functions = new ArrayList<>();
    int offset = NAME_AT + nameBytes;
    while (functions.size() < listed) {
      int length = offset < bytes ? BigEndian.u8(segment, at + offset) : 0;
      if (length == 0 || offset + 1 + length > bytes) {
        return Optional.empty();
      }
      Optional<String> name = Words.readName(segment, at + offset + 1, length);
      if (name.isEmpty()) {
        return Optional.empty();
      }
      functions.add(name.get());
      offset += 1 + length;
    }
    return Optional.of(
        new Offer(
            BigEndian.i64(segment, at + NONCE_AT),
            BigEndian.i64(segment, at + INSTANCE_AT),
            BigEndian.u16(segment, at + FRAME_BYTES_AT),
            nodeName.get(),
            count,
            (BigEndian.u8(segment, at + FLAGS_AT) & FLAG_CREDENTIALS) != 0,
            functions));
  }

  /** Puts the body into memory that is zero, with as many functions as fit into it. */
  void write(MemorySegment to, long at, int bytes) {
    BigEndian.i64(to, at + NONCE_AT, nonce);
    BigEndian.i64(to, at + INSTANCE_AT, instanceId);
    BigEndian.u16(to, at + FRAME_BYTES_AT, frameBytesMax);
    BigEndian.u16(to, at + FUNCTIONS_AT, Math.min(functionCount, COUNT_MAX));
    int nameBytes = Words.put(to, at + NAME_AT, nodeName);
    BigEndian.u8(to, at + NAME_BYTES_AT, nameBytes);
    BigEndian.u8(to, at + FLAGS_AT, credentials ? FLAG_CREDENTIALS : 0);
    int offset = NAME_AT + nameBytes;
    int listed = 0;
    for (String function : functions) {
      int length = Words.name(function).length;
      if (offset + 1 + length > bytes || listed == COUNT_MAX) {
        break;
      }
      BigEndian.u8(to, at + offset, length);
      offset += 1 + Words.put(to, at + offset + 1, function);
      listed++;
    }
    BigEndian.u16(to, at + LISTED_AT, listed);
  }
}
