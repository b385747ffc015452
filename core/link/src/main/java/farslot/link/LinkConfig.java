package farslot.link;

/**
 * What an end of links is told by its owner.
 *
 * @param nodeName 1 to {@link FrameFormat#NAME_BYTES_MAX} bytes of printable UTF-8, unique among
 *     the peers of an appliance: a new session of a name replaces the old one
 * @param instanceId drawn at random by each process at its start
 * @param capabilities what this end offers, a part of {@link FrameFormat#CAPABILITIES}: {@link
 *     FrameFormat#CAPABILITY_SACK} and so on
 */
public record LinkConfig(
    String nodeName, long instanceId, LinkSizes sizes, LinkTimers timers, int capabilities) {
  public LinkConfig {
    Words.name(nodeName);
  }

  /** With the usual sizes and timers, and everything that this end can do. */
  public static LinkConfig of(String nodeName, long instanceId) {
    return new LinkConfig(
        nodeName, instanceId, LinkSizes.USUAL, LinkTimers.USUAL, FrameFormat.CAPABILITIES);
  }

  /** With other sizes. */
  public LinkConfig with(LinkSizes sizes) {
    return new LinkConfig(nodeName, instanceId, sizes, timers, capabilities);
  }

  /** With other timers. */
  public LinkConfig with(LinkTimers timers) {
    return new LinkConfig(nodeName, instanceId, sizes, timers, capabilities);
  }

  /** With other capabilities. */
  public LinkConfig withCapabilities(int capabilities) {
    return new LinkConfig(nodeName, instanceId, sizes, timers, capabilities);
  }
}
