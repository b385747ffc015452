package farslot.cards.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.FunctionSpec;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.FoundFunction;
import farslot.testkit.TestSlot;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForeignCardTest {
  private final ToyDevice device = new ToyDevice();

  private FakeRootComplex enumerated() {
    FakeRootComplex root = new TestSlot(device.card()).root("");
    root.enumerate();
    device.told.clear();
    return root;
  }

  @Test
  void showsWhatTheDeviceSaysOfItself() {
    FakeRootComplex root = new TestSlot(device.card()).root("");
    FoundFunction found = root.enumerate();
    assertThat(found.vendorId()).isEqualTo(0xF0F0);
    assertThat(found.deviceId()).isEqualTo(1);
    assertThat(found.classCode()).isEqualTo(0xFF0000);
    assertThat(root.configRead(0x08, 1)).isEqualTo(7);
    assertThat(root.configRead(0x2C, 4)).isEqualTo(0x0002_0003);
    assertThat(found.bars().get(0).sizeBytes()).isEqualTo(0x10000);
    assertThat(found.bars().get(2).kind()).isEqualTo(FunctionSpec.BarKind.IO);
    assertThat(found.bars().get(4).sizeBytes()).as("90h, rounded up").isEqualTo(0x100);
    int vendor = found.capabilities().get(0x09);
    assertThat(root.configRead(vendor + 3, 1)).isEqualTo(0x5A);
    assertThat(root.configRead(vendor + 8, 4)).isEqualTo(0x55667788);
    int msix = found.capabilities().get(0x11);
    assertThat(root.configRead(msix + 2, 2) & 0x7FF).isEqualTo(8);
    assertThat(root.configRead(msix + 8, 4)).isEqualTo(5);
  }

  @Test
  void accessesArriveAsTheyWereMade() {
    FakeRootComplex root = enumerated();
    root.write(0, 0x100, 8, 0x1122334455667788L);
    root.write(0, 0x102, 2, 0xABCD);
    assertThat(root.read(0, 0x100, 8)).isEqualTo(0x11223344ABCD7788L);
    root.write(2, 5, 2, 0x0102);
    assertThat(root.read(2, 5, 2)).isEqualTo(0x0102);
    assertThat(device.told)
        .containsExactly(
            "write 0 100 1122334455667788",
            "write 0 102 abcd",
            "read 0 100 8",
            "write 2 5 02",
            "write 2 6 01",
            "read 2 5 1",
            "read 2 6 1");
  }

  @Test
  void aRefusalIsUnsupportedRequest() {
    FakeRootComplex root = enumerated();
    device.deaf = true;
    assertThat(root.read(0, 0x100, 4)).isEqualTo(0xFFFF_FFFFL);
    device.deaf = false;
    assertThat(root.read(0, 0x100, 4)).isZero();
  }

  @Test
  void theDeviceIsToldWhatSoftwareHasConfigured() {
    FakeRootComplex root = enumerated();
    root.busMaster(false);
    root.enableMsix();
    assertThat(device.told).contains("enable 2 9", "write 7 42 8000");
    assertThat(device.told.getFirst()).startsWith("write 7 4 00");
    device.told.clear();
    root.flr();
    assertThat(device.told).startsWith("reset").contains("enable 0 1");
  }

  @Test
  void intxIsToldAgainUntilTheDeviceIsServed() {
    FakeRootComplex root = enumerated();
    device.signal(0);
    root.run();
    assertThat(root.interrupts().intxAsserted()).isTrue();
    root.read(0, 0x34, 4);
    root.run();
    assertThat(root.interrupts().intxAsserted()).as("looked at, not served").isTrue();
    root.write(0, 0x48, 4, 1);
    root.run();
    assertThat(root.interrupts().intxAsserted()).isFalse();
    assertThat(device.told).containsSubsequence("unmask", "unmask");
  }

  @Test
  void comesAndGoes() {
    TestSlot slot = new TestSlot(device.card());
    slot.root("").enumerate();
    device.go();
    assertThat(slot.cause("")).isEqualTo("the toy has gone");
    device.come();
    FakeRootComplex root = slot.root("");
    root.enumerate();
    root.write(0, 0x200, 4, 7);
    assertThat(root.read(0, 0x200, 4)).isEqualTo(7);
  }

  @Test
  void saysWhatNoFunctionCanBe() {
    device.config.set(ValueLayout.JAVA_BYTE, 0x0E, (byte) 1);
    TestSlot slot = new TestSlot(device.card());
    assertThat(device.dismissed).contains("no function can be").contains("header type 1");
    device.config.set(ValueLayout.JAVA_BYTE, 0x0E, (byte) 0);
    device.regionBytes.set(2, 4096L);
    device.come();
    assertThat(device.dismissed).contains("I/O BAR 2 of 4096 bytes");
    device.regionBytes.set(2, 64L);
    device.regionBytes.set(4, 16L);
    device.come();
    assertThat(device.dismissed).contains("MSI-X table outside its BAR");
    device.regionBytes.set(4, 0x90L);
    device.come();
    slot.root("").enumerate();
  }

  @Test
  void anyConfigurationSpaceIsAFunctionOrNone() {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    int functions = 0;
    for (int round = 0; round < 2_000; round++) {
      ToyDevice noisy = new ToyDevice();
      for (int i = random.nextInt(24); i > 0; i--) {
        int at = random.nextInt(4) == 0 ? random.nextInt(256) : 0x34 + random.nextInt(0x50);
        noisy.config.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
      }
      for (int i = 0; i < 6; i++) {
        if (random.nextInt(4) == 0) {
          noisy.regionBytes.set(i, random.nextLong(1L << random.nextInt(41)));
        }
      }
      try {
        TestSlot slot = new TestSlot(noisy.card());
        if (noisy.dismissed == null) {
          functions++;
          slot.function("").spec();
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(Fuzz.again(seed) + " round " + round, e);
      }
    }
    assertThat(functions).isBetween(1, 1_999);
  }
}
