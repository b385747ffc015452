package farslot.cards.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.PciFunction;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import java.util.Random;

/** The scratch card passes what every card must. */
class ScratchConformanceTest extends CardConformance {
  private static final int BYTES = 50_000;

  @Override
  protected PciFunction card() {
    return new ScratchFunction(64 << 10, 0x77);
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    byte[] bytes = new byte[BYTES];
    new Random(9).nextBytes(bytes);
    root.memory().putBytes(IO_MEMORY + 3, bytes);
    dma(root, IO_MEMORY + 3, 5, BYTES, 0x0101);
  }

  @Override
  protected void checkStarted(FakeRootComplex root) {
    assertThat(root.read(0, 0x34, 4)).isEqualTo(2);
    assertThat(root.read(0, 0x38, 4)).as("transfers done").isEqualTo(1);
    byte[] sram = root.memoryRead(root.found().bars().get(2).address(), 4096).data();
    byte[] wanted = root.memory().getBytes(IO_MEMORY + 3, 4091);
    assertThat(java.util.Arrays.copyOfRange(sram, 5, 4096)).isEqualTo(wanted);
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
  }

  private static void dma(FakeRootComplex root, long address, int sram, int bytes, int command) {
    root.write(0, 0x20, 8, address);
    root.write(0, 0x28, 4, sram);
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
    root.write(0, 0x44, 4, 0);
  }
}
