package farslot.link;

/**
 * How one rail of a session does, for people and the striping's tests.
 *
 * @param number of its path, 0 to {@link FrameFormat#RAILS_MAX} - 1
 * @param name {@code tcp 10.0.0.2:7580}
 * @param suspect whether it owes an answer for so long that its frames go over other rails
 * @param roundTripNs smoothed, without what the peer held back; 0 before the first
 * @param roundTripNsLeast the shortest of the last minute
 * @param bytesPerSecond the most that it has delivered lately; 0 before that is known
 * @param lossShare of what was sent lately, 0 to 1
 * @param windowBytes how much may be under way; 0 where the carrier decides (TCP)
 * @param underWayBytes sent over it and not known to have arrived
 * @param bytesSent DATA frames, since it is there, repetitions included
 * @param bytesReceived all frames
 * @param framesLost sent over it and given up
 * @param sinceNs when it came, on the owner's clock
 * @param protection who the peer has proved to be, and what guards the frames
 */
public record RailHealth(
    int number,
    String name,
    boolean suspect,
    long roundTripNs,
    long roundTripNsLeast,
    long bytesPerSecond,
    double lossShare,
    long windowBytes,
    long underWayBytes,
    long bytesSent,
    long bytesReceived,
    long framesLost,
    long sinceNs,
    RailProtection protection) {}
