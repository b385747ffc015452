package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import farslot.function.endpoint.EndpointCounter;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.testkit.InterruptLog;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
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
  void eachQueueSignalsItsVectorOnceForAllThatEndsTogether() {
    submit(1, 3);
    submit(2, 1);
    assertThat(log.vectors()).containsExactly(1, 2);
    takeAll(1, 3);
    takeAll(2, 1);
    host.admin(0x0A, 0, 0, 6, 0);
    assertThat(log.count(0)).isEqualTo(1);
  }

  @Test
  void whatEndsLaterSignalsAgain() {
    store.holding = true;
    submit(1, 2);
    assertThat(log.vectors()).isEmpty();
    store.release(false);
    host.root.run();
    assertThat(log.vectors()).containsExactly(1);
    submit(1, 1);
    store.release(false);
    host.root.run();
    assertThat(log.vectors()).as("though nothing was consumed between").containsExactly(1, 1);
    takeAll(1, 3);
  }

  /** Lengths of the MWr to a completion queue. */
  private List<Integer> entryWrites(int queue) {
    List<Integer> bytes = new ArrayList<>();
    TlpView view = new TlpView();
    long from = host.queue(queue).cq;
    host.root
        .up()
        .tap(
            (segment, offset, tlpBytes) -> {
              view.wrap(segment, offset, tlpBytes);
              boolean write = TlpType.isMemoryWrite(view.fmtType());
              if (write && view.firstByteAddress() - from >>> 10 == 0) {
                bytes.add(view.enabledBytes());
              }
            });
    return bytes;
  }

  @Test
  void entriesThatEndTogetherAreOneWrite() {
    List<Integer> writes = entryWrites(1);
    submit(1, 5);
    assertThat(writes).containsExactly(80);
    takeAll(1, 5);
  }

  @Test
  void atTheEndOfAQueueTheyAreTwo() {
    submit(1, 60);
    takeAll(1, 60);
    List<Integer> writes = entryWrites(1);
    submit(1, 10);
    assertThat(writes).containsExactly(64, 96);
    takeAll(1, 10);
  }

  @Test
  void aMaskedVectorIsSignalledOnceWhenItIsUnmasked() {
    host.root.maskMsix(1, true);
    submit(1, 3);
    submit(1, 2);
    assertThat(log.vectors()).isEmpty();
    host.root.maskMsix(1, false);
    assertThat(log.vectors()).containsExactly(1);
    submit(1, 1);
    assertThat(log.vectors()).containsExactly(1, 1);
  }

  @Test
  void doorbellsThatComeTogetherAreFetchedTogether() {
    long before = reads();
    for (int i = 0; i < 6; i++) {
      host.put(1, host.io(2, 1, i, 1, page, 512));
      host.root.post(0, 0x1008, 4, host.queue(1).tail);
      // All of them wait in the pipe; the card's turn comes when they are there.
    }
    host.root.deliverAll();
    host.root.run();
    assertThat(reads() - before).isOne();
    takeAll(1, 6);
  }

  private long reads() {
    return host.root.endpoint().counters().get(EndpointCounter.DMA_READS);
  }

  @Test
  void aResetForgetsWhatWasToBeSignalled() {
    host.root.deliverAll();
    submit(1, 1);
    log.clear();
    host.put(1, host.io(2, 1, 0, 1, page, 512));
    host.root.post(0, 0x1008, 4, host.queue(1).tail);
    host.root.post(0, 0x14, 4, 0);
    host.root.deliverAll();
    host.root.run();
    assertThat(log.vectors()).isEmpty();
    assertThat(host.ready()).isFalse();
    host.enable().pair(1, 64);
    log.clear();
    submit(1, 1);
    assertThat(log.vectors()).containsExactly(1);
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
    assertThat(log.vectors()).as("due twice at the same time").containsExactly(1, 1);
    submit(1, 2);
    assertThat(log.vectors()).as("one was left over, three are not four").hasSize(2);
    submit(1, 1);
    assertThat(log.vectors()).hasSize(3);
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
