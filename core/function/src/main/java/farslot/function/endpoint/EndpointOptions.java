package farslot.function.endpoint;

/**
 * Limits of an endpoint.
 *
 * @param completionTimeoutNs how long a DMA read waits for its completion at least; software can
 *     lengthen it (Device Control 2). Longer than a session's hold time, so that a break which is
 *     survived does not fail reads
 * @param readsInFlightMax MRd that wait for completions at a time, 1 to 1024; the tags that
 *     software has enabled (32, 256 or 768) bound it too
 * @param parkedBytesMax bytes of TLPs, for each of posted requests and completions, that wait for
 *     room at most
 * @param pushedBytesMax bytes that the server has pushed and the card has not read yet, a multiple
 *     of 4 KiB; 0 ignores what is pushed. Taken only while it is needed
 */
public record EndpointOptions(
    long completionTimeoutNs, int readsInFlightMax, int parkedBytesMax, int pushedBytesMax) {
  /** 10 s, 256 reads, 64 MiB, 1 MiB. */
  public static final EndpointOptions DEFAULT =
      new EndpointOptions(10_000_000_000L, 256, 64 << 20, 1 << 20);

  public EndpointOptions {
    if (completionTimeoutNs <= 0 || readsInFlightMax < 1 || readsInFlightMax > 1024) {
      throw new IllegalArgumentException("no such limits");
    }
    if (parkedBytesMax < ParkedTlps.BYTES_FIRST) {
      throw new IllegalArgumentException("too little room to park TLPs");
    }
    if (pushedBytesMax < 0 || pushedBytesMax % PushedPage.BYTES != 0) {
      throw new IllegalArgumentException("room for pushed bytes comes in pages of 4 KiB");
    }
  }
}
