package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same with what the card reads sent along. */
class IoGuidedTest extends IoTest {
  @Override
  void mode() {
    host.guide = new TestGuide(host, 1, 512, 50);
  }

  /** It holds reads back, so there have to be some. */
  @Override
  @Test
  void writesNothingBeforeAllDataIsThere() {
    assertThat(host.run(1, host.io(2, 1, 0, 1, host.allocate(4096), 512)).code()).isZero();
    store.log.clear();
    host.guide = null;
    super.writesNothingBeforeAllDataIsThere();
  }

  @AfterEach
  void wasUsed() {
    assertThat(host.root.endpoint().counters().get(EndpointCounter.PUSHED_READS)).isPositive();
  }
}
