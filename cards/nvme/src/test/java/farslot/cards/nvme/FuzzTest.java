package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import farslot.chance.Fuzz;
import farslot.function.BlockStore;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.testkit.TestStore;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A server that knows the registers and means no good: random registers, doorbells, entries,
 * pointers and lists, with DMA that is late, out of order or refused. Afterwards the card must work
 * as if nothing had been, and must not have done anything outside the windows (the root complex
 * counts that as an error of its own).
 */
class FuzzTest {
  private static final int[] REGISTERS = {
    0x00, 0x08, 0x0C, 0x10, 0x14, 0x1C, 0x20, 0x24, 0x28, 0x2C, 0x30, 0x34, 0x38, 0x68, 0xFFC
  };
  private static final int[] OPCODES = {0, 1, 2, 4, 5, 6, 8, 9, 0x0A, 0x0C, 0x0D, 0x80, 0x7F};

  @Test
  void survivesAnythingAServerDoes() {
    Fuzz.rounds(Fuzz.iterations(600) / 50, this::round);
  }

  private void round(long roundSeed) {
    Random random = new Random(roundSeed);
    TestStore store = new TestStore(1 << 18);
    Host host = new Host(Map.of(), roundSeed, store, new TestStore(1 << 18));
    store.memory = random.nextBoolean();
    host.guide = random.nextBoolean() ? new TestGuide(host, roundSeed, 512, 5) : null;
    host.enable().pair(1, 32).pair(2, 8).pair(3, 2);
    for (int step = 0; step < 400; step++) {
      step(host, store, random);
    }
    recovers(host, store);
  }

  private void step(Host host, TestStore store, Random random) {
    switch (random.nextInt(16)) {
      case 0 -> register(host, random);
      case 1 ->
          host.reg(0x1000 + random.nextInt(random.nextBoolean() ? 8 : 1024) * 4, doorbell(random));
      case 2 -> host.root.holdReads(random.nextInt(3) == 0);
      case 3 -> host.root.releaseReads(random.nextBoolean());
      case 4 ->
          host.root.answerReads(random.nextInt(8) == 0 ? CompletionStatus.UR : CompletionStatus.SC);
      case 5 -> store.holding = random.nextBoolean();
      case 6 -> store.release(random.nextBoolean());
      case 7 ->
          store.next =
              random.nextInt(4) == 0
                  ? BlockStore.Status.values()[random.nextInt(5)]
                  : BlockStore.Status.OK;
      case 8 -> withoutCredits(host, random);
      case 9 -> host.root.advance(random.nextInt(10_000_000));
      case 10 -> rarely(host, random);
      default -> commands(host, random);
    }
  }

  /** Register reads would not be answered either, so there are none meanwhile. */
  private static void withoutCredits(Host host, Random random) {
    host.root.up().block(FlowClass.POSTED, true);
    for (int i = random.nextInt(4); i >= 0; i--) {
      commands(host, random);
    }
    host.root.up().block(FlowClass.POSTED, false);
    host.root.run();
  }

  private static int doorbell(Random random) {
    return random.nextBoolean() ? random.nextInt(64) : random.nextInt();
  }

  private static void register(Host host, Random random) {
    int offset = REGISTERS[random.nextInt(REGISTERS.length)];
    int bytes = new int[] {1, 2, 4, 4, 8}[random.nextInt(5)];
    if (offset % bytes == 0) {
      host.root.write(0, offset, bytes, random.nextInt(3) == 0 ? random.nextLong() : 0x460001);
      host.root.read(0, offset, bytes);
    }
  }

  private static void rarely(Host host, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> {
        host.root.flr();
        host.root.setUp();
        host.root.enableMsix();
      }
      case 1 -> host.root.busMaster(random.nextBoolean());
      case 2 -> host.disable();
      case 3 -> {
        host.root.busMaster(true);
        host.root.holdReads(false);
        host.root.answerReads(CompletionStatus.SC);
        host.root.releaseReads(false);
        host.reg(0x14, 0x460001);
      }
      default -> {
        // Most of the time nothing so drastic happens.
      }
    }
  }

  private static void commands(Host host, Random random) {
    int queue = random.nextInt(4);
    for (int i = random.nextInt(6); i >= 0; i--) {
      host.put(queue, entry(host, random, queue));
    }
    host.ring(queue);
    if (random.nextInt(3) > 0) {
      for (int i = 0; i < 8 && host.peek(queue) != null; i++) {
        host.take(queue);
      }
    }
  }

  private static Entry entry(Host host, Random random, int queue) {
    int opcode =
        random.nextInt(10) == 0 ? random.nextInt(256) : OPCODES[random.nextInt(OPCODES.length)];
    Entry entry = new Entry(opcode);
    entry.flags(random.nextInt(5) == 0 ? random.nextInt(256) : 0);
    entry.nsid(random.nextInt(6) == 0 ? random.nextInt() : 1 + random.nextInt(2));
    entry.prp(pointer(host, random), pointer(host, random));
    for (int dword = 10; dword < 16; dword++) {
      int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(32);
      entry.cdw(dword, random.nextInt(3) == 0 ? 0 : value);
    }
    if (queue == 0 && opcode < 6 && random.nextInt(4) > 0) {
      // Queues are created and deleted more often than chance would have it.
      entry = new Entry(opcode).prp(pointer(host, random) & -4096, 0);
      entry.cdw(10, random.nextInt(64) << 16 | random.nextInt(10));
      entry.cdw(11, random.nextInt(10) << 16 | 3);
    }
    return entry;
  }

  /** Mostly memory, mostly aligned; the memory itself holds whatever earlier commands left. */
  private static long pointer(Host host, Random random) {
    long inside = Host.RAM + random.nextInt(Host.RAM_BYTES);
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> inside;
      case 2 -> inside & -8;
      case 3 -> host.queue(random.nextInt(4)).sq;
      default -> inside & -4096;
    };
  }

  /** After a reset everything works, on the same card. */
  private static void recovers(Host host, TestStore store) {
    host.root.holdReads(false);
    host.root.answerReads(CompletionStatus.SC);
    host.root.busMaster(true);
    store.holding = false;
    store.next = BlockStore.Status.OK;
    host.root.releaseReads(false);
    store.release(false);
    host.root.run();
    host.disable();
    assertThat(host.reg(0x1C) & 1).as("not ready once disabled").isZero();
    host.enable().pair(1, 32);
    assertThat(host.ready()).isTrue();
    int format = host.identify(0, 1)[26];
    int bytes = format == 0 ? 512 : 4096;
    long page = host.allocate(8192);
    host.memory.putBytes(page, new byte[] {42});
    assertThat(host.run(1, host.io(1, 1, 3, 1, page, bytes)).code()).isZero();
    host.memory.putBytes(page, new byte[8192]);
    assertThat(host.run(1, host.io(2, 1, 3, 1, page, bytes)).code()).isZero();
    assertThat(host.memory.getBytes(page, 1)[0]).isEqualTo((byte) 42);
    host.root.endpoint().unplug();
    assertThat(store.closed).isTrue();
  }
}
