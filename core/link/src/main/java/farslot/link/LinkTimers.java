package farslot.link;

/**
 * How long things take at most.
 *
 * @param holdNs how long a session outlives its last rail; the smaller of both ends' counts
 * @param keepAliveNs a rail on which nothing was sent for this long gets an ACK; at most a quarter
 *     of the peer's silence time is used
 * @param silenceNs a rail from which nothing came for this long is dead
 * @param handshakeNs how long a fresh rail may take to agree on a session
 * @param ackDelayNs how long an acknowledgement may wait for a frame that takes it along
 * @param redialNs first pause between two attempts to connect; doubles each time
 * @param redialNsMax longest such pause
 */
public record LinkTimers(
    long holdNs,
    long keepAliveNs,
    long silenceNs,
    long handshakeNs,
    long ackDelayNs,
    long redialNs,
    long redialNsMax) {
  private static final long MS = 1_000_000;

  /** What suits a data centre's network. */
  public static final LinkTimers USUAL =
      new LinkTimers(30_000 * MS, 500 * MS, 3_000 * MS, 3_000 * MS, MS, 50 * MS, 2_000 * MS);

  public LinkTimers {
    require(holdNs >= 0 && holdNs <= 86_400_000 * MS, "holdNs", holdNs);
    require(keepAliveNs > 0, "keepAliveNs", keepAliveNs);
    require(silenceNs > keepAliveNs && silenceNs <= 86_400_000 * MS, "silenceNs", silenceNs);
    require(handshakeNs > 0, "handshakeNs", handshakeNs);
    require(ackDelayNs >= 0, "ackDelayNs", ackDelayNs);
    require(redialNs > 0 && redialNsMax >= redialNs, "redialNs", redialNs);
  }

  /** With another hold time. */
  public LinkTimers withHoldNs(long ns) {
    return new LinkTimers(
        ns, keepAliveNs, silenceNs, handshakeNs, ackDelayNs, redialNs, redialNsMax);
  }

  private static void require(boolean holds, String what, long value) {
    if (!holds) {
      throw new IllegalArgumentException("link: " + what + " out of range: " + value);
    }
  }
}
