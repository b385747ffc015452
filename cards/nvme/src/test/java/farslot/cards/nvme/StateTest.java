package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.cards.nvme.Host.Completion;
import farslot.cards.nvme.Host.Entry;
import farslot.function.endpoint.EndpointOptions;
import farslot.function.state.StateException;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.SlotMove;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A drive that moves to another slot, in whatever it is doing. */
class StateTest {
  private static final int WRITES = 12;
  private static final int TURNS_MAX = 2000;

  private TestStore store = new TestStore(1 << 20);
  private Host host;
  private final Set<Integer> owed = new HashSet<>();
  private int expectedWrites;

  private void begin() {
    store = new TestStore(1 << 20);
    host = new Host(store);
    host.enable().pair(1, 64).pair(2, 64);
    owed.clear();
  }

  private void move() {
    SlotMove.move(host.root, Host.card(Map.of(), store));
  }

  /** Writes, reads, a flush and half of a fused pair, all at once on two queues. */
  private void post() {
    long data = host.allocate(64 << 10);
    for (int i = 0; i < WRITES; i++) {
      int bytes = i % 3 == 0 ? 32 << 10 : 512;
      owed.add(host.put(1, host.io(1, 1, 64L * i, bytes >> 9, data, bytes)));
      owed.add(host.put(2, host.io(2, 1, 64L * i, bytes >> 9, data, bytes)));
    }
    owed.add(host.put(2, new Entry(0).nsid(1)));
    owed.add(host.put(1, host.io(5, 1, 1000, 1, data, 512).flags(1)));
    expectedWrites = WRITES;
    host.root.post(0, 0x1008, 4, host.queue(1).tail);
    host.root.post(0, 0x1010, 4, host.queue(2).tail);
  }

  private void takeAll() {
    for (int id = 1; id <= 2; id++) {
      for (Completion c = host.take(id); c != null; c = host.take(id)) {
        assertThat(c.code()).isZero();
        assertThat(owed.remove(c.cid())).as("a completion for " + c.cid()).isTrue();
      }
    }
  }

  @Test
  void losesNothingAndDoesNothingTwiceAtAnyTurn() {
    boolean over = false;
    for (int cut = 0; !over; cut++) {
      assertThat(cut).isLessThan(TURNS_MAX);
      begin();
      store.holding = cut % 2 == 1;
      post();
      for (int turn = 0; turn < cut && !over; turn++) {
        over = !host.root.turn();
        store.release(cut % 4 == 1);
      }
      store.holding = false;
      store.release(true);
      move();
      finish();
    }
  }

  private void finish() {
    takeAll();
    assertThat(owed).as("the half that waits").hasSize(1);
    long data = host.allocate(4096);
    owed.add(host.put(1, host.io(1, 1, 1000, 1, data, 512).flags(2)));
    host.ring(1);
    takeAll();
    assertThat(owed).isEmpty();
    List<String> writes = new ArrayList<>(store.log);
    writes.removeIf(line -> !line.startsWith("write"));
    assertThat(writes).hasSize(expectedWrites + 1).doesNotHaveDuplicates();
  }

  @Test
  void remembersWhatSoftwareHasSet() {
    begin();
    host.admin(9, 0, 0, 2, 0x20); // power management hint
    host.admin(9, 0, 0, 6, 0); // write cache off
    host.admin(9, 0, 0, 0x0B, 0x1FF);
    host.admin(9, 0, 0, 4, 400); // over temperature threshold
    host.admin(9, 1, 0, 5, 77);
    long clock = host.allocate(4096);
    host.memory.putLong(clock, 1_700_000_000_000L);
    host.admin(9, 0, clock, 0x0E, 0);
    assertThat(host.admin(9, 0, 0, 99, 0).code()).isEqualTo(2); // for the error log
    host.root.advance(5_000_000_000L);
    move();
    assertThat(host.admin(0x0A, 0, 0, 6, 0).dw0()).isZero();
    assertThat(host.admin(0x0A, 0, 0, 0x0B, 0).dw0()).isEqualTo(0x1FF);
    assertThat(host.admin(0x0A, 0, 0, 4, 0).dw0()).isEqualTo(400);
    assertThat(host.admin(0x0A, 1, 0, 5, 0).dw0()).isEqualTo(77);
    long page = host.allocate(4096);
    host.admin(0x0A, 0, page, 0x0E, 0);
    long now = host.memory.getLong(page) & 0xFFFF_FFFF_FFFFL;
    assertThat(now).isBetween(1_700_000_005_000L, 1_700_000_010_000L);
    host.admin(2, -1, page, 1 | 15 << 16, 0);
    assertThat(host.memory.getLong(page)).as("error count").isEqualTo(1);
  }

  @Test
  void eventRequestsMoveAlong() {
    begin();
    int first = host.put(0, new Entry(0x0C));
    int second = host.put(0, new Entry(0x0C));
    host.ring(0);
    assertThat(host.peek(0)).isNull();
    move();
    host.root.write(0, 0x1000 + 8 * 7, 4, 1); // a doorbell of no queue
    Completion event = host.take(0);
    assertThat(event.cid()).isIn(first, second);
    assertThat(event.dw0() & 0xFFFF).isZero(); // error, invalid doorbell register
    assertThat(host.peek(0)).isNull();
  }

  @Test
  void coalescedInterruptsAreNotLost() {
    begin();
    host.admin(9, 0, 0, 8, 100 << 8 | 10); // 10 ms, 11 completions
    host.root.interrupts().clear();
    host.put(1, new Entry(0).nsid(1));
    host.ring(1);
    assertThat(host.root.interrupts().count(1)).isZero();
    move();
    assertThat(host.root.interrupts().count(1)).isEqualTo(1);
    assertThat(host.take(1).code()).isZero();
    host.root.advance(100_000_000L);
    assertThat(host.root.interrupts().count(1)).isEqualTo(1);
  }

  @Test
  void nothingIsFetchedWhilePaused() {
    begin();
    host.root.endpoint().pause();
    host.put(1, new Entry(0).nsid(1));
    host.ring(1);
    host.root.advance(1_000_000_000L);
    assertThat(host.root.endpoint().isQuiet()).isTrue();
    assertThat(host.peek(1)).isNull();
    host.root.endpoint().resume();
    host.root.run();
    assertThat(host.take(1).code()).isZero();
  }

  @Test
  void aResetEndsThePause() {
    begin();
    host.root.endpoint().pause();
    host.root.hotReset();
    host.root.setUp();
    host.root.enableMsix();
    host.enable().pair(1, 16);
    assertThat(host.run(1, new Entry(0).nsid(1)).code()).isZero();
  }

  @Test
  void anotherDriveRefusesTheState() {
    begin();
    byte[] state = SlotMove.save(host.root);
    refused(state, Host.card(Map.of("serial", "OTHER"), store), "of drive 'TEST0001'");
    refused(state, Host.card(Map.of(), new TestStore(2 << 20)), "namespace 1 had 1048576 bytes");
    refused(state, Host.card(Map.of(), store, store), "has 1 namespaces, and here are 2");
    refused(state, Host.card(Map.of("queues", 4), store), "MSI-X vectors was 0x9");
    refused(state, Host.card(Map.of("block-size", 4096), store), "formatted otherwise");
  }

  private static void refused(byte[] state, NvmeFunction card, String words) {
    FakeRootComplex root = new FakeRootComplex(card, EndpointOptions.DEFAULT, 1);
    assertThatThrownBy(() -> root.endpoint().restore(state))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(words);
  }
}
