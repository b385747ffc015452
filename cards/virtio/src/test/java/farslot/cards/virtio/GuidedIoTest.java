package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Part;
import farslot.cards.virtio.Host.Queue;
import farslot.chance.Fuzz;
import farslot.function.endpoint.EndpointCounter;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Card and guide together: what they ask the server for, and that nobody can tell. */
class GuidedIoTest {
  private static long asked(Host host) {
    return host.root.endpoint().counters().get(EndpointCounter.DMA_READS);
  }

  private static Host host(TestStore store, boolean guided) {
    Host host = new Host(store, Map.of(), 1);
    host.guide = guided ? new Guided(host.root) : null;
    return host;
  }

  /** DMA reads on the wire of one request. */
  private static long reads(Host host, Queue queue, int type, Part... data) {
    long before = asked(host);
    assertThat(host.run(queue, type, 8, data)).isZero();
    return asked(host) - before;
  }

  @Test
  void oneRoundTripARequest() {
    for (boolean guided : new boolean[] {false, true}) {
      Host host = host(new TestStore(1 << 20), guided);
      Queue queue = host.start();
      Part in = Host.in(host.allocate(4096), 4096);
      Part out = Host.out(host.allocate(4096), 4096);
      // Index, entry, descriptor, table, header; and the data of a write.
      assertThat(reads(host, queue, 0, in)).isEqualTo(guided ? 0 : 5);
      assertThat(reads(host, queue, 1, out)).isEqualTo(guided ? 0 : 6);
      assertThat(reads(host, queue, 4)).isEqualTo(guided ? 0 : 5);
      Part id = Host.in(host.allocate(20), 20);
      assertThat(reads(host, queue, 8, id)).isEqualTo(guided ? 0 : 5);
      int chain = queue.chain(host.header(1, 0), out, host.status(0));
      long before = asked(host);
      queue.offer(chain);
      queue.ring();
      assertThat(asked(host) - before).as("direct").isEqualTo(guided ? 0 : 7);
    }
  }

  @Test
  void aBatchAsksForNothing() {
    Host host = host(new TestStore(1 << 20), true);
    Queue queue = host.start();
    Part out = Host.out(host.allocate(8 << 12), 4096);
    for (int i = 0; i < 8; i++) {
      Part page = Host.out(out.address() + 4096L * i, 4096);
      queue.offer(queue.indirect(host.header(1, 8L * i), page, host.status(0)));
    }
    queue.ring();
    assertThat(queue.usedIndex()).isEqualTo(8);
    assertThat(asked(host)).isZero();
  }

  /** Everything that the server can see, after a script of random requests. */
  private static List<String> effects(long seed, boolean guided) {
    TestStore store = new TestStore(1 << 18);
    Host host = host(store, guided);
    Queue queue = host.start(seed % 3 == 0 ? 0 : Host.INDIRECT | Host.FLUSH);
    Random random = new Random(seed);
    List<String> effects = new ArrayList<>();
    long memory = host.allocate(1 << 18);
    byte[] noise = new byte[1 << 18];
    random.nextBytes(noise);
    host.memory.putBytes(memory, noise);
    for (int step = 0; step < 60; step++) {
      step(host, queue, random, memory, seed % 3 != 0);
      if (random.nextInt(3) > 0) {
        queue.ring();
      } else {
        queue.post();
        queue.post();
        host.root.run();
      }
      List<String> back = new ArrayList<>();
      Host.Used used;
      while ((used = queue.take()) != null) {
        back.add(used.toString());
      }
      back.sort(null); // The order of their ends is the card's choice.
      effects.addAll(back);
    }
    store.log.sort(null);
    effects.add("memory " + java.util.Arrays.hashCode(host.memory.getBytes(memory, 1 << 18)));
    effects.add("disk " + java.util.Arrays.hashCode(store.data) + " " + store.log);
    effects.add("status " + host.status());
    effects.add("interrupts " + (host.root.interrupts().count(1) > 0));
    if (guided) {
      long answered = host.root.endpoint().counters().get(EndpointCounter.PUSHED_READS);
      assertThat(answered).as("reads that were answered from what was pushed").isPositive();
    }
    return effects;
  }

  /**
   * One to four requests out of memory that earlier ones have used, now and then a wrong one. Those
   * that are under way together have nothing in common.
   */
  private static void step(Host host, Queue queue, Random random, long memory, boolean indirect) {
    int last = random.nextInt(4);
    for (int i = last; i >= 0; i--) {
      boolean write = random.nextBoolean();
      long mine = memory + (i << 16);
      long header = mine + 32L * random.nextInt(16);
      host.memory.putInt(header, random.nextInt(12) == 0 ? random.nextInt(14) : write ? 1 : 0);
      host.memory.putLong(header + 8, 128L * i + random.nextInt(40));
      Part[] parts = new Part[2 + random.nextInt(3)];
      parts[0] = Host.out(header, 16);
      for (int k = 1; k < parts.length - 1; k++) {
        long at = mine + (k << 14) + random.nextInt(100);
        parts[k] = new Part(at, random.nextInt(40) == 0 ? 700 : 512L << random.nextInt(6), !write);
      }
      parts[parts.length - 1] = Host.in(header + 16 + random.nextInt(16), 1);
      if (last == 0 && random.nextInt(60) == 0) {
        parts[0] = Host.out(header, 7); // With others under way, how far they come is chance.
      }
      queue.offer(indirect && random.nextBoolean() ? queue.indirect(parts) : queue.chain(parts));
    }
  }

  @Test
  void nobodyCanTell() {
    Fuzz.rounds(
        Fuzz.iterations(1200) / 30,
        seed -> assertThat(effects(seed, true)).isEqualTo(effects(seed, false)));
  }
}
