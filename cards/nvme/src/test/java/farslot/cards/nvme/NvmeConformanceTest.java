package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Card;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.TestStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The drive passes what every card must. */
class NvmeConformanceTest extends CardConformance {
  private static final int QUEUES = 8;
  private static final int BYTES = 64 << 10;

  private Host driver;
  private Host busy;
  private TestStore store;
  private final Set<Integer> pairs = new HashSet<>();

  @Override
  protected Card card() {
    driver = null;
    store = new TestStore(1 << 20);
    return Host.card(Map.of("queues", QUEUES), store);
  }

  @Override
  protected Card sibling(Card card) {
    TestStore copy = new TestStore(store.data.length);
    System.arraycopy(store.data, 0, copy.data, 0, copy.data.length);
    copy.blockBytes = store.blockBytes;
    store = copy;
    return Host.card(Map.of("queues", QUEUES), copy);
  }

  private static Host fresh(FakeRootComplex root) {
    Host host = new Host(root, IO_MEMORY, IO_BYTES);
    host.disable();
    return host.enable();
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    Host host = fresh(root);
    // The battery may hold DMA reads back, so that not even a queue can be created: all of it is
    // work for the admin queue then.
    long page = host.allocate(8192);
    for (int i = 0; i < 20; i++) {
      host.put(0, new Host.Entry(6).prp(page + 0x100, page + 0x1000).cdw(10, 1));
      host.put(0, new Host.Entry(2).prp(page, 0).cdw(10, 1 | 1023 << 16));
    }
    host.ring(0);
    busy = host;
  }

  @Override
  protected void checkStarted(FakeRootComplex root) {
    Set<Integer> ended = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      Host.Completion completion = busy.take(0);
      assertThat(completion).as("completion " + i).isNotNull();
      assertThat(completion.code()).isZero();
      assertThat(ended.add(completion.cid())).isTrue();
    }
    assertThat(busy.peek(0)).isNull();
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    Host host = fresh(root).pair(1, 16).pair(2, 16);
    int blockShift = host.identify(0, 1)[26] == 0 ? 9 : 12;
    byte[] data = new byte[BYTES];
    new Random(5).nextBytes(data);
    long out = host.allocate(BYTES);
    host.memory.putBytes(out, data);
    int blocks = BYTES >> blockShift;
    assertThat(host.run(1, host.io(1, 1, 3, blocks, out, BYTES)).code()).isZero();
    long in = host.allocate(BYTES);
    assertThat(host.run(2, host.io(2, 1, 3, blocks, in, BYTES)).code()).isZero();
    assertThat(host.memory.getBytes(in, BYTES)).isEqualTo(data);
    host.disable();
    assertThat(host.ready()).isFalse();
  }

  @Override
  protected boolean interrupt(FakeRootComplex root, int vector) {
    if (vector > QUEUES) {
      return false;
    }
    if (driver == null || !driver.ready()) {
      driver = new Host(root, IO_MEMORY, IO_BYTES).enable();
      pairs.clear();
    }
    if (vector == 0) {
      driver.put(0, new Host.Entry(0x0A).cdw(10, 6));
    } else {
      acknowledge(root);
      if (pairs.add(vector)) {
        driver.pair(vector, 16);
      }
      driver.put(vector, new Host.Entry(0).nsid(1));
    }
    driver.ring(vector);
    return true;
  }

  @Override
  protected void acknowledge(FakeRootComplex root) {
    while (driver.take(0) != null) {
      // Everything that the admin queue has to say is heard.
    }
  }
}
