package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PushedPagesTest {
  private final PushedPages pages = new PushedPages();

  @Test
  void neverForgetsAPage() {
    Random random = new Random(4711);
    long[] added = new long[5000];
    for (int i = 0; i < added.length; i++) {
      added[i] = random.nextLong();
      pages.add(added[i]);
    }
    for (long address : added) {
      assertThat(pages.mayHold(address, 1)).isTrue();
      assertThat(pages.mayHold(address & -4096, 4096)).isTrue();
    }
    pages.clear();
    for (long address : added) {
      assertThat(pages.mayHold(address, 1)).isFalse();
    }
  }

  @Test
  void isSeldomWrongAboutFewPages() {
    for (int i = 0; i < 256; i++) {
      pages.add(0x1_0000_0000L + 4096L * i);
    }
    int wrong = 0;
    for (int i = 256; i < 2304; i++) {
      wrong += pages.mayHold(0x1_0000_0000L + 4096L * i, 4096) ? 1 : 0;
    }
    assertThat(wrong).isLessThan(100);
  }

  @Test
  void looksAtWholeRanges() {
    assertThat(pages.mayHold(0, 1 << 30)).isFalse();
    pages.add(0x7FFF);
    assertThat(pages.mayHold(0x6FFF, 1)).isFalse();
    assertThat(pages.mayHold(0x6FFF, 2)).isTrue();
    assertThat(pages.mayHold(0x7000, 0)).isFalse();
    assertThat(pages.mayHold(0x7000, -1)).isFalse();
    // Longer than it looks at page by page, or around the end: it says yes.
    assertThat(pages.mayHold(0x10_0000_0000L, 1L << 40)).isTrue();
    assertThat(pages.mayHold(-1, 2)).isTrue();
    assertThat(pages.isEmpty()).isFalse();
  }
}
