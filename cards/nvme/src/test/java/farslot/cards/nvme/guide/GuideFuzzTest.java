package farslot.cards.nvme.guide;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Memory full of nonsense and doorbells of any value: bounded work, and never an exception. */
class GuideFuzzTest {
  /** Bounds of one write: lists that are walked, and batches of entries that are read. */
  private static final int READS_MAX = 256 + 256 / 64 + 2;

  private static final int ASKED_MAX = 200_000;

  @Test
  void anyMemoryAndAnyWrite() {
    Fuzz.rounds(Fuzz.iterations(300), seed -> run(new SplittableRandom(seed)));
  }

  private static void run(SplittableRandom random) {
    GuideBench bench = new GuideBench().ready(2 + random.nextInt(4095));
    scramble(bench, random);
    for (int i = 0; i < 20; i++) {
      bench.log.clear();
      bench.reads = 0;
      int choice = random.nextInt(12);
      long offset = choice == 0 ? random.nextInt(0x40) : choice == 1 ? 0x1000 : 0x1008;
      int bytes = random.nextInt(30) == 0 ? 1 + random.nextInt(8) : 4;
      bench.write(offset, bytes, random.nextLong());
      if (random.nextInt(4) == 0) {
        bench.write(0x1008, 4, random.nextInt(4096));
      }
      assertThat(bench.reads).isLessThanOrEqualTo(2 * READS_MAX);
      assertThat(bench.log.size()).isLessThan(ASKED_MAX);
      byte[] data = new byte[1 + random.nextInt(4096)];
      random.nextBytes(data);
      long at = random.nextBoolean() ? GuideBench.ACQ : GuideBench.IDENTIFY;
      bench.cardWrites(at + random.nextInt(64), data);
    }
  }

  /** Random bytes, with many values that mean something: opcodes, addresses inside, few bits. */
  private static void scramble(GuideBench bench, SplittableRandom random) {
    byte[] all = new byte[(int) bench.ram.byteSize()];
    random.nextBytes(all);
    bench.ram.copyFrom(java.lang.foreign.MemorySegment.ofArray(all));
    for (long at = 0; at < 0x4_0000; at += 8) {
      if (random.nextInt(3) > 0) {
        long inside =
            GuideBench.RAM + (random.nextInt(1 << 20) & (random.nextBoolean() ? -4096 : -8));
        bench.ram.set(ValueLayout.JAVA_LONG_UNALIGNED, at, inside);
      }
    }
    for (long sqe = 0; sqe < 0x4_0000; sqe += 64) {
      int opcode = random.nextInt(random.nextBoolean() ? 12 : 256);
      int flags = random.nextInt(3) == 0 ? 1 << 6 : 0;
      bench.ram.set(ValueLayout.JAVA_INT_UNALIGNED, sqe, opcode | flags << 8);
      bench.ram.set(ValueLayout.JAVA_INT_UNALIGNED, sqe + 4, 1);
    }
  }
}
