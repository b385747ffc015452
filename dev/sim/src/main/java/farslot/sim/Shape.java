package farslot.sim;

import farslot.link.Credits;
import farslot.link.FrameFormat;
import farslot.link.LinkConfig;
import farslot.link.LinkSizes;
import farslot.link.LinkTimers;
import java.util.SplittableRandom;

/**
 * What a seed's world looks like before anything happens in it.
 *
 * @param routes ways through the network between each initiator and each appliance
 * @param rails how many of them an initiator is configured to use at first
 * @param smallRoutes how many of them, the first left out, take only the least frames
 * @param capabilities of those that both ends have, the ones that they are let know of each other:
 *     peers of other versions
 * @param load by how much more is done than elsewhere; then credits hold nobody up
 * @param reliablePercent how many of a hundred routes are like TCP; the others are like Ethernet
 * @param payloadBytesMax Max_Payload_Size
 */
record Shape(
    int initiators,
    int appliances,
    int functions,
    int routes,
    int rails,
    int smallRoutes,
    int capabilities,
    int load,
    int reliablePercent,
    int frameBytesMax,
    int payloadBytesMax,
    long holdNs,
    Credits driverCredits,
    Credits cardCredits) {
  static final int REPLAY_BYTES = 1 << 18;
  static final long REDIAL_MAX_NS = 100 * World.MS;
  static final long SILENCE_NS = 400 * World.MS;
  static final long HANDSHAKE_NS = 200 * World.MS;

  private static final Credits UNLIMITED = new Credits(0, 0, 0, 0, 0, 0);

  /** SACK and RAILS. */
  private static final int RAILS = 3;

  /** These, PUSH and EVENT. */
  static final int ALL_CAPABILITIES = 15;

  static Shape of(SplittableRandom random) {
    int initiators = 1 + random.nextInt(3);
    int appliances = 1 + random.nextInt(2);
    int routes = random.nextInt(6) == 0 ? 1 + random.nextInt(8) : 1 + random.nextInt(3);
    int load = random.nextInt(6) == 0 ? 4 + random.nextInt(12) : 1;
    return new Shape(
        initiators,
        appliances,
        appliances * (1 + random.nextInt(3)),
        routes,
        random.nextInt(3) == 0 ? 1 + random.nextInt(routes) : routes,
        Math.max(0, random.nextInt(6) - 3),
        random.nextInt(5) == 0 ? random.nextInt(16) : ALL_CAPABILITIES,
        load,
        new int[] {100, 0, 50}[random.nextInt(3)],
        new int[] {FrameFormat.FRAME_BYTES_LEAST, 4200, 16640, 65532}[random.nextInt(4)],
        128 << random.nextInt(6),
        (1500 + random.nextInt(2000)) * World.MS,
        load > 1 ? UNLIMITED : credits(random),
        load > 1 ? UNLIMITED : credits(random));
  }

  /** Small ones most of the time, so that senders run out of them. */
  private static Credits credits(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> Credits.DEFAULT;
      case 1 -> new Credits(8, 512, 8, 512, 8, 512);
      case 2 -> new Credits(16, 600, 9, 512, 0, 0);
      default -> new Credits(8 + random.nextInt(60), 512 + random.nextInt(600), 8, 0, 13, 1000);
    };
  }

  /** Whether sessions use several rails at a time. */
  boolean hasRails() {
    return (capabilities & RAILS) == RAILS;
  }

  /** Largest frame on the route of this number. */
  int frameBytesMax(int path) {
    return path > 0 && path <= smallRoutes ? FrameFormat.FRAME_BYTES_LEAST : frameBytesMax;
  }

  LinkConfig config(String name, long instanceId) {
    LinkTimers timers =
        new LinkTimers(
            holdNs,
            80 * World.MS,
            SILENCE_NS,
            HANDSHAKE_NS,
            World.MS,
            10 * World.MS,
            REDIAL_MAX_NS);
    LinkSizes sizes =
        LinkSizes.USUAL
            .withFrameBytesMax(frameBytesMax)
            .withReplayBytes(REPLAY_BYTES)
            .withPayload(payloadBytesMax, payloadBytesMax);
    return LinkConfig.of(name, instanceId).with(sizes).with(timers);
  }
}
