package farslot.replay;

import farslot.link.FrameFormat;
import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One thing that was said in a function's stream.
 *
 * @param packet number of the packet in the file that it ended in, from 1: Wireshark's {@code
 *     frame.number}
 * @param timeNs when, since the beginning of 1970
 * @param tlp from its first prefix to its digest; of a push its record's body; else empty
 */
public record Utterance(long packet, long timeNs, Kind kind, byte[] tlp) {
  /** Who says it. */
  public enum Kind {
    /** A TLP from the server. */
    SERVER,
    /** A TLP from the card. */
    CARD,
    /** A hot reset, or an attach, which begins with one. */
    RESET,
    /** The server sends memory along. */
    PUSH,
    /** Memory that is the card's until it gives it back. */
    STEADY_PUSH,
    /** The server takes back what it has sent along. */
    REVOKE
  }

  boolean isPush() {
    return kind == Kind.PUSH || kind == Kind.STEADY_PUSH;
  }

  /** Where in the server's memory a push is. */
  long address() {
    return BigEndian.i64(MemorySegment.ofArray(tlp), FrameFormat.PUSH_ADDRESS_AT);
  }

  /** The memory that a push brings. */
  byte[] pushed() {
    return Arrays.copyOfRange(tlp, FrameFormat.PUSH_HEADER_BYTES, tlp.length);
  }
}
