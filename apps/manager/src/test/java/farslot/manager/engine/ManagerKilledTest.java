package farslot.manager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Managers that are killed at any operation of their store, among people who want everything at
 * once: what was answered comes true, what is attached is taken from nobody who was not asked, and
 * everything that was begun ends. {@code -Dfarslot.fuzz.seed=N} replays one, {@code
 * -Dfarslot.fuzz.iterations=N} makes it so many.
 */
class ManagerKilledTest {
  private static final int STEPS = 500;

  @Test
  void goesOnWhereItWas() throws Exception {
    long first = Long.getLong("farslot.fuzz.seed", 1);
    boolean one = System.getProperty("farslot.fuzz.seed") != null;
    int seeds = one ? 1 : Integer.getInteger("farslot.fuzz.iterations", 40);
    int kills = 0;
    int moves = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      RandomFabric fabric = new RandomFabric(seed);
      try {
        for (int i = 0; i < STEPS; i++) {
          fabric.happen();
        }
        fabric.settle();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      } finally {
        fabric.end();
      }
      kills += fabric.kills;
      moves += fabric.moves;
    }
    assertThat(kills).as("managers killed").isGreaterThan(seeds);
    assertThat(moves).as("moves begun").isGreaterThan(seeds);
  }
}
