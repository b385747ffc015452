package farslot.api.agent;

/**
 * How much a function may carry, in each direction; 0 is no bound and no promise.
 *
 * @param trafficClass 0 to 7, the highest is served first
 */
public record Qos(
    long committedBytesPerSecond, long peakBytesPerSecond, long burstBytes, int trafficClass) {
  public static final Qos NONE = new Qos(0, 0, 0, 0);
}
