package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import farslot.testkit.FakeRootComplex;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * A driver's life with a guide and without: the same frames go out, though memory is rubbish until
 * right before the doorbell and again right after the card has reported, and is used again at once.
 */
class GuideDifferentialTest {
  private static final long MEMORY = 0x10_0000;
  private static final int BYTES = 4 << 20;
  private static final long BUFFERS = MEMORY + (3 << 20);
  private static final int BUFFER_PAGES = 24;
  private static final int PAGE = 4096;
  private static final int ROUNDS = 150;

  private enum Guide {
    NONE,
    GOOD,
    OFTEN_REFUSED,
    NEVER_REVOKES
  }

  @Test
  void theSameFramesGoOut() {
    Fuzz.run(
        ROUNDS,
        (random, rounds) -> {
          long seed = random.nextLong();
          Life without = new Life(Guide.NONE, seed).run(rounds);
          Life with = new Life(Guide.GOOD, seed).run(rounds);
          assertThat(with.frames).isEqualTo(without.frames);
          assertThat(with.guided.pushed).isGreaterThan(rounds);
          Life refused = new Life(Guide.OFTEN_REFUSED, seed).run(rounds);
          assertThat(refused.frames).isEqualTo(without.frames);
          assertThat(refused.guided.revoked).isPositive();
        });
  }

  @Test
  void aGuideThatIsWrongIsFound() {
    Life without = new Life(Guide.NONE, 5).run(ROUNDS);
    Life wrong = new Life(Guide.NEVER_REVOKES, 5).run(ROUNDS);
    assertThatThrownBy(() -> assertThat(wrong.frames).isEqualTo(without.frames))
        .isInstanceOf(AssertionError.class);
  }

  private static final class Life {
    final List<String> frames = new ArrayList<>();
    final FakeBridge bridge = new FakeBridge();
    final FakeRootComplex root = new FakeRootComplex(new VirtualFunction(bridge));
    final Guided guided;
    private final SplittableRandom random;
    private Driver driver;
    private int rubbish;

    Life(Guide kind, long seed) {
      random = new SplittableRandom(seed);
      root.enumerate();
      root.memory().map(MEMORY, BYTES);
      int refused = kind == Guide.GOOD || kind == Guide.NONE ? 0 : 40;
      guided =
          kind == Guide.NONE ? null : new Guided(root, seed, refused, kind == Guide.NEVER_REVOKES);
      start();
    }

    private void start() {
      driver = new Driver(root, MEMORY, (int) (BUFFERS - MEMORY));
      driver.guided = guided;
      driver.up(2);
    }

    Life run(int rounds) {
      for (int round = 0; round < rounds; round++) {
        round();
      }
      return this;
    }

    private void round() {
      bridge.frames.clear();
      spoil();
      root.holdReads(random.nextInt(3) == 0);
      int packets = 1 + random.nextInt(8);
      int queue = random.nextInt(2);
      int page = random.nextInt(BUFFER_PAGES);
      for (int i = 0; i < packets; i++) {
        int pieces = 1 + random.nextInt(3);
        for (int piece = 0; piece < pieces; piece++) {
          int bytes = 20 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 200);
          long at = BUFFERS + (long) page * PAGE + random.nextInt(PAGE - bytes);
          page = (page + 1) % BUFFER_PAGES;
          driver.memory.putBytes(at, Fuzz.bytes(random, bytes));
          int end = piece == pieces - 1 ? 9 << 24 : 0;
          driver.descriptor(queue, at, bytes | 3 << 20 | 1 << 29 | end, 0);
        }
      }
      driver.ring(queue);
      if (random.nextInt(12) == 0) {
        // Cut short: what was under way never comes, and the memory is the driver's again.
        bridge.frames.clear();
        driver.write(Driver.CTRL, 1 << 26);
        spoil();
        settle();
        bridge.frames.clear();
        start();
        return;
      }
      settle();
      for (byte[] frame : bridge.frames) {
        CRC32C sum = new CRC32C();
        sum.update(frame);
        frames.add("%d bytes, %08x".formatted(frame.length, sum.getValue()));
      }
    }

    private void settle() {
      root.holdReads(false);
      root.releaseReads(random.nextBoolean());
      for (int q = 0; q < 2; q++) {
        driver.give(q, driver.all(q).size());
      }
    }

    /** Buffers and the descriptors that the card has given back. */
    private void spoil() {
      byte[] page = new byte[PAGE];
      java.util.Arrays.fill(page, (byte) ++rubbish);
      for (int i = 0; i < BUFFER_PAGES; i++) {
        driver.memory.putBytes(BUFFERS + (long) i * PAGE, page);
      }
      byte[] ring = java.util.Arrays.copyOf(page, Driver.RING * 16);
      for (int q = 0; q < 2; q++) {
        driver.memory.putBytes(driver.txRing[q], ring);
      }
    }
  }
}
