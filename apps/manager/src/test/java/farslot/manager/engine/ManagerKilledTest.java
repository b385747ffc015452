package farslot.manager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import org.junit.jupiter.api.Test;

/**
 * Managers that are killed at any operation of their store, among people who want everything at
 * once: what was answered comes true, what is attached is taken from nobody who was not asked, and
 * everything that was begun ends. {@code -Dfarslot.fuzz.iterations=N} makes it N fabrics.
 */
class ManagerKilledTest {
  private static final int STEPS = 500;

  private int kills;
  private int moves;

  @Test
  void goesOnWhereItWas() {
    int fabrics = Fuzz.iterations(40);
    Fuzz.rounds(fabrics, this::live);
    assertThat(kills).as("managers killed").isGreaterThan(fabrics);
    assertThat(moves).as("moves begun").isGreaterThan(fabrics);
  }

  private void live(long seed) throws Exception {
    RandomFabric fabric = new RandomFabric(seed);
    try {
      for (int i = 0; i < STEPS; i++) {
        fabric.happen();
      }
      fabric.settle();
    } finally {
      fabric.end();
    }
    kills += fabric.kills;
    moves += fabric.moves;
  }
}
