package farslot.cards.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Card;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import java.util.Random;

/** A foreign device passes what every card must. */
class ForeignConformanceTest extends CardConformance {
  private static final int BYTES = 40_000;

  @Override
  protected Card card() {
    return new ToyDevice().card();
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    byte[] bytes = new byte[BYTES];
    new Random(9).nextBytes(bytes);
    root.memory().putBytes(IO_MEMORY + 3, bytes);
    dma(root, IO_MEMORY + 3, 5, BYTES, 1);
  }

  @Override
  protected void checkStarted(FakeRootComplex root) {
    assertThat(root.read(0, 0x34, 4)).isEqualTo(2);
    byte[] wanted = root.memory().getBytes(IO_MEMORY + 3, 4091);
    long at = root.found().bars().get(0).address() + ToyDevice.MEMORY;
    byte[] there = root.memoryRead(at, 4096).data();
    assertThat(java.util.Arrays.copyOfRange(there, 5, 4096)).isEqualTo(wanted);
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    byte[] bytes = new byte[BYTES];
    new Random(5).nextBytes(bytes);
    root.memory().putBytes(IO_MEMORY + 3, bytes);
    dma(root, IO_MEMORY + 3, 5, BYTES, 1);
    root.run();
    assertThat(root.read(0, 0x34, 4)).isEqualTo(2);
    dma(root, IO_MEMORY + 100_001, 5, BYTES, 2);
    root.run();
    assertThat(root.read(0, 0x34, 4)).isEqualTo(2);
    assertThat(root.memory().getBytes(IO_MEMORY + 100_001, BYTES)).isEqualTo(bytes);
    root.write(2, 0x11, 1, 0xA5);
    root.write(2, 0x12, 2, 0xBEEF);
    assertThat(root.read(2, 0x11, 1)).isEqualTo(0xA5);
    assertThat(root.read(2, 0x10, 4) >>> 8).isEqualTo(0xBEEFA5);
  }

  private static void dma(FakeRootComplex root, long address, int offset, int bytes, int command) {
    root.write(0, 0x20, 8, address);
    root.write(0, 0x28, 4, offset);
    root.write(0, 0x2C, 4, bytes);
    root.write(0, 0x30, 4, command);
  }

  @Override
  protected boolean interrupt(FakeRootComplex root, int vector) {
    root.write(0, 0x40, 4, vector);
    root.write(0, 0x44, 4, 1);
    return true;
  }

  @Override
  protected void acknowledge(FakeRootComplex root) {
    root.write(0, 0x48, 4, 1);
  }
}
