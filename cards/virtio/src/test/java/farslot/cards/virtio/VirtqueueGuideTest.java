package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.cards.virtio.Host.Queue;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guide sends along, and what it leaves to the card. */
class VirtqueueGuideTest {
  private final TestStore store = new TestStore(1 << 20);
  private final Host host = new Host(store);
  private final Guided guided = new Guided(host.root);
  private Queue queue;

  @BeforeEach
  void start() {
    host.guide = guided;
    queue = host.start();
    guided.log.clear();
  }

  private String index() {
    return "push %x 4".formatted(queue.avail);
  }

  private String entry(int slot, int count) {
    return "push %x %d".formatted(queue.avail + 4 + 2L * slot, 2 * count);
  }

  private String descriptors(int first, int count) {
    return "push %x %d".formatted(queue.desc + 16L * first, 16 * count);
  }

  private static String bytes(Part part) {
    return "push %x %d".formatted(part.address(), part.bytes());
  }

  private Part data(int bytes) {
    return Host.out(host.allocate(bytes), bytes);
  }

  @Test
  void itKnowsModernDevicesOfAnyType() {
    VirtqueueGuideProvider provider = new VirtqueueGuideProvider();
    assertThat(provider.knows(0x1AF4, 0x1042, 0x010000)).isTrue();
    assertThat(provider.knows(0x1AF4, 0x1041, 0x020000)).isTrue();
    assertThat(provider.knows(0x1AF4, 0x1001, 0x010000)).as("transitional").isFalse();
    assertThat(provider.knows(0x1B36, 0x0010, 0x010802)).isFalse();
  }

  @Test
  void aDirectChainWithWhatTheDeviceReads() {
    Part header = host.header(1, 0);
    Part out = data(5000);
    queue.offer(queue.chain(header, out, host.status(0)));
    queue.ring();
    assertThat(guided.takeLog())
        .containsExactly(index(), entry(0, 1), descriptors(0, 3), bytes(header), bytes(out));
  }

  @Test
  void anIndirectChain() {
    Part header = host.header(0, 0);
    queue.offer(queue.indirect(header, Host.in(host.allocate(4096), 4096), host.status(0)));
    long table = host.memory.getLong(queue.desc);
    queue.ring();
    assertThat(guided.takeLog())
        .containsExactly(
            index(), entry(0, 1), descriptors(0, 1), "push %x 48".formatted(table), bytes(header));
  }

  @Test
  void onlyWhatIsNew() {
    assertThat(host.run(queue, 4, 0)).isZero();
    guided.log.clear();
    queue.ring();
    assertThat(guided.takeLog()).containsExactly(index());
    Part first = host.header(4, 0);
    Part second = host.header(4, 0);
    queue.offer(queue.chain(first, host.status(0)));
    queue.offer(queue.chain(second, host.status(0)));
    queue.ring();
    assertThat(guided.takeLog())
        .containsExactly(index(), entry(1, 2), descriptors(1, 4), bytes(first), bytes(second));
  }

  @Test
  void ringsGoRound() {
    for (int i = 0; i < 15; i++) {
      assertThat(host.run(queue, 4, 0)).isZero();
    }
    guided.log.clear();
    for (int i = 0; i < 3; i++) {
      queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
    }
    queue.ring();
    List<String> log = guided.takeLog();
    assertThat(log).contains(entry(15, 1), entry(0, 2)).noneMatch(each -> each.contains("leave"));
    assertThat(queue.usedIndex()).isEqualTo(18);
  }

  @Test
  void nothingIsEverSteady() {
    for (int type : new int[] {0, 1, 4, 8}) {
      Part part = type == 1 ? data(512) : Host.in(host.allocate(512), 512);
      host.run(queue, type, 0, part);
    }
    assertThat(guided.log).isNotEmpty().noneMatch(each -> each.endsWith("steady"));
  }

  @Test
  void queuesThatItHasNotSeenBeingSetUpAreLeft() {
    host.guide = null;
    queue = host.start();
    host.guide = guided;
    guided.reset();
    host.run(queue, 4, 0);
    assertThat(guided.takeLog()).containsExactly("leave all");
  }

