package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Completion;
import farslot.cards.nvme.Host.Entry;
import farslot.testkit.TestStore;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FusedTest {
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private long expected;
  private long wanted;

  @BeforeEach
  void enable() {
    host.enable().pair(1, 64).pair(2, 64);
    expected = host.allocate(128 << 10);
    wanted = host.allocate(128 << 10);
  }

  private void pair(int blocks, int value) {
    byte[] data = new byte[blocks * 512];
    Arrays.fill(data, (byte) value);
    host.memory.putBytes(wanted, data);
    host.put(1, host.io(5, 1, 0, blocks, expected, blocks * 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, blocks, wanted, blocks * 512).flags(SECOND));
  }

  private void takes(int... codes) {
    for (int code : codes) {
      Completion completion = host.take(1);
      assertThat(completion).isNotNull();
      assertThat(completion.code()).isEqualTo(code);
    }
    assertThat(host.peek(1)).isNull();
  }

  @Test
  void writesWhatCompares() {
    pair(128, 7);
    host.ring(1);
    takes(0, 0);
    assertThat(Arrays.copyOf(store.data, 128 * 512)).containsOnly(7);
    assertThat(store.data[128 * 512]).isZero();
  }

  @Test
  void doesNotWriteWhatDiffers() {
    store.data[40_000] = 1;
    pair(128, 7);
    host.ring(1);
    takes(0x285, 9);
    assertThat(store.log).noneMatch(line -> line.startsWith("write"));
  }

  @Test
  void halvesMayComeOneByOne() {
    pair(1, 3);
    host.reg(0x1008, 1);
    assertThat(host.peek(1)).isNull();
    assertThat(store.log).isEmpty();
    host.ring(1);
    takes(0, 0);
  }

  @Test
  void halvesWithoutEachOtherFail() {
    host.put(1, host.io(1, 1, 0, 1, wanted, 512).flags(SECOND));
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(2, 1, 0, 1, wanted, 512));
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    pair(1, 1);
    host.ring(1);
    takes(0x0A, 0x0A, 0x0A, 0, 0, 0);
    assertThat(store.log).containsExactly("read 0+512", "read 0+512", "write 0+512");
  }

  @Test
  void pairsHaveTheirRules() {
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 1, 1, wanted, 512).flags(SECOND));
    host.put(1, host.io(2, 1, 0, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, 1, wanted, 512).flags(SECOND));
    host.put(1, host.io(5, 1, 0, 129, expected, 129 * 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, 129, wanted, 129 * 512).flags(SECOND));
    host.put(1, host.io(5, 1, 9999, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 9999, 1, wanted, 512).flags(SECOND));
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, 1, wanted, 512).flags(SECOND).cdw(12, 1 << 20));
    host.ring(1);
    takes(2, 9, 2, 9, 0x14, 9, 0x80, 9, 9, 2);
    assertThat(store.log).isEmpty();
  }

  @Test
  void aSecondHalfWhoseDataIsRefusedLeavesTheFirstAlone() {
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, 1, 0x9000_0000L, 512).flags(SECOND));
    host.ring(1);
    takes(4, 0);
    assertThat(store.log).containsExactly("read 0+512");
  }

  @Test
  void aFirstHalfWhoseDataIsRefusedStopsTheSecond() {
    host.put(1, host.io(5, 1, 0, 1, 0x9000_0000L, 512).flags(FIRST));
    host.put(1, host.io(1, 1, 0, 1, wanted, 512).flags(SECOND));
    host.ring(1);
    takes(4, 9);
    assertThat(store.log).isEmpty();
  }

  @Test
  void nothingComesInBetween() {
    store.holding = true;
    pair(1, 5);
    host.ring(1);
    host.put(2, host.io(1, 1, 0, 1, expected, 512));
    host.put(2, host.io(2, 1, 0, 1, expected, 512));
    host.ring(2);
    assertThat(store.log).containsExactly("read 0+512");
    store.release(false);
    host.root.run();
    assertThat(store.log).containsExactly("read 0+512", "write 0+512");
    store.release(false);
    host.root.run();
    assertThat(store.log.subList(2, 4)).containsExactlyInAnyOrder("write 0+512", "read 0+512");
    store.release(false);
    host.root.run();
    takes(0, 0);
    assertThat(host.take(2).code()).isZero();
    assertThat(host.take(2).code()).isZero();
  }

  @Test
  void aPairWaitsForWhatIsUnderWay() {
    store.holding = true;
    host.put(2, host.io(1, 1, 0, 1, expected, 512));
    host.ring(2);
    pair(1, 5);
    host.ring(1);
    assertThat(store.log).containsExactly("write 0+512");
    store.holding = false;
    store.release(false);
    host.root.run();
    takes(0, 0);
  }

  @Test
  void deletingTheQueueEndsALonelyHalf() {
    host.put(1, host.io(5, 1, 0, 1, expected, 512).flags(FIRST));
    host.ring(1);
    assertThat(host.admin(0, 0, 0, 1, 0).status()).isZero();
    takes(8);
  }

  @Test
  void manyPairsNeverWaitForEachOther() {
    store.holding = true;
    for (int round = 0; round < 15; round++) {
      pair(128, 0);
      host.put(2, host.io(1, 1, 0, 128, expected, 64 << 10));
      host.put(2, host.io(1, 1, 0, 128, expected, 64 << 10));
    }
    host.ring(2);
    host.ring(1);
    for (int i = 0; i < 1000 && store.held() > 0; i++) {
      store.release(true);
      host.root.run();
    }
    for (int i = 0; i < 30; i++) {
      assertThat(host.take(1).code()).isZero();
      assertThat(host.take(2).code()).isZero();
    }
  }

  @Test
  void aResetInTheMiddleLeavesNothingBehind() {
    store.holding = true;
    pair(128, 1);
    host.put(1, new Entry(2).nsid(1).lba(0, 1).prp(wanted, 0));
    host.ring(1);
    host.disable();
    store.holding = false;
    store.release(false);
    host.root.run();
    host.enable().pair(1, 64);
    pair(1, 2);
    host.ring(1);
    takes(0, 0);
  }
}
