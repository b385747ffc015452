package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.testkit.FakeRootComplex;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A driver that does anything: descriptors of noise and near-misses, tails everywhere, resets and
 * frames of noise in the middle. The card stays up, and works after a reset.
 */
class FuzzTest {
  private static final long MEMORY = 0x10_0000;
  private static final int BYTES = 4 << 20;
  private static final int STEPS = 20_000;

  private final FakeBridge bridge = new FakeBridge();
  private final FakeRootComplex root = new FakeRootComplex(new VirtualFunction(bridge));
  private Driver driver;

  @Test
  void driversOfNoise() {
    bridge.loopback = true;
    bridge.keep = false;
    root.enumerate();
    root.enableMsix();
    root.memory().map(MEMORY, BYTES);
    Fuzz.run(STEPS, this::run);
    root.holdReads(false);
    root.releaseReads(true);
    checkWell();
  }

  private void run(SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      if (i % 200 == 0) {
        root.holdReads(false);
        root.releaseReads(true);
        driver = new Driver(root, MEMORY, BYTES).up(1 + random.nextInt(4));
      }
      step(random);
    }
  }

  private void step(SplittableRandom random) {
    int queue = random.nextInt(4);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> descriptors(random, queue);
      case 4 -> root.post(0, 0x2018 + 0x40 * queue, 4, random.nextInt(80));
      case 5 ->
          root.post(0, 0x1018 + 0x40 * queue, 4, random.nextInt(random.nextInt(8) == 0 ? 70 : 64));
      case 6 -> noise(random);
      case 7 -> bridge.give(frame(random));
      case 8 -> mailbox(random);
      case 9 -> root.holdReads(random.nextBoolean());
      case 10 -> root.releaseReads(true);
      default -> root.advance(random.nextInt(200_000));
    }
  }

  private void descriptors(SplittableRandom random, int queue) {
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count && driver.txRing[queue] != 0; i++) {
      boolean end = random.nextInt(4) != 0;
      switch (random.nextInt(4)) {
        case 0 -> driver.descriptor(queue, Fuzz.edgy(random), random.nextInt(), random.nextInt());
        case 1 -> {
          int l4 = random.nextInt(3) << 11 | random.nextInt(2) << 10;
          int mss = random.nextBoolean() ? 1 + random.nextInt(9000) : (int) Fuzz.edgy(random);
          int ip = random.nextBoolean() ? 20 : random.nextInt(512);
          driver.context(queue, 14, ip, random.nextInt(), l4, random.nextInt(64), mss & 0xFFFF);
        }
        default -> {
          long at = MEMORY + random.nextInt(BYTES - 70_000);
          int length = random.nextInt(random.nextBoolean() ? 200 : 0x1_0000);
          int command = length | 3 << 20 | 1 << 29 | (end ? 9 << 24 : 0);
          command |= random.nextInt(4) == 0 ? random.nextInt() & 0xC000_0000 : 0;
          int payload = Math.max(0, length - 54) << 14;
          driver.descriptor(queue, at, command, payload | random.nextInt(4) << 8);
        }
      }
    }
    if (driver.txRing[queue] != 0) {
      driver.ring(queue);
    }
  }

  private void noise(SplittableRandom random) {
    int register = random.nextInt(0x3400) & -4;
    if (random.nextInt(3) == 0) {
      root.read(0, register, 4);
    } else {
      root.post(0, register, 4, (int) Fuzz.edgy(random) & 0xFFFF_FFFFL);
    }
  }

  private static byte[] frame(SplittableRandom random) {
    byte[] frame = Fuzz.bytes(random, 14 + random.nextInt(random.nextInt(8) == 0 ? 9700 : 200));
    int[] types = {0x0800, 0x86DD, 0x8100, random.nextInt(0x1_0000)};
    Frames.put16(frame, 12, types[random.nextInt(types.length)]);
    if (frame.length > 40) {
      frame[14] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
      frame[23] = (byte) (random.nextBoolean() ? 6 : 17);
      Frames.put16(frame, 16, frame.length - 14);
    }
    return frame;
  }

  private void mailbox(SplittableRandom random) {
    root.post(0, Driver.MBMEM, 4, random.nextInt(20) | random.nextInt(4) << 16);
    root.post(0, Driver.MBMEM + 4, 4, (int) Fuzz.edgy(random) & 0xFFFF_FFFFL);
    root.post(0, Driver.MAILBOX, 4, random.nextInt(8));
  }

  private void checkWell() {
    bridge.keep = true;
    bridge.frames.clear();
    driver = new Driver(root, MEMORY, BYTES).up(2);
    byte[] frame = Frames.ethernet(0x88B5, Frames.random(500, 1));
    int index = driver.packet(0, frame, 0, 0);
    driver.ring(0);
    assertThat(driver.sent(0, index)).isTrue();
    assertThat(bridge.frames).containsExactly(frame);
    assertThat(driver.next(0).bytes()).isEqualTo(frame);
  }
}
