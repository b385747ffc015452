package farslot.chance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FuzzTest {
  private static final String SEED = "farslot.fuzz.seed";

  private final Optional<String> before = Optional.ofNullable(System.getProperty(SEED));

  @AfterEach
  void restore() {
    System.clearProperty(SEED);
    before.ifPresent(seed -> System.setProperty(SEED, seed));
  }

  @Test
  void beginsWhereItIsTold() {
    System.setProperty(SEED, "41");
    List<Long> seeds = new ArrayList<>();
    Fuzz.rounds(3, seeds::add);
    assertThat(seeds).containsExactly(41L, 42L, 43L);
    assertThat(Fuzz.seed()).isEqualTo(41);
  }

  @Test
  void withoutASeedAllTestsOfARunBeginAlike() {
    System.setProperty(SEED, "");
    long seed = Fuzz.seed();
    System.clearProperty(SEED);
    assertThat(Fuzz.seed()).isEqualTo(seed).isNotZero();
  }

  @Test
  void aFailureSaysHowToRepeatIt() {
    System.setProperty(SEED, "41");
    assertThatThrownBy(
            () ->
                Fuzz.rounds(
                    3,
                    seed -> {
                      if (seed == 42) {
                        throw new IllegalStateException("it broke");
                      }
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("it broke")
        .hasMessageContaining("-Dfarslot.fuzz.seed=42");
    assertThatThrownBy(() -> Fuzz.run(7, (random, iterations) -> assertThat(iterations).isZero()))
        .hasMessageContaining("-Dfarslot.fuzz.seed=41 -Dfarslot.fuzz.iterations=7");
  }
}
