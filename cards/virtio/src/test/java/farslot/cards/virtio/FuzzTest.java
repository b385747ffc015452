package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.cards.virtio.Host.Queue;
import farslot.chance.Fuzz;
import farslot.function.BlockStore;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.testkit.TestStore;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A driver that knows the rings and means no good: random descriptors, tables, ring entries,
 * indexes and registers, with DMA that is late, out of order or refused. Afterwards the card must
 * work as if nothing had been, and must not have done anything outside the windows (the root
 * complex counts that as an error of its own).
 */
class FuzzTest {
  private static final int QUEUES = 3;

  private final int rounds = Fuzz.iterations(1200) / 50;
  private int broken;
  private int done;

  @Test
  void survivesAnythingADriverDoes() {
    Fuzz.rounds(
        rounds,
        seed -> {
          Round each = new Round(seed);
          each.run();
          broken += each.broken;
          done += each.done;
        });
    assertThat(broken).as("rules were broken").isPositive();
    assertThat(done).as("and yet much was done").isGreaterThan(rounds);
  }

  private static final class Round {
    private final Random random;
    private final TestStore store = new TestStore(1 << 18);
    private final Host host;
    private final long data;
    private Queue[] queues;
    int broken;
    int done;

    Round(long seed) {
      random = new Random(seed);
      host = new Host(store, Map.of("queues", QUEUES), seed);
      data = host.allocate(1 << 20);
    }

    void run() {
      restart();
      for (int step = 0; step < 400; step++) {
        step();
      }
      recovers();
    }

    private void restart() {
      calm();
      host.begin(Host.VERSION_1 | (random.nextInt(4) == 0 ? 0 : Host.INDIRECT | Host.FLUSH));
      queues = new Queue[QUEUES];
      for (int i = 0; i < QUEUES; i++) {
        queues[i] = host.queue(i, 4 << random.nextInt(4), i);
      }
      host.ready();
    }

    private void calm() {
      host.root.holdReads(false);
      host.root.answerReads(CompletionStatus.SC);
      host.root.busMaster(true);
      store.holding = false;
      store.next = BlockStore.Status.OK;
      host.root.releaseReads(false);
      store.release(false);
      host.root.run();
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0 -> host.reg(random.nextInt(60), 1 + random.nextInt(3), random.nextInt(5));
        case 1 -> host.root.holdReads(random.nextInt(3) == 0);
        case 2, 3 -> host.root.releaseReads(random.nextBoolean());
        case 4 ->
            host.root.answerReads(
                random.nextInt(12) == 0 ? CompletionStatus.UR : CompletionStatus.SC);
        case 5 -> store.holding = random.nextBoolean();
        case 6 -> store.release(random.nextBoolean());
        case 7 ->
            store.next =
                random.nextInt(4) == 0
                    ? BlockStore.Status.values()[random.nextInt(5)]
                    : BlockStore.Status.OK;
        case 8 -> withoutCredits();
        case 9 -> rarely();
        case 10 -> garbage();
        case 11, 12 -> {
          if (host.status() != 15) {
            broken += host.needsReset() ? 1 : 0;
            restart();
          }
        }
        default -> requests();
      }
    }

    /** Register reads would not be answered either, so there are none meanwhile. */
    private void withoutCredits() {
      host.root.up().block(FlowClass.POSTED, true);
      requests();
      host.root.up().block(FlowClass.POSTED, false);
      host.root.run();
    }

    private void rarely() {
      switch (random.nextInt(10)) {
        case 0 -> {
          host.root.flr();
          host.root.setUp();
          host.root.enableMsix();
        }
        case 1 -> host.root.busMaster(random.nextBoolean());
        case 2 -> host.reg(0x14, 1, 0);
        case 3 -> host.reg(0x3000 + 4 * random.nextInt(8), 2, 0);
        default -> {
          // Most of the time nothing so drastic happens.
        }
      }
    }

    /** Something random where the rules are strict. */
    private void garbage() {
      Queue queue = queues[random.nextInt(QUEUES)];
      long at =
          switch (random.nextInt(3)) {
            case 0 -> queue.avail + random.nextInt(4 + 2 * queue.size);
            case 1 -> queue.desc + random.nextInt(16 * queue.size);
            default -> data + random.nextInt(4096);
          };
      host.memory.putBytes(at, new byte[] {(byte) random.nextInt()});
      queue.ring();
    }

    private void requests() {
      Queue queue = queues[random.nextInt(QUEUES)];
      for (int i = random.nextInt(4); i >= 0; i--) {
        request(queue);
      }
      queue.ring();
      while (queue.take() != null) {
        done++;
      }
    }

    /** Mostly right. What it is made of lies in memory that later ones use again. */
    private void request(Queue queue) {
      int slot = random.nextInt(64);
      long header = data + 64L * slot;
      host.memory.putInt(header, random.nextInt(8) == 0 ? random.nextInt(20) : random.nextInt(2));
      long sector = random.nextInt(600) - 10;
      host.memory.putLong(header + 8, random.nextInt(20) == 0 ? random.nextLong() : sector);
      Part[] parts = new Part[3 + random.nextInt(4)];
      parts[0] = Host.out(header, random.nextInt(30) == 0 ? random.nextInt(40) : 16);
      boolean writable = host.memory.getInt(header) == 0;
      for (int i = 1; i < parts.length - 1; i++) {
        long at = random.nextInt(60) == 0 ? random.nextLong() : data + random.nextInt(1 << 19);
        long bytes =
            random.nextInt(20) == 0 ? random.nextInt() & 0xFFFFF : 512L << random.nextInt(5);
        writable ^= random.nextInt(60) == 0;
        parts[i] = new Part(at, bytes, writable);
      }
      parts[parts.length - 1] = Host.in(header + 32, random.nextInt(40) == 0 ? 0 : 1);
      queue.offer(chain(queue, slot, parts));
    }

    private int chain(Queue queue, int slot, Part[] parts) {
      if (random.nextBoolean()) {
        return queue.chain(parts.length > queue.size ? Arrays.copyOf(parts, queue.size) : parts);
      }
      long table = data + 8192 + 256L * slot;
      for (int i = 0; i < parts.length; i++) {
        boolean last = i == parts.length - 1;
        int next = random.nextInt(60) == 0 ? random.nextInt(10) : i + 1;
        int flags = (last ? 0 : 1) | (parts[i].writable() ? 2 : 0);
        host.putDescriptor(table + 16L * i, parts[i].address(), parts[i].bytes(), flags, next);
      }
      int head = random.nextInt(queue.size);
      queue.descriptor(head, table, 16L * parts.length, 4, 0);
      return head;
    }

    /** After a reset everything works, on the same card. */
    private void recovers() {
      calm();
      host.reg(0x14, 1, 0);
      host.root.enableMsix();
      assertThat(host.status()).isZero();
      Queue queue = host.start();
      host.memory.putBytes(data, new byte[512]);
      host.memory.putBytes(data, new byte[] {42});
      assertThat(host.run(queue, 1, 3, Host.out(data, 512))).isZero();
      host.memory.putBytes(data, new byte[512]);
      assertThat(host.run(queue, 0, 3, Host.in(data, 512))).isZero();
      assertThat(host.memory.getBytes(data, 1)).containsExactly(42);
      host.root.endpoint().unplug();
      assertThat(store.closed).isTrue();
    }
  }
}
