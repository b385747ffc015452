package farslot.sim.fabric;

import farslot.sim.World;
import java.util.SplittableRandom;

/** What an agent and its manager tell each other travels here: or it is lost, late, there twice. */
final class Way {
  private static final int DELAY_US_MAX = 3_000;
  private static final int LATE_MS_MAX = 4_000;
  private static final int CENT = 100;

  private final World world;
  private final SplittableRandom random;
  private long silentUntilNs;
  private long noisyUntilNs;

  Way(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  void silence(long untilNs) {
    silentUntilNs = Math.max(silentUntilNs, untilNs);
  }

  void noise(long untilNs) {
    noisyUntilNs = Math.max(noisyUntilNs, untilNs);
  }

  /** Carries something to the other side, if it is carried at all; perhaps twice. */
  void carry(Runnable there) {
    boolean noisy = world.nowNs() < noisyUntilNs;
    if (world.nowNs() < silentUntilNs || noisy && random.nextInt(CENT) < 15) {
      return;
    }
    long ns = random.nextInt(DELAY_US_MAX) * World.US;
    if (noisy && random.nextInt(CENT) < 20) {
      ns += random.nextInt(LATE_MS_MAX) * World.MS;
    }
    world.after(ns, there);
    if (noisy && random.nextInt(CENT) < 15) {
      world.after(ns + random.nextInt(LATE_MS_MAX) * World.MS, there);
    }
  }
}
