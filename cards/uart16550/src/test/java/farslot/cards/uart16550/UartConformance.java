package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.PciFunction;
import farslot.function.SerialLine;
import farslot.testkit.CardConformance;
import farslot.testkit.FakeRootComplex;
import java.util.ArrayList;
import java.util.List;

/** What every card must pass, for one model: its last port is spoken with, in loopback. */
abstract class UartConformance extends CardConformance {
  private final CardModel model;
  private final int ports;
  private final int bar;
  private final long at;

  UartConformance(CardModel model, int ports, int bar, long at) {
    this.model = model;
    this.ports = ports;
    this.bar = bar;
    this.at = at;
  }

  @Override
  protected PciFunction card() {
    List<SerialLine> lines = new ArrayList<>();
    for (int i = 0; i < ports; i++) {
      lines.add(new FakeLine());
    }
    return new UartFunction(model, lines, false, 0);
  }

  @Override
  protected void startIo(FakeRootComplex root) {
    root.write(bar, at + 3, 1, 0x03);
    root.write(bar, at + 2, 1, 0xC7);
    root.write(bar, at + 4, 1, 0x1B);
    root.write(bar, at + 1, 1, 0x0F);
    for (int i = 0; i < 16; i++) {
      root.write(bar, at, 1, 'a' + i);
    }
  }

  @Override
  protected void checkIo(FakeRootComplex root) {
    root.write(bar, at + 1, 1, 0); // DLM, if DLAB was left on
    startIo(root);
    root.run();
    assertThat(root.read(bar, at + 2, 1)).isEqualTo(0xC4);
    for (int i = 0; i < 16; i++) {
      assertThat(root.read(bar, at + 5, 1) & 1).isOne();
      assertThat(root.read(bar, at, 1)).isEqualTo('a' + i);
    }
    assertThat(root.read(bar, at + 5, 1)).isEqualTo(0x60);
    root.write(bar, at + 1, 1, 0);
    root.write(bar, at + 4, 1, 0);
  }

  @Override
  protected boolean interrupt(FakeRootComplex root, int vector) {
    root.write(bar, at + 1, 1, 0);
    root.write(bar, at + 1, 1, 2);
    return vector == 0;
  }

  @Override
  protected void acknowledge(FakeRootComplex root) {
    assertThat(root.read(bar, at + 2, 1) & 0x0F).isEqualTo(2);
  }
}
