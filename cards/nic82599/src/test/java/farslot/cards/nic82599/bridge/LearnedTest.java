package farslot.cards.nic82599.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearnedTest {
  private final Learned learned = new Learned();

  @Test
  void movesAgesAndForgets() {
    learned.put(0, 5, 1, 100);
    learned.put(7, 5, 2, 100);
    assertThat(learned.find(0, 5, 100)).isEqualTo(1);
    assertThat(learned.find(7, 5, 100)).isEqualTo(2);
    assertThat(learned.find(8, 5, 100)).isEqualTo(Learned.NOWHERE);
    learned.put(0, 5, 64, 200);
    assertThat(learned.find(0, 5, 200)).isEqualTo(64);
    assertThat(learned.find(7, 5, 100 + Learned.AGE_NS)).isEqualTo(2);
    assertThat(learned.find(7, 5, 101 + Learned.AGE_NS)).isEqualTo(Learned.NOWHERE);
    learned.forgetPort(64);
    assertThat(learned.find(0, 5, 200)).isEqualTo(Learned.NOWHERE);
  }

  @Test
  void aFloodReplacesTheOldestAndTheNewestIsThere() {
    for (int i = 0; i < 1_000_000; i++) {
      long mac = 0x02_00_00_00_00_00L + i * 2_654_435_761L % (1L << 32);
      learned.put(i & 0xFFF, mac, i & 63, i);
      assertThat(learned.find(i & 0xFFF, mac, i)).isEqualTo(i & 63);
    }
    int there = 0;
    for (int i = 1_000_000 - 4096; i < 1_000_000; i++) {
      long mac = 0x02_00_00_00_00_00L + i * 2_654_435_761L % (1L << 32);
      there += learned.find(i & 0xFFF, mac, 1_000_000) == (i & 63) ? 1 : 0;
    }
    assertThat(there).as("of the last 4096").isGreaterThan(2500);
  }
}
