package farslot.cards.nettlp;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.PciFunction;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import java.util.Random;

/** The adapter, with a program behind it, passes what every card must. */
class NetTlpConformanceTest extends CardConformance {
  private static final int BAR_BYTES = 64 << 10;

  private MemoryProgram program;

  @Override
  protected PciFunction card() {
    Wires wires = new Wires();
    program = new MemoryProgram(wires, BAR_BYTES);
    return new NetTlpFunction(new NetTlpConfig(BAR_BYTES, 1, 500_000_000L), wires);
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    for (int tag = 0; tag < 64; tag++) {
      program.dmaRead(tag, IO_MEMORY + 4096L * tag, 4096);
      program.dmaWrite(tag, IO_MEMORY + 4096L * (tag + 100), new byte[256]);
    }
    root.run();
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    byte[] bytes = new byte[4096];
    new Random(7).nextBytes(bytes);
    for (int at = 0; at < bytes.length; at += 256) {
      program.dmaWrite(1, IO_MEMORY + at, java.util.Arrays.copyOfRange(bytes, at, at + 256));
    }
    program.dmaRead(200, IO_MEMORY + 5, 4091);
    root.run();
    assertThat(root.memory().getBytes(IO_MEMORY, 4096)).isEqualTo(bytes);
    assertThat(program.answered()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 5, 4096));
    root.write(4, 0x1238, 8, 0x1122334455667788L);
    assertThat(root.read(4, 0x123A, 4)).isEqualTo(0x33445566L);
  }
}
