package farslot.sim;

import java.util.SplittableRandom;

/**
 * What a way through the network is like when nothing is wrong with it.
 *
 * @param reliable like TCP: in order and intact, or broken; otherwise like Ethernet
 * @param frameBytesMax largest frame that it takes
 * @param framesMax frames under way in one direction at most: TCP's buffers, a network card's ring
 * @param delayNs from one end to the other
 * @param jitterUs what one frame may take longer than another
 * @param nsPerKib how long 1024 bytes occupy it; 0 for no time at all
 * @param queueNs how long the queue in front of it may become; what does not fit is lost on
 *     Ethernet
 * @param near whether the queue is in the sender's own port, so that it can wait for room in it
 * @param lost of a thousand frames so many, always
 * @param doubled the same
 */
record RouteKind(
    boolean reliable,
    int frameBytesMax,
    int framesMax,
    long delayNs,
    int jitterUs,
    long nsPerKib,
    long queueNs,
    boolean near,
    int lost,
    int doubled) {
  /** 10 Gbit/s, 1 Gbit/s and 100 Mbit/s. */
  private static final long[] NS_PER_KIB = {0, 0, 820, 8_200, 82_000};

  private static final long LOST_AGAIN_NS = 200 * World.MS;
  private static final int[] LOST = {0, 0, 0, 1, 10};
  private static final int[] DOUBLED = {0, 0, 0, 3};

  static RouteKind of(SplittableRandom random, boolean reliable, int frameBytesMax) {
    boolean straight = reliable || random.nextBoolean();
    return new RouteKind(
        reliable,
        frameBytesMax,
        reliable ? 4 << random.nextInt(6) : 512,
        (5 + random.nextInt(300)) * World.US,
        1 + random.nextInt(reliable ? 100 : straight ? 10 : 400),
        NS_PER_KIB[random.nextInt(NS_PER_KIB.length)],
        (1 + random.nextInt(20)) * World.MS,
        random.nextInt(3) == 0,
        reliable ? 0 : LOST[random.nextInt(LOST.length)],
        reliable ? 0 : DOUBLED[random.nextInt(DOUBLED.length)]);
  }

  /** How long so many bytes occupy it. */
  long wireNs(long bytes) {
    return bytes * nsPerKib >> 10;
  }

  /**
   * How long a frame may take when the queue is full, and a replay buffer goes before it; and when
   * it is lost again after it was sent again, where frames are always lost.
   */
  long fullNs() {
    long lossNs = lost > 0 ? LOST_AGAIN_NS : 0;
    return lossNs + 2 * (delayNs + jitterUs * World.US + queueNs + wireNs(Shape.REPLAY_BYTES));
  }

  @Override
  public String toString() {
    return "%s, frames of %d, %d us + %d, %d ns a KiB, queue %d ms%s, lost %d, doubled %d of 1000"
        .formatted(
            reliable ? "like TCP" : "like Ethernet",
            frameBytesMax,
            delayNs / World.US,
            jitterUs,
            nsPerKib,
            queueNs / World.MS,
            near ? " in the port" : "",
            lost,
            doubled);
  }
}
