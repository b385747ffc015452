package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.cards.virtio.Host.Part;
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

/** A disk that moves to another slot, in whatever it is doing. */
class StateTest {
  private static final int REQUESTS = 12;
  private static final int TURNS_MAX = 2000;

  private TestStore store;
  private Host host;
  private Host.Queue first;
  private Host.Queue second;

  private void begin() {
    store = new TestStore(1 << 20);
    host = new Host(store, Map.of(), 1);
    host.begin(Host.VERSION_1 | Host.INDIRECT | Host.FLUSH);
    first = host.queue(0, 64, 1);
    second = host.queue(1, 16, 2);
    host.ready();
  }

  private void move() {
    SlotMove.move(host.root, Host.card(Map.of(), store));
  }

  private int offer(Host.Queue queue, int type, long sector, int bytes) {
    Part data = new Part(host.allocate(bytes), bytes, type == 0);
    int head = queue.indirect(host.header(type, sector), data, host.status(0xEE));
    queue.offer(head);
    return head;
  }

  private static void take(Host.Queue queue, Set<Integer> owed) {
    for (Host.Used used = queue.take(); used != null; used = queue.take()) {
      assertThat(owed.remove(used.head())).as("chain " + used.head()).isTrue();
    }
    assertThat(owed).isEmpty();
  }

  @Test
  void losesNothingAndDoesNothingTwiceAtAnyTurn() {
    boolean over = false;
    for (int cut = 0; !over; cut++) {
      assertThat(cut).isLessThan(TURNS_MAX);
      begin();
      store.holding = cut % 2 == 1;
      Set<Integer> writes = new HashSet<>();
      Set<Integer> reads = new HashSet<>();
      for (int i = 0; i < REQUESTS; i++) {
        writes.add(offer(first, 1, 64L * i, i % 3 == 0 ? 32 << 10 : 512));
        reads.add(offer(second, 0, 64L * i, 512));
      }
      first.post();
      second.post();
      for (int turn = 0; turn < cut && !over; turn++) {
        over = !host.root.turn();
        store.release(cut % 4 == 1);
      }
      store.holding = false;
      store.release(true);
      move();
      take(first, writes);
      take(second, reads);
      List<String> log = new ArrayList<>(store.log);
      log.removeIf(line -> !line.startsWith("write"));
      assertThat(log).hasSize(REQUESTS).doesNotHaveDuplicates();
      // The rings go on where they were.
      Set<Integer> more = new HashSet<>();
      more.add(offer(second, 1, 0, 512));
      second.ring();
      take(second, more);
    }
  }

  @Test
  void noRingIsLookedAtWhilePaused() {
    begin();
    host.root.endpoint().pause();
    Set<Integer> owed = new HashSet<>(Set.of(offer(first, 1, 0, 512)));
    first.ring();
    host.root.advance(1_000_000_000L);
    assertThat(host.root.endpoint().isQuiet()).isTrue();
    assertThat(first.usedIndex()).isZero();
    assertThat(store.log).isEmpty();
    host.root.endpoint().resume();
    host.root.run();
    take(first, owed);
  }

  @Test
  void aNotificationMovesAlong() {
    begin();
    host.root.endpoint().pause();
    Set<Integer> owed = new HashSet<>(Set.of(offer(first, 1, 0, 512)));
    first.ring();
    move();
    take(first, owed);
  }

  @Test
  void anUnacknowledgedInterruptMovesAlong() {
    store = new TestStore(1 << 20);
    FakeRootComplex root = Host.levelRoot(store);
    host = new Host(root, Host.RAM, Host.RAM_BYTES);
    first = host.start();
    offer(first, 1, 0, 512);
    first.ring();
    move();
    assertThat(root.interrupts().intxAsserted()).isTrue();
    assertThat(host.reg(0x1000, 1)).isEqualTo(1);
    assertThat(root.interrupts().intxAsserted()).isFalse();
  }

  @Test
  void aDeviceThatNeedsAResetStillDoes() {
    begin();
    first.offer(1000);
    first.ring();
    assertThat(host.needsReset()).isTrue();
    move();
    assertThat(host.needsReset()).isTrue();
  }

  @Test
  void anotherDiskRefusesTheState() {
    begin();
    byte[] state = SlotMove.save(host.root);
    refused(state, Host.card(Map.of(), new TestStore(2 << 20)), "had 2048 sectors, and has 4096");
    TestStore readOnly = new TestStore(1 << 20);
    readOnly.readOnly = true;
    refused(state, Host.card(Map.of(), readOnly), "read only");
    refused(state, Host.card(Map.of("queues", 2), store), "");
    refused(state, Host.card(Map.of("queue-size", 32), store), "a queue of 64 entries");
  }

  private static void refused(byte[] state, VirtioBlkFunction card, String words) {
    FakeRootComplex root = new FakeRootComplex(card, EndpointOptions.DEFAULT, 1);
    assertThatThrownBy(() -> root.endpoint().restore(state))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(words);
  }
}
