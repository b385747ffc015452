package farslot.cards.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;
import farslot.pcie.FlowClass;
import farslot.testkit.FakeRootComplex;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The card behind its endpoint, as a driver sees it. */
class ScratchFunctionTest {
  private static final BackEnds NONE =
      config -> {
        throw new AssertionError("no back end is needed");
      };

  private static PciFunction make(Map<String, ?> values) throws CardConfigException {
    CardProvider provider =
        ServiceLoader.load(CardProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.kind().equals("scratch"))
            .findFirst()
            .orElseThrow();
    return (PciFunction) provider.create(new CardConfig("slots[0]", values), NONE);
  }

  private final FakeRootComplex root;

  ScratchFunctionTest() throws CardConfigException {
    root = new FakeRootComplex(make(Map.of("sram", "8KiB")));
    root.enumerate();
  }

  @Test
  void registersOfEveryWidth() {
    root.write(0, 0x10, 8, 0x8877665544332211L);
    assertThat(root.read(0, 0x10, 8)).isEqualTo(0x8877665544332211L);
    assertThat(root.read(0, 0x14, 4)).isEqualTo(0x88776655L);
    assertThat(root.read(0, 0x12, 2)).isEqualTo(0x4433);
    assertThat(root.read(0, 0x17, 1)).isEqualTo(0x88);
    root.write(0, 0x13, 1, 0xAA);
    root.write(0, 0x16, 2, 0xBBBB);
    assertThat(root.read(0, 0x10, 8)).isEqualTo(0xBBBB6655AA332211L);
    assertThat(root.read(0, 0x11, 5)).as("five bytes, misaligned").isEqualTo(0x6655AA3322L);
  }

  @Test
  void ioBarShowsTheFirstRegisters() {
    assertThat(root.read(4, 0, 4)).isEqualTo(0x48435253);
    root.write(4, 0x11, 1, 0x5A);
    assertThat(root.read(0, 0x10, 4)).isEqualTo(0x5A00);
  }

  @Test
  void aReadHappensOnce() {
    for (int i = 0; i < 10; i++) {
      assertThat(root.read(0, 0x18, 4)).isEqualTo(i);
    }
  }

  @Test
  void sramKeepsBytesAndIsAsLargeAsConfigured() {
    assertThat(root.read(0, 8, 4)).isEqualTo(8192);
    assertThat(root.found().bars().get(2).sizeBytes()).isEqualTo(8192);
    root.write(2, 8191, 1, 0xEE);
    root.write(2, 1, 7, 0x77665544332211L);
    assertThat(root.read(2, 0, 8)).isEqualTo(0x7766554433221100L);
    assertThat(root.read(2, 8190, 2)).isEqualTo(0xEE00);
  }

  @Test
  void theInterruptOfATransferComesBehindItsData() {
    root.enableMsix();
    root.memory().map(0x8000, 8192);
    root.write(2, 0x40, 4, 0x1234);
    root.up().block(FlowClass.POSTED, true);
    root.post(0, 0x20, 8, 0x8000);
    root.post(0, 0x28, 8, 8192L << 32);
    root.post(0, 0x30, 4, 0x0005_0102);
    root.run();
    assertThat(root.interrupts().vectors()).isEmpty();
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(root.interrupts().vectors()).containsExactly(5);
    assertThat(root.memory().getInt(0x8040)).isEqualTo(0x1234);
    assertThat(root.read(0, 0x34, 4)).isEqualTo(2);
  }

  /** An entry: address, place in SRAM, length with bit 31 for the direction to the server. */
  private void entry(long list, int index, long address, int sram, int length) {
    root.memory().putLong(list + 16L * index, address);
    root.memory().putInt(list + 16L * index + 8, sram);
    root.memory().putInt(list + 16L * index + 12, length);
  }

  private long list(long at, int bytes) {
    root.post(0, 0x20, 8, at);
    root.post(0, 0x2C, 4, bytes);
    root.post(0, 0x30, 4, 3);
    root.run();
    return root.read(0, 0x34, 4);
  }

  @Test
  void aScatterListIsWorkedOffInItsOrder() {
    root.memory().map(0x8000, 0x4000);
    root.memory().putInt(0x9004, 0x11223344);
    entry(0x8000, 0, 0x9004, 0x100, 4);
    entry(0x8000, 1, 0xA000, 0x100, 0x8000_0000 | 4);
    entry(0x8000, 2, 0xA001, 0x102, 0x8000_0000 | 1);
    assertThat(list(0x8000, 48)).isEqualTo(2);
    assertThat(root.memory().getInt(0xA000)).isEqualTo(0x11222244);
    assertThat(root.read(0, 0x38, 4)).as("transfers that have ended").isOne();
    // What fails ends it, and what comes behind is not done.
    entry(0x8000, 1, 0x5_0000, 0x100, 4);
    entry(0x8000, 2, 0xA000, 0, 0x8000_0000 | 4);
    assertThat(list(0x8000, 48)).isEqualTo(4);
    assertThat(root.memory().getInt(0xA000)).isEqualTo(0x11222244);
    entry(0x8000, 1, 0x9000, 8190, 4);
    assertThat(list(0x8000, 48)).isEqualTo(3);
    assertThat(list(0x5_0000, 48)).isEqualTo(4);
    assertThat(list(0x8000, 16)).isEqualTo(2);
  }

  @Test
  void atomicsNeedPermission() {
    root.memory().map(0x8000, 4096);
    root.post(0, 0x20, 8, 0x8000);
    root.post(0, 0x28, 8, 8L << 32);
    root.write(0, 0x30, 4, 5);
    assertThat(root.read(0, 0x34, 4)).isEqualTo(4);
  }

  @Test
  void aTransferWithoutBusMasteringIsUnsupported() {
    root.busMaster(false);
    root.write(0, 0x2C, 4, 64);
    for (int direction = 1; direction <= 2; direction++) {
      root.write(0, 0x30, 4, direction);
      assertThat(root.read(0, 0x34, 4)).isEqualTo(4);
    }
  }

  @Test
  void configurationIsChecked() {
    assertThatThrownBy(() -> make(Map.of("sram", "5000")))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("slots[0]")
        .hasMessageContaining("power of two");
    assertThatThrownBy(() -> make(Map.of("colour", "red")))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("colour");
  }
}
