package farslot.link;

/**
 * What an end of links is told by its owner.
 *
 * @param nodeName 1 to {@link FrameFormat#NAME_BYTES_MAX} bytes of printable UTF-8, unique among
 *     the peers of an appliance: a new session of a name replaces the old one
 * @param instanceId drawn at random by each process at its start
 */
public record LinkConfig(String nodeName, long instanceId, LinkSizes sizes, LinkTimers timers) {
  public LinkConfig {
    Words.name(nodeName);
  }

  /** With the usual sizes and timers. */
  public static LinkConfig of(String nodeName, long instanceId) {
    return new LinkConfig(nodeName, instanceId, LinkSizes.USUAL, LinkTimers.USUAL);
  }

  /** With other sizes. */
  public LinkConfig with(LinkSizes sizes) {
    return new LinkConfig(nodeName, instanceId, sizes, timers);
  }

  /** With other timers. */
  public LinkConfig with(LinkTimers timers) {
    return new LinkConfig(nodeName, instanceId, sizes, timers);
  }
}