  @Test
  void aDeviceThatIsResetHasNoQueues() {
    host.post(0x14, 1, 0);
    assertThat(guided.takeLog()).containsExactly("leave all");
    host.post(0x3000, 2, 0);
    assertThat(guided.takeLog()).containsExactly("leave all");
    queue = host.start();
    guided.log.clear();
    assertThat(host.run(queue, 4, 0)).isZero();
    assertThat(guided.takeLog()).hasSize(5);
  }

  @Test
  void packedQueuesAndFieldsInPartsAreLeft() {
    host.begin(Host.VERSION_1);
    queue = host.queue(0, 16, 1);
    host.accept(Host.VERSION_1 | 1L << 34); // too late for the card, but the guide cannot know
    host.ready();
    guided.log.clear();
    queue.post();
    assertThat(guided.takeLog()).containsExactly("leave all");
    host.begin(Host.VERSION_1);
    queue = host.queue(0, 16, 1);
    host.post(0x20, 2, 0);
    host.post(0x3000, 2, 0);
    assertThat(guided.takeLog()).endsWith("leave all");
    host.start();
    guided.log.clear();
    host.post(0x3000, 2, 0);
    assertThat(guided.takeLog()).as("until the next reset").isNotEqualTo(List.of("leave all"));
  }

  @Test
  void addressesInOneWriteOrTwo() {
    host.begin(Host.VERSION_1 | Host.INDIRECT);
    queue = host.new Queue(0, 16);
    host.reg(0x16, 2, 0);
    host.reg(0x18, 2, 16);
    host.reg(0x20, 8, queue.desc);
    host.reg(0x28, 8, queue.avail);
    host.reg(0x30, 8, queue.used);
    host.reg(0x1C, 2, 1);
    host.ready();
    guided.log.clear();
    host.run(queue, 4, 0);
    assertThat(guided.takeLog()).startsWith(index());
  }

  @Test
  void whatIsBrokenIsLeftToTheCard() {
    List<Runnable> ways = new ArrayList<>();
    ways.add(() -> queue.offer(16));
    ways.add(() -> host.putShort(queue.avail + 2, 1000));
    ways.add(
        () -> {
          queue.descriptor(0, 0x1000, 16, 1, 0);
          queue.offer(0);
        });
    ways.add(
        () -> {
          queue.descriptor(0, 0x7000_0000_0000L, 16, 4, 0);
          queue.offer(0);
        });
    ways.add(
        () -> {
          queue.descriptor(0, Host.RAM, 24, 4, 0);
          queue.offer(0);
        });
    for (Runnable way : ways) {
      queue = host.start();
      guided.log.clear();
      way.run();
      queue.ring();
      assertThat(guided.takeLog()).contains("leave all");
      assertThat(host.needsReset()).isTrue();
    }
  }

  @Test
  void longBuffersAreLeftAndTheRestIsSent() {
    Part huge = Host.out(host.allocate(1 << 20), 1 << 20);
    host.run(queue, 1, 0, huge);
    List<String> log = guided.takeLog();
    assertThat(log.subList(0, 3))
        .containsExactly(index(), "leave %x %d".formatted(huge.address(), huge.bytes()), index());
    assertThat(log).hasSize(7); // entry, descriptor, table, header: behind what voids them
  }

  @Test
  void aDeviceWithMuchToDoReadsByItself() {
    store.holding = true;
    for (int i = 0; i < 4; i++) {
      queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
      queue.ring();
      List<String> log = guided.takeLog();
      if (i < 2) {
        assertThat(log).as("with %d under way", i).hasSize(5).startsWith(index());
      } else {
        assertThat(log).as("with %d under way", i).containsExactly("leave all");
      }
    }
    assertThat(store.held()).isEqualTo(4);
    store.release(false);
    store.holding = false;
    host.root.run();
    assertThat(queue.usedIndex()).isEqualTo(4);
    queue.offer(queue.indirect(host.header(4, 0), host.status(0)));
    queue.ring();
    assertThat(guided.takeLog()).as("only what is new").hasSize(5).contains(entry(4, 1));
  }

  @Test
  void notificationsAreNotMadeOne() {
    assertThat(new VirtqueueGuide(guided).lastCounts(0, 0x3000, 2)).isFalse();
  }
}
