package farslot.vfiouser.client;

/**
 * How patient a client is.
 *
 * @param answerNs after this an access has failed, whatever comes of it later
 * @param silenceNs a server that owes an answer and has said nothing for so long is given up
 * @param retryNs between attempts to find a server
 * @param mirrorBytes of memory that the server may map, a multiple of 2 MiB; 0 for none: then it
 *     has to ask for memory by message
 */
public record DeviceClientOptions(long answerNs, long silenceNs, long retryNs, long mirrorBytes) {
  /** Below the deadline that the server's end keeps, 3 s, after which it answers itself. */
  private static final long ANSWER_NS = 2_000_000_000L;

  private static final long SILENCE_NS = 15_000_000_000L;
  private static final long RETRY_NS = 500_000_000L;

  public DeviceClientOptions {
    if (answerNs <= 0 || silenceNs < answerNs || retryNs <= 0) {
      throw new IllegalArgumentException("answer " + answerNs + ", silence " + silenceNs);
    }
  }

  public static DeviceClientOptions defaults() {
    return new DeviceClientOptions(ANSWER_NS, SILENCE_NS, RETRY_NS, 0);
  }

  public DeviceClientOptions withMirrorBytes(long bytes) {
    return new DeviceClientOptions(answerNs, silenceNs, retryNs, bytes);
  }
}
