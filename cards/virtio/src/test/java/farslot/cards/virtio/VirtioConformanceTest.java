package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.function.Card;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.TestStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The disk passes what every card must. */
class VirtioConformanceTest extends CardConformance {
  private static final int QUEUES = 4;
  private static final int BYTES = 64 << 10;

  private Host driver;
  private Host.Queue busy;
  private TestStore store;
  private final Host.Queue[] queues = new Host.Queue[QUEUES];

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
    store = copy;
    return Host.card(Map.of("queues", QUEUES), copy);
  }

  private static Host fresh(FakeRootComplex root) {
    return new Host(root, IO_MEMORY, IO_BYTES).begin(Host.VERSION_1 | Host.INDIRECT);
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    Host host = new Host(root, IO_MEMORY, IO_BYTES);
    host.reg(0x14, 1, 0);
    if (host.status() != 0) {
      return; // The battery holds back what a reset has to wait for.
    }
    host.begin(Host.VERSION_1 | Host.INDIRECT);
    Host.Queue queue = host.queue(1, 32, 2);
    host.ready();
    long data = host.allocate(BYTES);
    for (int i = 0; i < 16; i++) {
      Part buffer = new Part(data, BYTES, i % 2 == 0);
      queue.offer(queue.indirect(host.header(1 - i % 2 ^ 1, i), buffer, host.status(0)));
    }
    queue.ring();
    busy = queue;
  }

  @Override
  protected void checkStarted(FakeRootComplex root) {
    Set<Integer> returned = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      Host.Used used = busy.take();
      assertThat(used).as("request " + i).isNotNull();
      assertThat(returned.add(used.head())).isTrue();
    }
    assertThat(busy.take()).isNull();
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    Host host = fresh(root);
    Host.Queue first = host.queue(0, 16, 1);
    Host.Queue second = host.queue(3, 64, 2);
    host.ready();
    byte[] data = new byte[BYTES];
    new Random(5).nextBytes(data);
    long out = host.allocate(BYTES);
    host.memory.putBytes(out, data);
    assertThat(host.run(first, 1, 3, Host.out(out, BYTES))).isZero();
    long in = host.allocate(BYTES);
    assertThat(host.run(second, 0, 3, Host.in(in, BYTES))).isZero();
    assertThat(host.memory.getBytes(in, BYTES)).isEqualTo(data);
    host.reg(0x14, 1, 0);
    assertThat(host.status()).isZero();
  }

  @Override
  protected boolean interrupt(FakeRootComplex root, int vector) {
    if (vector > QUEUES) {
      return false;
    }
    if (driver == null || driver.status() != 15) {
      driver = fresh(root);
      for (int i = 0; i < QUEUES; i++) {
        queues[i] = driver.queue(i, 16, i + 1);
      }
      driver.ready();
    }
    if (vector == 0) {
      // Configuration changes when the driver is told that it has broken the rules; only once.
      queues[0].offer(1000);
      queues[0].ring();
      return true;
    }
    Host.Queue queue = queues[vector - 1];
    queue.offer(queue.indirect(driver.header(4, 0), driver.status(0)));
    queue.ring();
    return true;
  }

  @Override
  protected void acknowledge(FakeRootComplex root) {
    driver.reg(0x1000, 1);
  }
}
