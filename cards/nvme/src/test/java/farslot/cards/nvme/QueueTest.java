package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Completion;
import farslot.cards.nvme.Host.Entry;
import farslot.pcie.FlowClass;
import farslot.testkit.TestStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private long page;

  @BeforeEach
  void enable() {
    host.enable();
    page = host.allocate(4096);
  }

  private int create(int opcode, long prp1, int cdw10, int cdw11) {
    return host.admin(opcode, 0, prp1, cdw10, cdw11).code();
  }

  @Test
  void completionQueuesHaveTheirRules() {
    assertThat(create(5, page, 15 << 16, 1)).as("identifier 0").isEqualTo(0x101);
    assertThat(create(5, page, 15 << 16 | 9, 1)).as("above the number").isEqualTo(0x101);
    assertThat(create(5, page, 1, 1)).as("one entry").isEqualTo(0x102);
    assertThat(create(5, page, 4096 << 16 | 1, 1)).as("4097 entries").isEqualTo(0x102);
    assertThat(create(5, page, 15 << 16 | 1, 0)).as("not contiguous").isEqualTo(2);
    assertThat(create(5, page + 512, 15 << 16 | 1, 1)).as("misaligned").isEqualTo(0x13);
    assertThat(create(5, page, 15 << 16 | 1, 9 << 16 | 3)).as("no vector").isEqualTo(0x108);
    assertThat(create(5, page, 15 << 16 | 1, 9 << 16 | 1)).as("no interrupts").isZero();
    assertThat(create(5, page, 15 << 16 | 1, 1)).as("twice").isEqualTo(0x101);
    assertThat(create(4, 0, 1, 0)).isZero();
    assertThat(create(4, 0, 1, 0)).as("gone").isEqualTo(0x101);
    assertThat(create(4, 0, 0, 0)).as("the admin queue").isEqualTo(0x101);
    assertThat(create(5, page, 4095 << 16 | 1, 1)).as("4096 entries").isZero();
  }

  /** The last entry and the first of a queue of 129 are 128 apart, as many as are fetched ahead. */
  @Test
  void entriesOfAnyQueueSizeArriveEachAtItsPlace() {
    for (int size : new int[] {2, 3, 128, 129, 130, 200, 257}) {
      for (boolean pushed : new boolean[] {false, true}) {
        Host fresh = new Host(Map.of(), size, new TestStore(1 << 20));
        fresh.enable().pair(1, size);
        fresh.guide = pushed ? new TestGuide(fresh, 1, 512, Integer.MAX_VALUE) : null;
        long buffer = fresh.allocate(4096);
        int atOnce = Math.min(size - 1, 7);
        for (int round = 0; round < 2 * size / atOnce + 2; round++) {
          Set<Integer> waiting = new HashSet<>();
          for (int i = 0; i < atOnce; i++) {
            waiting.add(fresh.put(1, fresh.io(2, 1, i, 1, buffer, 512)));
          }
          fresh.root.holdReads(true);
          fresh.ring(1);
          fresh.root.holdReads(false);
          fresh.root.releaseReads(true);
          for (int i = 0; i < atOnce; i++) {
            assertThat(waiting.remove(fresh.take(1).cid())).as("queue of %d", size).isTrue();
          }
        }
      }
    }
  }

  @Test
  void submissionQueuesHaveTheirRules() {
    assertThat(create(1, page, 15 << 16 | 1, 1 << 16 | 1)).as("no CQ").isEqualTo(0x100);
    assertThat(create(1, page, 15 << 16 | 1, 1)).as("CQ 0").isEqualTo(0x101);
    assertThat(create(1, page, 15 << 16 | 1, 9 << 16 | 1)).as("CQ too high").isEqualTo(0x101);
    assertThat(create(5, page, 15 << 16 | 1, 1)).isZero();
    assertThat(create(1, page, 15 << 16, 1 << 16 | 1)).as("identifier 0").isEqualTo(0x101);
    assertThat(create(1, page, 1, 1 << 16 | 1)).as("one entry").isEqualTo(0x102);
    assertThat(create(1, page, 4096 << 16 | 1, 1 << 16 | 1)).isEqualTo(0x102);
    assertThat(create(1, page, 15 << 16 | 1, 1 << 16)).as("not contiguous").isEqualTo(2);
    assertThat(create(1, page + 64, 15 << 16 | 1, 1 << 16 | 1)).isEqualTo(0x13);
    assertThat(create(1, page, 15 << 16 | 1, 1 << 16 | 1)).isZero();
    assertThat(create(1, page, 15 << 16 | 1, 1 << 16 | 1)).as("twice").isEqualTo(0x101);
    assertThat(create(1, page, 15 << 16 | 2, 1 << 16 | 1)).as("second on one CQ").isZero();
    assertThat(create(4, 0, 1, 0)).as("in use").isEqualTo(0x10C);
    assertThat(create(0, 0, 1, 0)).isZero();
    assertThat(create(4, 0, 1, 0)).as("still in use").isEqualTo(0x10C);
    assertThat(create(0, 0, 2, 0)).isZero();
    assertThat(create(0, 0, 2, 0)).as("gone").isEqualTo(0x101);
    assertThat(create(0, 0, 0, 0)).as("the admin queue").isEqualTo(0x101);
    assertThat(create(4, 0, 1, 0)).isZero();
  }

  @Test
  void entrySizesMustBeSet() {
    host.disable();
    host.enable();
    host.reg(0x14, host.reg(0x14) & ~(0xFF << 16));
    assertThat(create(5, page, 15 << 16 | 1, 1)).isEqualTo(0x102);
  }

  @Test
  void queuesWrapAndTheirPhaseTurns() {
    host.pair(1, 5);
    for (int i = 0; i < 40; i++) {
      Completion completion = host.run(1, host.io(2, 1, i, 1, page, 512));
      assertThat(completion.status()).isZero();
      assertThat(completion.sqhd()).isEqualTo((i + 1) % 5);
    }
  }

  @Test
  void aFullCompletionQueueHoldsCommandsBack() {
    host.pair(1, 64, 4, 1);
    for (int i = 0; i < 10; i++) {
      host.put(1, host.io(2, 1, i, 1, page, 512));
    }
    host.ring(1);
    assertThat(store.log).hasSize(3);
    for (int taken = 1; taken <= 10; taken++) {
      assertThat(host.take(1).status()).isZero();
      assertThat(store.log).hasSize(Math.min(10, 3 + taken));
    }
    assertThat(host.peek(1)).isNull();
  }

  @Test
  void manyEntriesAreOneRead() {
    host.pair(1, 256);
    host.root.holdReads(true);
    for (int i = 0; i < 64; i++) {
      host.put(1, host.io(2, 1, i, 1, page, 512));
    }
    host.ring(1);
    assertThat(host.root.heldReads()).isEqualTo(1);
    host.root.holdReads(false);
    host.root.releaseReads(false);
    for (int i = 0; i < 64; i++) {
      assertThat(host.take(1).status()).isZero();
    }
  }

  @Test
  void entriesAreConsumedInOrderHoweverTheyArrive() {
    Host shuffled = new Host(Map.of(), 99, new TestStore(1 << 20));
    shuffled.enable().pair(1, 300);
    long buffer = shuffled.allocate(4096);
    shuffled.root.holdReads(true);
    Set<Integer> cids = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      cids.add(shuffled.put(1, shuffled.io(2, 1, i, 1, buffer, 512)));
      shuffled.ring(1);
    }
    for (int round = 0; round < 20; round++) {
      shuffled.root.releaseReads(true);
    }
    int consumed = 0;
    for (int i = 0; i < 120; i++) {
      Completion completion = shuffled.take(1);
      assertThat(completion.status()).isZero();
      assertThat(cids.remove(completion.cid())).isTrue();
      assertThat(completion.sqhd()).isGreaterThanOrEqualTo(consumed);
      consumed = completion.sqhd();
    }
    assertThat(cids).isEmpty();
  }

  @Test
  void wrongDoorbellsAreEvents() {
    host.pair(1, 16);
    for (int[] wrong :
        new int[][] {
          {0x1000 + 2 * 8, 1, 0},
          {0x1000 + 2 * 8 + 4, 1, 0},
          {0x1000 + 400 * 8, 1, 0},
          {0x1008, 16, 1},
          {0x1008, 0xFFFF, 1},
          {0x100C, 1, 1},
          {0x100C, 16, 1}
        }) {
      int cid = host.put(0, new Entry(0x0C));
      host.ring(0);
      host.reg(wrong[0], wrong[1]);
      Completion event = host.take(0);
      assertThat(event).as("doorbell %x", wrong[0]).isNotNull();
      assertThat(event.cid()).isEqualTo(cid);
      assertThat(event.dw0()).as("doorbell %x", wrong[0]).isEqualTo(0x01_00_00 | wrong[2] << 8);
      assertThat(host.admin(2, 0, page, 1 | 15 << 16, 0).status()).isZero();
    }
    assertThat(host.run(1, host.io(2, 1, 0, 1, page, 512)).status()).isZero();
  }

  @Test
  void aTailThatRunsOverTheHeadIsRefused() {
    host.pair(1, 16, 2, 1);
    for (int i = 0; i < 10; i++) {
      host.put(1, host.io(2, 1, 0, 1, page, 512));
    }
    host.ring(1);
    int cid = host.put(0, new Entry(0x0C));
    host.ring(0);
    host.reg(0x1008, 0);
    assertThat(host.peek(0)).as("head is 1, so 0 is the last one that fits").isNull();
    host.reg(0x1008, 5);
    assertThat(host.take(0).cid()).isEqualTo(cid);
  }

  @Test
  void deletingAQueueWaitsForWhatIsUnderWay() {
    host.pair(1, 16);
    store.holding = true;
    host.put(1, host.io(1, 1, 0, 1, page, 512));
    host.ring(1);
    int cid = host.put(0, new Entry(0).cdw(10, 1));
    host.ring(0);
    assertThat(host.peek(0)).as("a write is with the store").isNull();
    host.reg(0x1008, 2);
    store.release(false);
    host.root.run();
    assertThat(host.take(1).status()).isZero();
    assertThat(host.take(0).cid()).isEqualTo(cid);
    assertThat(host.peek(1)).as("what came later was not fetched").isNull();
    assertThat(create(4, 0, 1, 0)).isZero();
    store.holding = false;
    host.pair(1, 16);
    assertThat(host.run(1, host.io(2, 1, 0, 1, page, 512)).status()).isZero();
  }

  @Test
  void deletingAQueueAbortsWhatWaits() {
    host.pair(1, 16);
    host.pair(2, 128);
    store.holding = true;
    long buffer = host.allocate(64 << 10);
    // All large buffers are taken, so that one more of these waits for a buffer.
    for (int i = 0; i < 64; i++) {
      host.put(2, host.io(2, 1, 0, 128, buffer, 64 << 10));
    }
    host.ring(2);
    int waiting = host.put(1, host.io(2, 1, 0, 128, buffer, 64 << 10));
    host.ring(1);
    assertThat(store.held()).isEqualTo(64);
    assertThat(create(0, 0, 1, 0)).isZero();
    Completion aborted = host.take(1);
    assertThat(aborted.cid()).isEqualTo(waiting);
    assertThat(aborted.code()).isEqualTo(8);
    store.release(true);
    host.root.run();
    for (int i = 0; i < 64; i++) {
      assertThat(host.take(2).status()).isZero();
    }
  }

  @Test
  void whatWaitsCanBeAborted() {
    host.pair(1, 128);
    store.holding = true;
    long buffer = host.allocate(64 << 10);
    int begun = 0;
    int waiting = 0;
    for (int i = 0; i < 66; i++) {
      int cid = host.put(1, host.io(2, 1, 0, 128, buffer, 64 << 10));
      begun = i == 0 ? cid : begun;
      waiting = i == 64 ? cid : waiting;
    }
    host.ring(1);
    assertThat(host.run(0, new Entry(8).cdw(10, begun << 16 | 1)).dw0()).isEqualTo(1);
    assertThat(host.run(0, new Entry(8).cdw(10, waiting << 16 | 1)).dw0()).isZero();
    Completion aborted = host.take(1);
    assertThat(aborted.cid()).isEqualTo(waiting);
    assertThat(aborted.code()).isEqualTo(7);
    store.release(false);
    store.holding = false;
    host.root.run();
    for (int i = 0; i < 65; i++) {
      assertThat(host.take(1).status()).isZero();
    }
    assertThat(host.peek(1)).isNull();
  }

  @Test
  void theLinkHoldsDataAndEntriesBack() {
    host.pair(1, 64);
    host.root.up().block(FlowClass.POSTED, true);
    for (int i = 0; i < 40; i++) {
      host.put(1, host.io(2, 1, 0, 8, page, 4096));
    }
    host.ring(1);
    assertThat(host.peek(1)).isNull();
    assertThat(store.log.size()).as("no more is begun than waits").isLessThan(64);
    host.root.up().block(FlowClass.POSTED, false);
    host.root.run();
    for (int i = 0; i < 40; i++) {
      assertThat(host.take(1).status()).isZero();
    }
  }

  @Test
  void aQueueWhereThereIsNoMemoryIsFatal() {
    Host wild = new Host(new TestStore(1 << 20));
    wild.enable().pair(1, 16);
    assertThat(wild.admin(0x01, 0, 0x7000_0000_0000L, 15 << 16 | 2, 1 << 16 | 1).status()).isZero();
    wild.reg(0x1000 + 2 * 8, 15);
    assertThat(wild.fatal()).isTrue();
    wild.disable();
    wild.enable().pair(1, 16);
    assertThat(wild.run(1, new Host.Entry(0).nsid(1)).code()).isZero();
  }
}
