package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.PciFunction;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import java.util.Arrays;
import java.util.List;

/** A virtual function passes what every card must. What it sends comes back to it. */
class Nic82599ConformanceTest extends CardConformance {
  private static final int FRAMES = 40;

  private Driver started;

  @Override
  protected PciFunction card() {
    FakeBridge bridge = new FakeBridge();
    bridge.loopback = true;
    return new VirtualFunction(bridge);
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    started = new Driver(root, IO_MEMORY, IO_BYTES).up(2);
    for (int i = 0; i < FRAMES; i++) {
      started.packet(i % 2, frame(i), 0, 0);
    }
    started.ring(0);
    started.ring(1);
  }

  /** Each frame has come back once; those of one queue in order. */
  @Override
  protected void checkStarted(FakeRootComplex root) {
    List<Driver.Filled> all = started.all(0);
    assertThat(all).hasSize(FRAMES);
    for (int queue = 0; queue < 2; queue++) {
      int next = queue;
      for (Driver.Filled each : all) {
        if (next < FRAMES && Arrays.equals(each.bytes(), frame(next))) {
          next += 2;
        }
      }
      assertThat(next).isGreaterThanOrEqualTo(FRAMES);
    }
  }

  private static byte[] frame(int number) {
    return Frames.ethernet(0x88B5, Frames.random(1000, number));
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    Driver driver = new Driver(root, IO_MEMORY, IO_BYTES).up(2);
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = Frames.ethernet(0x88B5, Frames.random(100 + i, i));
      int index = driver.packet(0, frame, 0, 0);
      driver.ring(0);
      assertThat(driver.sent(0, index)).isTrue();
      List<Driver.Filled> filled = driver.all(0);
      assertThat(filled).hasSize(1);
      assertThat(filled.getFirst().bytes()).isEqualTo(frame);
      driver.give(0, 1);
    }
  }

  @Override
  protected boolean interrupt(FakeRootComplex root, int vector) {
    root.write(0, Driver.EITR + 4L * vector, 4, 0);
    root.write(0, Driver.EIAC, 4, 7);
    root.write(0, Driver.EIMS, 4, 7);
    root.write(0, Driver.EICS, 4, 1L << vector);
    return true;
  }
}
