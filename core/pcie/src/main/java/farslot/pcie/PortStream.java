package farslot.pcie;

/**
 * The way from whoever drives a card to it, as the link gives it: a stream of TLPs and what goes
 * beside them. What comes back reaches a {@link TlpIn}.
 */
public interface PortStream {
  /** Where TLPs go. */
  TlpOut out();

  /** Largest payload that the link carries: 128 to 4096 bytes, a power of two. */
  int payloadBytesMax();

  /** Sends Hot Reset, in order with the TLPs before and after it. */
  void hotReset();

  /** Gives the card back, with a cause for people. {@code onDown} may or may not follow. */
  void detach(String cause);
}
