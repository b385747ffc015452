package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Power cuts, kills and failing disks, from seeds. No answered change is lost, none is half there.
 */
class CrashTest {
  private static final long SEED = Fuzz.seed();
  private static final int CUTS = Fuzz.iterations(10_000);

  /** Lives of one store after another, each ended by a power cut or a kill at a random place. */
  private static int cutsOf(long seed, double faults) {
    Random random = new Random(~seed);
    CrashLife life = new CrashLife(seed);
    int cuts = 0;
    try {
      for (int lives = 0; lives < 8; lives++) {
        life.disk().cutAfter(1 + random.nextInt(random.nextBoolean() ? 12 : 150));
        if (faults > 0 && begun(life) && random.nextInt(4) == 0) {
          life.disk().full(); // It can be read, and nothing else.
        }
        if (life.begin()) {
          if (faults > 0 && random.nextBoolean()) {
            life.disk().faults(faults);
          } else if (faults > 0) {
            life.disk().capacity(4_000 + random.nextInt(60_000));
          }
          if (life.run(60)) {
            life.check();
          }
        }
        cuts += life.disk().isDown() ? 1 : 0;
        life.disk().faults(0);
        life.disk().capacity(Long.MAX_VALUE);
        if (random.nextInt(4) == 0) {
          life.disk().restart();
        } else {
          life.disk().powerUp();
        }
      }
      assertThat(life.begin()).isTrue();
      assertThat(life.run(10)).isTrue();
      life.check();
      return cuts;
    } catch (Throwable e) {
      throw new AssertionError(Fuzz.again(seed) + " faults " + faults, e);
    }
  }

  private static boolean begun(CrashLife life) {
    return !life.disk().isDown() && FileNames.highestSnapshot(life.disk().names()).isPresent();
  }

  @Test
  void tenThousandCutsLoseNothingThatWasAnswered() {
    int cuts = 0;
    for (long seed = SEED; cuts < CUTS; seed++) {
      cuts += cutsOf(seed, 0);
    }
    assertThat(cuts).isGreaterThanOrEqualTo(CUTS);
  }

  @Test
  void disksThatFailOrAreFullAndThenLosePower() {
    int cuts = 0;
    for (long seed = SEED; cuts < CUTS / 5; seed++) {
      cuts += cutsOf(seed, seed % 3 == 0 ? 0.3 : 0.05);
    }
    assertThat(cuts).isGreaterThanOrEqualTo(CUTS / 5);
  }

  /** The same changes, and the power goes at the first operation, at the second, and so on. */
  @Test
  void atEveryOperationOfADisk() {
    int cuts = 0;
    for (long seed = SEED; seed < SEED + 12; seed++) {
      boolean all = false;
      for (int at = 1; !all; at++) {
        all = !cutAt(seed, at);
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThan(12 * 30);
  }

  /**
   * @return false if the power was there to the end
   */
  private static boolean cutAt(long seed, int at) {
    CrashLife life = new CrashLife(seed);
    try {
      life.disk().cutAfter(at);
      if (life.begin()) {
        life.run(25);
      }
      boolean cut = life.disk().isDown();
      life.disk().powerUp();
      assertThat(life.begin()).isTrue();
      life.disk().cutAfter(1 + at % 7);
      life.run(5);
      life.disk().powerUp();
      assertThat(life.begin()).isTrue();
      return cut;
    } catch (Throwable e) {
      throw new AssertionError(Fuzz.again(seed) + ", cut at operation " + at, e);
    }
  }
}
