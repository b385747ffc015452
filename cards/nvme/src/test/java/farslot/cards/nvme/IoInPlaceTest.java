package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same with stores that are memory, and what the card reads sent along. */
class IoInPlaceTest extends IoTest {
  private static final int WRITE = 1;
  private static final int PAGE = 4096;

  @Override
  void mode() {
    store.memory = true;
    readOnly.memory = true;
    host.guide = new TestGuide(host, 2, 512, 20);
  }

  /** It holds reads back, so there have to be some. */
  @Override
  @Test
  void writesNothingBeforeAllDataIsThere() {
    host.guide = null;
    super.writesNothingBeforeAllDataIsThere();
  }

  /** Memory has nothing that is more durable, and does not fail. */
  @Override
  @Test
  void durabilityReachesTheStore() {
    store.memory = false;
    super.durabilityReachesTheStore();
  }

  @Override
  @Test
  void storeFailuresHaveTheirStatus() {
    store.memory = false;
    super.storeFailuresHaveTheirStatus();
  }

  private long counter(EndpointCounter counter) {
    return host.root.endpoint().counters().get(counter);
  }

  private byte[] fill(long address, int bytes) {
    byte[] data = new byte[bytes];
    new Random(bytes).nextBytes(data);
    host.memory.putBytes(address, data);
    return data;
  }

  @Test
  void dataThatCameAlongGoesStraightIntoTheStore() {
    host.guide = new TestGuide(host, 3, 512, Integer.MAX_VALUE);
    long buffer = host.allocate(32 * PAGE);
    byte[] data = fill(buffer, 32 * PAGE);
    long before = counter(EndpointCounter.DMA_READS);
    assertThat(host.run(1, host.io(WRITE, 1, 7, 256, buffer, 32 * PAGE)).code()).isZero();
    assertThat(Arrays.copyOfRange(store.data, 3584, 3584 + data.length)).isEqualTo(data);
    assertThat(store.log).containsExactly("write 3584+131072 in place");
    assertThat(counter(EndpointCounter.DMA_READS)).isEqualTo(before);
  }

  @Test
  void aReadIsThreeWritesAndNothingBesides() {
    host.guide = new TestGuide(host, 3, 512, Integer.MAX_VALUE);
    long page = host.allocate(PAGE);
    List<Long> written = new ArrayList<>();
    TlpView view = new TlpView();
    host.root
        .up()
        .tap(
            (segment, offset, bytes) -> {
              view.wrap(segment, offset, bytes);
              assertThat(TlpType.isMemoryWrite(view.fmtType())).isTrue();
              written.add(view.firstByteAddress());
            });
    host.put(1, host.io(2, 1, 0, 8, page, PAGE));
    host.ring(1);
    long entry = host.queue(1).cq;
    assertThat(written).containsExactly(page, entry, 0xFEE0_0000L);
  }

  @Test
  void aPageThatIsNamedTwiceIsThereTwice() {
    host.guide = new TestGuide(host, 3, 512, Integer.MAX_VALUE);
    long page = host.allocate(PAGE);
    byte[] data = fill(page, PAGE);
    Host.Entry entry = new Host.Entry(WRITE).nsid(1).lba(0, 16).prp(page, page);
    assertThat(host.run(1, entry).code()).isZero();
    assertThat(Arrays.copyOf(store.data, PAGE)).isEqualTo(data);
    assertThat(Arrays.copyOfRange(store.data, PAGE, 2 * PAGE)).isEqualTo(data);
    assertThat(store.log).containsExactly("write 0+8192 in place");
  }

  @Test
  void whatIsOnlyPartlyHereWaitsForTheRest() {
    host.guide = null;
    long buffer = host.allocate(2 * PAGE);
    byte[] data = fill(buffer, 2 * PAGE);
    host.put(1, host.io(WRITE, 1, 0, 16, buffer, 2 * PAGE));
    host.root.push(host.queue(1).sq, 64, true);
    host.root.push(buffer, PAGE, true);
    host.root.holdReads(true);
    host.ring(1);
    assertThat(host.root.heldReads()).isOne();
    assertThat(store.data).as("not a byte yet").containsOnly(0);
    host.root.holdReads(false);
    host.root.releaseReads(false);
    assertThat(host.take(1).code()).isZero();
    assertThat(Arrays.copyOf(store.data, 2 * PAGE)).isEqualTo(data);
  }

  @Test
  void aReadTakesNoBuffer() {
    new Random(5).nextBytes(store.data);
    long buffer = host.allocate(1 << 19);
    assertThat(host.run(1, host.io(2, 1, 3, 1024, buffer, 1 << 19)).code()).isZero();
    assertThat(host.memory.getBytes(buffer, 1 << 19))
        .isEqualTo(Arrays.copyOfRange(store.data, 1536, 1536 + (1 << 19)));
    assertThat(store.log).isEmpty();
  }
}
