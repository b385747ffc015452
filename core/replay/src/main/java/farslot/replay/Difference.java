package farslot.replay;

/**
 * Something that the card does otherwise than the capture shows.
 *
 * @param packet where in the capture, as Wireshark numbers frames; 0 for nowhere
 * @param atNs time since the conversation began, in the capture; of something that is not there,
 *     the time of what it came after
 * @param what in words: {@code CfgRd0 reg 010}, {@code MWr 0x1000 16 B}
 * @param captured what the capture has there; empty if nothing
 * @param replayed what the card has done; empty if nothing
 */
public record Difference(
    Kind kind, long packet, long atNs, String what, String captured, String replayed) {
  /** How it differs. */
  public enum Kind {
    /** The card answers a request otherwise. */
    ANSWER,
    /** The card does not answer a request that it answered in the capture. */
    NO_ANSWER,
    /** The card answers a request that it did not answer in the capture. */
    ANSWERED,
    /** The card writes other data to an address. */
    DATA,
    /** The card does not do what it did in the capture. */
    MISSING,
    /** The card does what it did not do in the capture. */
    EXTRA
  }
}
