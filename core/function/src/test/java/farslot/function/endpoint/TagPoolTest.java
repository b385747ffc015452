package farslot.function.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagPoolTest {
  private final TagPool pool = new TagPool();

  @Test
  void theTagThatRestedLongestComesFirst() {
    pool.range(0, 32);
    for (int i = 0; i < 100; i++) {
      int tag = pool.take();
      assertThat(tag).isEqualTo(i % 32);
      pool.give(tag);
    }
  }

  @Test
  void aTagIsHandedOutOnce() {
    pool.range(0, 256);
    boolean[] seen = new boolean[256];
    while (!pool.isEmpty()) {
      int tag = pool.take();
      assertThat(seen[tag]).isFalse();
      seen[tag] = true;
    }
    assertThat(pool.takenCount()).isEqualTo(256);
  }

  @Test
  void tagsOfAnotherRangeDoNotComeBack() {
    pool.range(0, 256);
    int old = pool.take();
    pool.range(256, 768);
    assertThat(pool.isTaken(old)).isTrue();
    assertThat(pool.take()).isEqualTo(256);
    pool.give(old);
    int count = 1;
    while (!pool.isEmpty()) {
      assertThat(pool.take()).isGreaterThan(255);
      count++;
    }
    assertThat(count).isEqualTo(768);
    pool.range(0, 32);
    assertThat(pool.take()).isZero();
  }
}
