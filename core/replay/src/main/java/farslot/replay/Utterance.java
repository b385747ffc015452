package farslot.replay;

/**
 * One thing that was said in a function's stream.
 *
 * @param packet number of the packet in the file that it ended in, from 1: Wireshark's {@code
 *     frame.number}
 * @param timeNs when, since the beginning of 1970
 * @param tlp from its first prefix to its digest; empty for a reset
 */
public record Utterance(long packet, long timeNs, Kind kind, byte[] tlp) {
  /** Who says it. */
  public enum Kind {
    /** A TLP from the server. */
    SERVER,
    /** A TLP from the card. */
    CARD,
    /** A hot reset, or an attach, which begins with one. */
    RESET
  }
}
