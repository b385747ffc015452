package farslot.fabric;

import farslot.pcie.TlpOut;

/**
 * The way from a root port to its card, as the link gives it: a stream of TLPs and what goes beside
 * them. What comes back reaches the root port as a {@link farslot.pcie.TlpIn}.
 */
public interface PortStream {
  /** Where TLPs go. */
  TlpOut out();

  /** Largest payload that the link carries: 128 to 4096 bytes, a power of two. */
  int payloadBytesMax();

  /** Sends Hot Reset, in order with the TLPs before and after it. */
  void hotReset();

  /** Gives the stream up; the card is let go. {@code onDown} may or may not follow. */
  void close(String cause);
}
