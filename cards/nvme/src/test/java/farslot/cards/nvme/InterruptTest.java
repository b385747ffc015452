package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import farslot.pcie.LittleEndian;
import farslot.testkit.InterruptLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterruptTest {
  private static final long US = 1000;

  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private final InterruptLog log = host.root.interrupts();
  private long page;

  @BeforeEach
  void enable() {
    host.enable().pair(1, 64).pair(2, 64);
    page = host.allocate(4096);
    log.clear();
  }

  private void submit(int queue, int count) {
    for (int i = 0; i < count; i++) {
      host.put(queue, host.io(2, 1, i, 1, page, 512));
    }
    host.ring(queue);
  }

  private void takeAll(int queue, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(host.take(queue).status()).isZero();
    }
  }

  private void coalesce(int time, int threshold) {
    assertThat(host.admin(9, 0, 0, 8, time << 8 | threshold).status()).isZero();
    log.clear();
  }

  @Test
  void eachQueueSignalsItsVector() {
    submit(1, 3);
    submit(2, 1);
    assertThat(log.vectors()).containsExactly(1, 1, 1, 2);
    host.admin(0x0A, 0, 0, 6, 0);
    assertThat(log.count(0)).isEqualTo(1);
  }

  @Test
  void theEntryIsThereBeforeTheInterrupt() {
    int[] seen = {0};
    host.root
        .up()
        .tap(
            (segment, offset, bytes) -> {
              // A message is one DW to 0xFEE00000; by then the phase has turned in memory.
              boolean message = bytes == 16 && LittleEndian.u8(segment, offset + 8) == 0xFE;
              seen[0] += message ? 1 : 0;
            });
    submit(1, 1);
    assertThat(seen[0]).isEqualTo(1);
    assertThat(host.peek(1)).isNotNull();
  }

  @Test
  void coalescesByCount() {
    coalesce(200, 3);
    submit(1, 3);
    assertThat(log.vectors()).isEmpty();
    submit(1, 1);
    assertThat(log.vectors()).containsExactly(1);
    submit(1, 9);
    assertThat(log.vectors()).containsExactly(1, 1, 1);
  }

  @Test
  void coalescesByTime() {
    coalesce(5, 200);
    submit(1, 2);
    host.root.advance(499 * US);
    assertThat(log.vectors()).isEmpty();
    host.root.advance(1 * US);
    assertThat(log.vectors()).containsExactly(1);
    host.root.advance(5000 * US);
    assertThat(log.vectors()).hasSize(1);
    takeAll(1, 2);
    submit(1, 1);
    takeAll(1, 1);
    host.root.advance(5000 * US);
    assertThat(log.vectors()).as("consumed before anybody was told").hasSize(1);
  }

  @Test
  void theAdminQueueIsNotCoalesced() {
    coalesce(200, 200);
    host.admin(0x0A, 0, 0, 6, 0);
    assertThat(log.vectors()).containsExactly(0);
  }

  @Test
  void aVectorCanOptOut() {
    coalesce(200, 200);
    assertThat(host.admin(9, 0, 0, 9, 1 << 16 | 2).status()).isZero();
    assertThat(host.admin(0x0A, 0, 0, 9, 2).dw0()).isEqualTo(1 << 16 | 2);
    assertThat(host.admin(0x0A, 0, 0, 9, 1).dw0()).isEqualTo(1);
    log.clear();
    submit(1, 1);
    submit(2, 1);
    assertThat(log.vectors()).containsExactly(2);
  }

  @Test
  void switchingItOffReleasesWhatIsHeld() {
    coalesce(200, 200);
    submit(1, 2);
    host.admin(9, 0, 0, 8, 0);
    assertThat(log.count(1)).isEqualTo(1);
  }

  @Test
  void queuesWithoutInterruptsAreSilent() {
    long cq = host.allocate(4096);
    assertThat(host.admin(5, 0, cq, 15 << 16 | 3, 1).status()).isZero();
    assertThat(host.admin(1, 0, host.allocate(4096), 15 << 16 | 3, 3 << 16 | 1).status()).isZero();
    log.clear();
    host.reg(0x1018, 1);
    assertThat(host.memory.getInt(cq + 12) >>> 16 & 1).isEqualTo(1);
    assertThat(log.vectors()).isEmpty();
  }

  @Test
  void pinInterruptsAreALevel() {
    Host pin = withoutMessages();
    long buffer = pin.allocate(4096);
    InterruptLog intx = pin.root.interrupts();
    assertThat(intx.intxAsserted()).isFalse();
    pin.put(1, pin.io(2, 1, 0, 1, buffer, 512));
    pin.put(1, pin.io(2, 1, 0, 1, buffer, 512));
    pin.ring(1);
    assertThat(intx.intxAsserted()).isTrue();
    pin.take(1);
    assertThat(intx.intxAsserted()).as("one entry is left").isTrue();
    pin.take(1);
    assertThat(intx.intxAsserted()).isFalse();
    assertThat(intx.vectors()).isEmpty();
  }

  @Test
  void pinInterruptsCanBeMasked() {
    Host pin = withoutMessages();
    long buffer = pin.allocate(4096);
    InterruptLog intx = pin.root.interrupts();
    pin.reg(0x0C, 1);
    assertThat(pin.reg(0x10)).isEqualTo(1);
    pin.put(1, pin.io(2, 1, 0, 1, buffer, 512));
    pin.ring(1);
    assertThat(intx.intxAsserted()).isFalse();
    pin.reg(0x10, 1);
    assertThat(pin.reg(0x0C)).isZero();
    assertThat(intx.intxAsserted()).isTrue();
    pin.reg(0x0C, 1);
    assertThat(intx.intxAsserted()).isFalse();
    pin.reg(0x10, 1);
    pin.disable();
    assertThat(intx.intxAsserted()).as("a reset takes the level back").isFalse();
  }

  /** All vectors 0, MSI-X off. */
  private static Host withoutMessages() {
    Host host = new Host(new TestStore(1 << 20));
    int msix = host.root.found().capability(0x11);
    host.root.configChange(msix + 2, 2, 1 << 15, 0);
    return host.enable().pair(1, 16, 16, 0);
  }

  @Test
  void messagesCanBeMaskedByRegister() {
    host.reg(0x0C, 2);
    submit(1, 2);
    assertThat(log.vectors()).isEmpty();
    host.reg(0x10, 2);
    assertThat(log.vectors()).containsExactly(1);
    takeAll(1, 2);
    host.reg(0x0C, 2);
    host.reg(0x10, 2);
    assertThat(log.vectors()).as("nothing was waiting").hasSize(1);
  }

  @Test
  void eventsInterruptToo() {
    host.put(0, new Entry(0x0C));
    host.ring(0);
    log.clear();
    host.reg(0x1000 + 7 * 8, 1);
    assertThat(log.vectors()).containsExactly(0);
  }
}
