package farslot.cards.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The registers alone. The numbers here are README.md's, not the code's. */
class ScratchModelTest {
  private final List<String> effects = new ArrayList<>();
  private boolean messages = true;
  private final ScratchModel model = new ScratchModel(new Recorder(), 0x10000);

  private final class Recorder implements ScratchModel.Effects {
    @Override
    public void transfer(int operation, long address, int sram, int bytes) {
      String name =
          switch (operation) {
            case 1 -> "toCard";
            case 2 -> "toServer";
            default -> "operation " + operation;
          };
      effects.add(String.format("%s %x %x %x", name, address, sram, bytes));
    }

    @Override
    public boolean messageSignalled() {
      return messages;
    }

    @Override
    public void changed() {
      effects.add("changed");
    }

    @Override
    public void signal(int vector) {
      effects.add("signal " + vector);
    }

    @Override
    public void level(boolean asserted) {
      effects.add("level " + asserted);
    }

    @Override
    public int vectors() {
      return 9;
    }
  }

  private void write(int offset, int value) {
    model.write(offset, value, -1);
  }

  @Test
  void identity() {
    assertThat(model.read(0)).isEqualTo(0x48435253);
    assertThat(model.read(4)).isEqualTo(0x10001);
    assertThat(model.read(8)).isEqualTo(0x10000);
    write(0, 0);
    assertThat(model.read(0)).isEqualTo(0x48435253);
    assertThat(model.read(0xFFC)).isZero();
  }

  @Test
  void scratchTakesPartsOfARegister() {
    write(0x10, 0x11223344);
    model.write(0x10, 0xAA00, 0xFF00);
    assertThat(model.read(0x10)).isEqualTo(0x1122AA44);
    write(0x14, -1);
    assertThat(model.read(0x14)).isEqualTo(-1);
    assertThat(model.read(0x10)).isEqualTo(0x1122AA44);
  }

  @Test
  void ticketsCountReads() {
    assertThat(model.read(0x18)).isZero();
    assertThat(model.read(0x18)).isEqualTo(1);
    write(0x18, 100);
    assertThat(model.read(0x18)).isEqualTo(2);
  }

  @Test
  void aTransferGoesThroughBusyToDone() {
    write(0x20, 0x89ABCDEF);
    write(0x24, 0x1234567);
    write(0x28, 0x100);
    write(0x2C, 0xFF00);
    write(0x30, 0x0007_0101);
    assertThat(effects).containsExactly("toCard 123456789abcdef 100 ff00");
    assertThat(model.read(0x34)).isEqualTo(1);
    write(0x30, 2);
    assertThat(effects).as("a busy engine ignores commands").hasSize(1);
    model.dmaEnded(2);
    assertThat(model.read(0x34)).isEqualTo(2);
    assertThat(model.read(0x38)).isEqualTo(1);
    assertThat(effects).as("polled registers are told before").endsWith("changed", "signal 7");
    write(0x30, 2);
    assertThat(effects).endsWith("toServer 123456789abcdef 100 ff00");
    model.dmaEnded(4);
    assertThat(effects).as("no signal wanted").endsWith("changed").hasSize(5);
    assertThat(model.read(0x34)).isEqualTo(4);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    int[][] wrong = {
      {1, 0, 0}, {1, 0, 0x10001}, {1, 1, 0x10000}, {1, -1, 1}, {1, 0, -1}, {3, 0, 1}
    };
    for (int[] each : wrong) {
      write(0x28, each[1]);
      write(0x2C, each[2]);
      write(0x30, each[0]);
      assertThat(model.read(0x34)).isEqualTo(3);
    }
    write(0x2C, 1);
    write(0x28, 0);
    write(0x30, 0);
    assertThat(model.read(0x34)).isEqualTo(3);
    assertThat(model.read(0x38)).isEqualTo(7);
    assertThat(effects).containsOnly("changed");
  }

  @Test
  void interrupts() {
    write(0x40, 31);
    write(0x44, -1);
    assertThat(model.read(0x44)).isEqualTo(1);
    write(0x44, 0);
    assertThat(model.read(0x48)).isEqualTo(9);
    assertThat(effects).containsExactly("signal 31", "level true", "level false");
  }

  @Test
  void resetForgetsEverything() {
    for (int offset = 0x10; offset < 0x50; offset += 4) {
      write(offset, 1);
    }
    model.reset();
    for (int offset = 0x10; offset < 0x48; offset += 4) {
      assertThat(model.read(offset)).as("%x", offset).isZero();
    }
  }

  private int status(int operation, int address, int sram, int length) {
    write(0x20, address);
    write(0x24, 0);
    write(0x28, sram);
    write(0x2C, length);
    write(0x30, operation);
    int status = model.read(0x34);
    if (status == 1) {
      model.dmaEnded(2);
    }
    return status;
  }

  @Test
  void atomicsAndListsAreChecked() {
    for (int operation = 4; operation <= 6; operation++) {
      assertThat(status(operation, 0x1000, 0x40, 8)).isEqualTo(1);
      assertThat(effects).contains("operation " + operation + " 1000 40 8");
      assertThat(status(operation, 0x1004, 0x40, 4)).isEqualTo(1);
      assertThat(status(operation, 0x1004, 0x40, 8)).as("misaligned").isEqualTo(3);
      assertThat(status(operation, 0x1000, 0x40, 16)).isEqualTo(3);
      assertThat(status(operation, 0x1000, 0x40, 0)).isEqualTo(3);
      assertThat(status(operation, 0x1000, 0x10000 - 4, 8)).isEqualTo(3);
    }
    assertThat(status(6, 0x1000, 0x10000 - 8, 8)).as("two operands").isEqualTo(3);
    assertThat(status(5, 0x1000, 0x10000 - 8, 8)).isEqualTo(1);
    assertThat(status(3, 0x1000, 0, 4096)).isEqualTo(1);
    assertThat(status(3, 0x1000, 0, 4096 + 16)).isEqualTo(3);
    assertThat(status(3, 0x1000, 0, 24)).isEqualTo(3);
    assertThat(status(7, 0x1000, 0, 8)).isEqualTo(3);
  }

  @Test
  void withoutMessagesATransferAssertsInta() {
    messages = false;
    status(1 | 0x100, 0x1000, 0, 64);
    assertThat(effects).endsWith("level true");
    assertThat(model.read(0x44)).isOne();
    write(0x44, 0);
    assertThat(effects).endsWith("level false");
  }
}
