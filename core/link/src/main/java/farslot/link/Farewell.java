package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * The body of REFUSE and BYE (docs/spec/pcieoe.md, section 5.3); the same in all versions, so that
 * whoever is refused can read why.
 */
record Farewell(RefuseCode code, String text) {
  static final int CODE_AT = 0;
  static final int TEXT_BYTES_AT = 2;
  static final int TEXT_AT = 4;
  static final int BYTES_MAX = TEXT_AT + FrameFormat.TEXT_BYTES_MAX;

  static boolean wellFormed(MemorySegment segment, long at, int bytes) {
    return bytes >= TEXT_AT && bytes >= TEXT_AT + BigEndian.u16(segment, at + TEXT_BYTES_AT);
  }

  static Farewell read(FrameView frame) {
    MemorySegment from = frame.segment();
    long at = frame.frameBodyOffset();
    return new Farewell(
        RefuseCode.of(BigEndian.u16(from, at + CODE_AT)),
        Words.readText(from, at + TEXT_AT, BigEndian.u16(from, at + TEXT_BYTES_AT)));
  }

  /** Puts the body at {@code at} and returns its length, padded. */
  int write(MemorySegment to, long at) {
    byte[] words = Words.text(text);
    int bytes = FrameFormat.padded(TEXT_AT + words.length);
    to.asSlice(at, bytes).fill((byte) 0);
    BigEndian.u16(to, at + CODE_AT, code.code());
    BigEndian.u16(to, at + TEXT_BYTES_AT, words.length);
    MemorySegment.copy(MemorySegment.ofArray(words), 0, to, at + TEXT_AT, words.length);
    return bytes;
  }
}
