package farslot.link;

/**
 * What a stream may send and what it does, at this end.
 *
 * @param sentBytesPerSecond over the last second or longer; 0 in a session in which nobody has a
 *     {@link Qos}
 * @param receivedBytesPerSecond the same, of what the peer sends
 * @param delayedBytes sent bytes that were refused at first
 * @param delayedNs how long something waited because of its {@link Qos} or others'
 */
public record QosStatus(
    Qos qos,
    long sentBytesPerSecond,
    long receivedBytesPerSecond,
    long delayedBytes,
    long delayedNs) {}
