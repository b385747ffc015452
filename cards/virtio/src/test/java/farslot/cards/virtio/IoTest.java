package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.cards.virtio.Host.Queue;
import farslot.cards.virtio.Host.Used;
import farslot.function.BlockStore;
import farslot.testkit.TestStore;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests, as drivers make them and as they may. */
class IoTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private Queue queue;

  @BeforeEach
  void start() {
    queue = host.start();
  }

  private byte[] random(int bytes) {
    byte[] data = new byte[bytes];
    new Random(bytes).nextBytes(data);
    return data;
  }

  private Part filled(byte[] data) {
    long at = host.allocate(data.length);
    host.memory.putBytes(at, data);
    return Host.out(at, data.length);
  }

  private byte[] disk(int at, int bytes) {
    return java.util.Arrays.copyOfRange(store.data, at, at + bytes);
  }

  @Test
  void writesAndReadsInIndirectAndDirectChains() {
    byte[] data = random(4096);
    assertThat(host.run(queue, 1, 8, filled(data))).isZero();
    assertThat(disk(4096, 4096)).isEqualTo(data);
    Part buffer = Host.in(host.allocate(4096), 4096);
    Part status = host.status(0xEE);
    int head = queue.chain(host.header(0, 8), buffer, status);
    queue.offer(head);
    queue.ring();
    assertThat(queue.take()).isEqualTo(new Used(head, 4097));
    assertThat(host.bytes(buffer)).isEqualTo(data);
    assertThat(host.bytes(status)).containsExactly(0);
    assertThat(host.root.interrupts().count(1)).isEqualTo(2);
  }

  @Test
  void framingIsTheDriversChoice() {
    byte[] data = random(1024);
    // Header and data in one, cut at odd places; empty buffers between.
    Part header = host.header(1, 2);
    byte[] both = new byte[16 + 1024];
    System.arraycopy(host.bytes(header), 0, both, 0, 16);
    System.arraycopy(data, 0, both, 16, 1024);
    Part all = filled(both);
    long at = all.address();
    Part status = host.status(0xEE);
    queue.offer(
        queue.indirect(
            Host.out(at, 3),
            Host.out(at, 0),
            Host.out(at + 3, 30),
            Host.out(at + 33, 1040 - 33),
            status));
    queue.ring();
    assertThat(queue.take().bytes()).isEqualTo(1);
    assertThat(disk(1024, 1024)).isEqualTo(data);
    // The status byte behind the data in one buffer.
    long in = host.allocate(4096);
    queue.offer(
        queue.indirect(
            host.header(0, 2), Host.in(in + 1, 511), Host.in(in + 600, 0), Host.in(in + 700, 514)));
    queue.ring();
    assertThat(queue.take().bytes()).isEqualTo(1025);
    byte[] got = new byte[1024];
    System.arraycopy(host.memory.getBytes(in + 1, 511), 0, got, 0, 511);
    System.arraycopy(host.memory.getBytes(in + 700, 513), 0, got, 511, 513);
    assertThat(got).isEqualTo(data);
    assertThat(host.memory.getBytes(in + 700 + 513, 1)).containsExactly(0);
  }

  @Test
  void longRequestsGoThroughInPieces() {
    byte[] data = random(700 << 10);
    assertThat(host.run(queue, 1, 16, filled(data))).isZero();
    assertThat(disk(8192, data.length)).isEqualTo(data);
    Part buffer = Host.in(host.allocate(data.length), data.length);
    assertThat(host.run(queue, 0, 16, buffer)).isZero();
    assertThat(host.bytes(buffer)).isEqualTo(data);
    assertThat(store.log).hasSize(6);
  }

  @Test
  void manySmallSegments() {
    byte[] data = random(14 * 512);
    Part whole = filled(data);
    Part[] parts = new Part[14];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Host.out(whole.address() + 512L * i, 512);
    }
    assertThat(host.run(queue, 1, 0, parts)).isZero();
    assertThat(disk(0, data.length)).isEqualTo(data);
  }

  @Test
  void severalAtOnceComeBackWithOneInterrupt() {
    store.holding = true;
    for (int i = 0; i < 8; i++) {
      queue.offer(
          queue.indirect(host.header(0, i), Host.in(host.allocate(512), 512), host.status(0xEE)));
    }
    queue.ring();
    assertThat(store.held()).isEqualTo(8);
    assertThat(queue.usedIndex()).isZero();
    store.release(true);
    host.root.run();
    assertThat(queue.usedIndex()).isEqualTo(8);
    assertThat(host.root.interrupts().count(1)).isLessThanOrEqualTo(2);
    assertThat(queue.take().head()).as("in the order of their ends").isEqualTo(7);
  }

  @Test
  void ringsGoRound() {
    for (int i = 0; i < 100; i++) {
      byte[] data = random(512 + i);
      assertThat(host.run(queue, 1, i, filled(java.util.Arrays.copyOf(data, 512)))).isZero();
      assertThat(disk(512 * i, 512)).isEqualTo(java.util.Arrays.copyOf(data, 512));
    }
  }

  @Test
  void flushAndIdentity() {
    assertThat(host.run(queue, 4, 0)).isZero();
    assertThat(store.log).containsExactly("flush");
    Part id = Host.in(host.allocate(20), 20);
    host.memory.putBytes(id.address(), random(20));
    assertThat(host.run(queue, 8, 0, id)).isZero();
    assertThat(new String(host.bytes(id)).trim()).isEqualTo("TEST0001");
    assertThat(host.bytes(id)[8]).isZero();
  }

  private Part ranges(long... words) {
    long at = host.allocate(words.length * 8);
    for (int i = 0; i < words.length; i++) {
      host.memory.putLong(at + 8L * i, words[i]);
    }
    return Host.out(at, words.length * 8L);
  }

  @Test
  void discardAndWriteZeroes() {
    long unmap = 1L << 32;
    assertThat(host.run(queue, 11, 0, ranges(8, 8, 100, 1))).isZero();
    assertThat(host.run(queue, 13, 0, ranges(16, 8))).isZero();
    assertThat(host.run(queue, 13, 0, ranges(24, 8 | unmap))).isZero();
    assertThat(store.log)
        .containsExactly(
            "deallocate 4096+4096",
            "deallocate 51200+512",
            "zeroes 8192+4096",
            "deallocate 12288+4096");
    store.log.clear();
    assertThat(host.run(queue, 11, 0, ranges(8, 8 | unmap))).as("unmap flag").isEqualTo(2);
    assertThat(host.run(queue, 13, 0, ranges(8, 8 | 2 * unmap))).as("a flag").isEqualTo(2);
    assertThat(host.run(queue, 11, 0, ranges(0, 8, 2047, 2))).as("beyond").isEqualTo(1);
    assertThat(host.run(queue, 11, 0, ranges(-1, 2))).as("before").isEqualTo(1);
    assertThat(host.run(queue, 11, 0, ranges(5))).as("half a range").isEqualTo(1);
    assertThat(host.run(queue, 11, 0)).as("none").isEqualTo(1);
    assertThat(store.log).isEmpty();
  }

  @Test
  void whatIsNotOnTheDiskFails() {
    Part buffer = Host.in(host.allocate(4096), 4096);
    assertThat(host.run(queue, 0, 2041, buffer)).isEqualTo(1);
    assertThat(host.run(queue, 0, -1, buffer)).isEqualTo(1);
    assertThat(host.run(queue, 0, 1L << 55, buffer)).isEqualTo(1);
    assertThat(host.run(queue, 0, 0, Host.in(buffer.address(), 100))).isEqualTo(1);
    assertThat(host.run(queue, 1, 2048, Host.out(buffer.address(), 512))).isEqualTo(1);
    assertThat(store.log).isEmpty();
    assertThat(host.run(queue, 0, 2040, buffer)).isZero();
    assertThat(host.run(queue, 99, 0)).as("no such type").isEqualTo(2);
    assertThat(host.needsReset()).isFalse();
  }

  @Test
  void failuresOfTheStoreAreReported() {
    store.next = BlockStore.Status.READ_ERROR;
    Part buffer = Host.in(host.allocate(4096), 4096);
    Part status = host.status(0xEE);
    queue.offer(queue.indirect(host.header(0, 0), buffer, status));
    queue.ring();
    assertThat(queue.take().bytes()).as("nothing was written from the beginning on").isZero();
    assertThat(host.bytes(status)).containsExactly(1);
    store.next = BlockStore.Status.NO_SPACE;
    assertThat(host.run(queue, 1, 0, Host.out(buffer.address(), 4096))).isEqualTo(1);
    store.next = BlockStore.Status.OK;
    assertThat(host.run(queue, 1, 0, Host.out(buffer.address(), 4096))).isZero();
  }

  @Test
  void memoryThatIsNotThereFailsTheRequestAlone() {
    assertThat(host.run(queue, 1, 0, Host.out(0x7000_0000_0000L, 4096))).isEqualTo(1);
    assertThat(store.log).isEmpty();
    assertThat(host.needsReset()).isFalse();
    assertThat(host.run(queue, 4, 0)).isZero();
  }

  @Test
  void writesAreDurableWhereNobodyFlushes() {
    Part data = filled(random(512));
    host.run(queue, 1, 0, data);
    queue = host.start(Host.INDIRECT);
    host.run(queue, 1, 0, data);
    queue = host.start(Host.INDIRECT | Host.FLUSH | Host.CONFIG_WCE);
    host.run(queue, 1, 0, data);
    host.reg(0x2020, 1, 0);
    host.run(queue, 1, 0, data);
    assertThat(store.log)
        .containsExactly(
            "write 0+512", "write 0+512 durable", "write 0+512", "write 0+512 durable");
  }

  @Test
  void aReadOnlyDiskIsNotWritten() {
    TestStore fixed = new TestStore(1 << 20);
    fixed.readOnly = true;
    Host other = new Host(fixed);
    Queue only = other.start();
    Part data = Host.out(other.allocate(512), 512);
    assertThat(other.run(only, 1, 0, data)).isEqualTo(1);
    assertThat(other.run(only, 13, 0, Host.out(other.allocate(16), 16))).isEqualTo(1);
    assertThat(other.run(only, 4, 0)).isZero();
    assertThat(fixed.log).containsExactly("flush");
  }

  @Test
  void queuesHaveTheirOwnVectors() {
    host.begin(Host.VERSION_1 | Host.INDIRECT);
    Queue first = host.queue(0, 16, 2);
    Queue second = host.queue(1, 16, 3);
    Queue silent = host.queue(2, 16, 0xFFFF);
    host.ready();
    host.root.interrupts().clear();
    host.run(first, 4, 0);
    host.run(second, 4, 0);
    host.run(second, 4, 0);
    host.run(silent, 4, 0);
    assertThat(host.root.interrupts().count(2)).isEqualTo(1);
    assertThat(host.root.interrupts().count(3)).isEqualTo(2);
    assertThat(host.root.interrupts().vectors()).hasSize(3);
  }
}
