package farslot.function.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.VendorCapability;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Configuration space as software sees it; offsets and bits are the specification's own. */
class ConfigSpaceTest {
  private final ConfigSpace config =
      new ConfigSpace(
          new FunctionSpecBuilder(0x1AF4, 0x1042, 0x010802)
              .revision(3)
              .subsystem(0x1111, 0x2222)
              .memory64(0, 16384, true)
              .memory32(2, 4096)
              .io(5, 64)
              .msix(65, 0, 8192, 12288)
              .msi(32)
              .interruptPin(1)
              .serialNumber(0x0102030405060708L)
              .build());

  private int capability(int id) {
    int at = config.read(0x34) & 0xFF;
    while (at != 0 && (config.read(at) & 0xFF) != id) {
      at = config.read(at) >>> 8 & 0xFF;
    }
    assertThat(at).as("capability %x", id).isNotZero();
    return at;
  }

  private int extended(int id) {
    int at = 0x100;
    while (at != 0 && (config.read(at) & 0xFFFF) != id) {
      at = config.read(at) >>> 20;
    }
    assertThat(at).as("extended capability %x", id).isNotZero();
    return at;
  }

  private void write(int offset, int value) {
    config.write(offset, value, 0xF);
  }

  @Test
  void identity() {
    assertThat(config.read(0x00)).isEqualTo(0x10421AF4);
    assertThat(config.read(0x08)).isEqualTo(0x01080203);
    assertThat(config.read(0x0C)).isZero();
    assertThat(config.read(0x2C)).isEqualTo(0x22221111);
    assertThat(config.read(0x30)).as("no ROM").isZero();
    assertThat(config.read(0x3C)).isEqualTo(0x0100);
    assertThat(config.read(0x04)).as("status: capabilities list").isEqualTo(0x00100000);
  }

  @Test
  void barsShowTheirSize() {
    for (int at = 0x10; at < 0x28; at += 4) {
      write(at, -1);
    }
    assertThat(config.read(0x10)).isEqualTo(0xFFFFC00C);
    assertThat(config.read(0x14)).isEqualTo(-1);
    assertThat(config.read(0x18)).isEqualTo(0xFFFFF000);
    assertThat(config.read(0x1C)).isZero();
    assertThat(config.read(0x20)).isZero();
    assertThat(config.read(0x24)).isEqualTo(0xFFFFFFC1);
    write(0x30, -1);
    assertThat(config.read(0x30)).as("no ROM").isZero();
  }

  @Test
  void hugeBarsAreSizedInTheUpperHalf() {
    ConfigSpace huge =
        new ConfigSpace(new FunctionSpecBuilder(1, 1, 0).memory64(2, 1L << 34, true).build());
    huge.write(0x18, -1, 0xF);
    huge.write(0x1C, -1, 0xF);
    assertThat(huge.read(0x18)).isEqualTo(0xC);
    assertThat(huge.read(0x1C)).isEqualTo(0xFFFFFFFC);
  }

  @Test
  void commandBitsThatAnEndpointLacksStayClear() {
    write(4, 0xFFFF);
    assertThat(config.read(4) & 0xFFFF).isEqualTo(0x0547);
  }

  @Test
  void byteEnablesChooseBytes() {
    config.write(4, 0x0506, 0b0010);
    assertThat(config.read(4) & 0xFFFF).isEqualTo(0x0500);
    config.write(4, 0x0006, 0b0001);
    assertThat(config.read(4) & 0xFFFF).isEqualTo(0x0506);
    config.write(4, 0, 0);
    assertThat(config.read(4) & 0xFFFF).isEqualTo(0x0506);
  }

  @Test
  void pciExpressCapability() {
    int at = capability(0x10);
    assertThat(config.read(at) >>> 16).as("version 2, endpoint").isEqualTo(0x0002);
    assertThat(config.read(at + 4)).as("MPS 4096, ext. tag, RBER, FLR").isEqualTo(0x10008FE5);
    assertThat(config.read(at + 8)).isEqualTo(0x2910);
    assertThat(config.read(at + 0xC) & 0x3FF).as("8 GT/s x4").isEqualTo(0x043);
    assertThat(config.read(at + 0x10) >>> 16 & 0x3FF).isEqualTo(0x043);
    assertThat(config.read(at + 0x24)).as("ranges ABCD, disable, 10-bit").isEqualTo(0x3001F);
    assertThat(config.read(at + 0x2C)).isEqualTo(0xE);
    write(at + 8, 0x7FFF);
    assertThat(config.read(at + 8) & 0xFFFF).isEqualTo(0x79FF);
    write(at + 0x28, -1);
    assertThat(config.read(at + 0x28)).isEqualTo(0x105F);
  }

  @Test
  void payloadAndReadSizes() {
    int at = capability(0x10) + 8;
    for (int code = 0; code < 8; code++) {
      write(at, code << 5 | code << 12);
      int bytes = Math.min(128 << code, 4096);
      assertThat(config.pcie.maxPayloadBytes()).isEqualTo(bytes);
      assertThat(config.pcie.maxReadRequestBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void completionTimeoutIsOnlyEverLengthened() {
    int at = capability(0x10) + 0x28;
    long tenSeconds = 10_000_000_000L;
    write(at, 0);
    assertThat(config.pcie.completionTimeoutNs(tenSeconds)).isEqualTo(tenSeconds);
    write(at, 0x6);
    assertThat(config.pcie.completionTimeoutNs(tenSeconds)).isEqualTo(tenSeconds);
    write(at, 0xE);
    assertThat(config.pcie.completionTimeoutNs(tenSeconds)).isEqualTo(64_000_000_000L);
    write(at, 0x1E);
    assertThat(config.pcie.completionTimeoutNs(tenSeconds)).isGreaterThan(1L << 58);
  }

  @Test
  void powerStatesThatAreMissingAreDiscarded() {
    int at = capability(1);
    assertThat(config.read(at) >>> 16).isEqualTo(3);
    assertThat(config.read(at + 4)).as("No_Soft_Reset").isEqualTo(8);
    write(at + 4, 1);
    assertThat(config.read(at + 4) & 3).isZero();
    write(at + 4, 3);
    assertThat(config.read(at + 4) & 3).isEqualTo(3);
    assertThat(config.power.inD0()).isFalse();
    write(at + 4, 2);
    assertThat(config.read(at + 4) & 3).isEqualTo(3);
    config.reset(ResetKind.HOT);
    assertThat(config.power.inD0()).isTrue();
  }

  @Test
  void msiCapability() {
    int at = capability(5);
    assertThat(config.read(at) >>> 16).as("32 vectors, 64 bit, masks").isEqualTo(0x018A);
    write(at + 4, -1);
    assertThat(config.read(at + 4)).isEqualTo(-4);
    write(at + 8, 0x12);
    write(at + 0xC, 0xFFFF_FFE0);
    assertThat(config.read(at + 0xC)).isEqualTo(0xFFE0);
    assertThat(config.msi.address()).isEqualTo(0x12_FFFF_FFFCL);
    write(at, 0x7 << 20);
    assertThat(config.msi.vectors()).as("no more than asked for").isEqualTo(32);
    assertThat(config.msi.data(31)).isEqualTo(0xFFFF);
    write(at + 0x10, -1);
    assertThat(config.read(at + 0x10)).isEqualTo(-1);
    write(at + 0x14, -1);
    assertThat(config.read(at + 0x14)).as("pending is read-only").isZero();
  }

  @Test
  void msixCapability() {
    int at = capability(0x11);
    assertThat(config.read(at) >>> 16).isEqualTo(64);
    write(at, -1);
    assertThat(config.read(at) >>> 16).isEqualTo(0xC040);
    assertThat(config.read(at + 4)).isEqualTo(8192);
    assertThat(config.read(at + 8)).isEqualTo(12288);
  }

  @Test
  void extendedCapabilities() {
    int aer = extended(1);
    assertThat(aer).isEqualTo(0x100);
    assertThat(config.read(aer) >>> 16 & 0xF).isEqualTo(2);
    assertThat(config.read(aer + 0xC)).as("severity").isEqualTo(0x00460000);
    assertThat(config.read(aer + 0x14)).as("advisory errors masked").isEqualTo(0x2000);
    int dsn = extended(3);
    assertThat(config.read(dsn + 4)).isEqualTo(0x05060708);
    assertThat(config.read(dsn + 8)).isEqualTo(0x01020304);
  }

  @Test
  void statusBitsAreClearedByOnes() {
    config.header.receivedMasterAbort.set(true);
    config.header.detectedParityError.set(true);
    config.write(4, 0x2000_0000, 0b1000);
    assertThat(config.read(4) >>> 16).isEqualTo(0x8010);
    config.write(4, 0x8000_0000, 0b0100);
    assertThat(config.read(4) >>> 16).as("the byte is not enabled").isEqualTo(0x8010);
  }

  @Test
  void resetsKeepWhatTheyShould() {
    int control = capability(0x10) + 8;
    int aer = extended(1);
    write(4, 0x407);
    write(control, 0x5FE0);
    write(aer + 8, 0x100000);
    config.reset(ResetKind.FLR);
    assertThat(config.read(4) & 0xFFFF).isZero();
    assertThat(config.read(control) & 0xFFFF).as("MPS survives FLR").isEqualTo(0x29F0);
    assertThat(config.read(aer + 8)).as("masks are sticky").isEqualTo(0x100000);
    config.reset(ResetKind.HOT);
    assertThat(config.read(control) & 0xFFFF).isEqualTo(0x2910);
    assertThat(config.read(aer + 8)).isEqualTo(0x100000);
    config.powerOn();
    assertThat(config.read(aer + 8)).isEqualTo(0x400000);
  }

  @Test
  void noiseNeverChangesWhatIsReadOnly() {
    SplittableRandom random = new SplittableRandom(4);
    int identity = config.read(0);
    int links = config.read(capability(0x10) + 0xC);
    for (int i = 0; i < 100_000; i++) {
      config.write(random.nextInt(1024) * 4, random.nextInt(), random.nextInt(16));
    }
    assertThat(config.read(0)).isEqualTo(identity);
    assertThat(config.read(capability(0x10) + 0xC)).isEqualTo(links);
    assertThat(config.read(0xFFC)).isZero();
    assertThat(config.describe()).contains("Max_Payload_Size").contains("PowerState");
  }

  @Test
  void vendorCapabilitiesStandInTheirOrder() {
    ConfigSpace space =
        new ConfigSpace(
            new FunctionSpecBuilder(0x1AF4, 0x1042, 0x010000)
                .memory32(0, 4096)
                .vendorCapability(VendorCapability.readOnly(3, List.of(0xCAFE, -1)))
                .vendorCapability(
                    new VendorCapability(
                        List.of(0, 0, 0, 0), List.of(0xFF, 0x00FF_FF00, -1, -1), 5, 16))
                .build());
    int first = space.read(0x34) & 0xFF;
    while ((space.read(first) & 0xFF) != 9) {
      first = space.read(first) >>> 8 & 0xFF;
    }
    assertThat(space.read(first) >>> 16).isEqualTo(3 << 8 | 12);
    assertThat(space.read(first + 4)).isEqualTo(0xCAFE);
    assertThat(space.read(first + 8)).isEqualTo(-1);
    space.write(first + 4, 0, 0xF);
    assertThat(space.read(first + 4)).isEqualTo(0xCAFE);
    int second = space.read(first) >>> 8 & 0xFF;
    assertThat(space.read(second)).isEqualTo(5 << 24 | 20 << 16 | 9);
    for (int at = second + 4; at < second + 20; at += 4) {
      space.write(at, -1, 0xF);
    }
    assertThat(space.read(second + 4)).isEqualTo(0xFF);
    assertThat(space.read(second + 8)).isEqualTo(0x00FF_FF00);
    assertThat(space.read(second + 12)).isEqualTo(-1);
    space.reset(ResetKind.FLR);
    assertThat(space.read(second + 12)).isZero();
    assertThatThrownBy(() -> new VendorCapability(List.of(0, 0), List.of(0, 0), 5, 16))
        .hasMessageContaining("window");
  }

  @Test
  void mistakesInADescriptionAreFoundWhenItIsBuilt() {
    ConfigBits bits = new ConfigBits();
    Register register = bits.register(0x42, 16, "Test");
    register.bit(3, Attribute.RW, "Once");
    assertThatThrownBy(() -> register.field(4, 2, Attribute.RO, "Again"))
        .hasMessageContaining("Test.Again");
    assertThatThrownBy(() -> register.bit(16, Attribute.RO, "Outside"))
        .hasMessageContaining("does not fit");
    assertThatThrownBy(() -> register.field(9, 8, Attribute.RO, "Large", 4))
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> bits.register(0x43, 16, "Crossing")).hasMessageContaining("DW");
  }

  @Test
  void specsThatContradictThemselvesAreRefused() {
    FunctionSpecBuilder twice = new FunctionSpecBuilder(1, 1, 0).memory64(0, 4096, false);
    assertThatThrownBy(() -> twice.memory32(1, 4096).build()).hasMessageContaining("twice");
    assertThatThrownBy(() -> new FunctionSpecBuilder(1, 1, 0).memory32(0, 5000))
        .hasMessageContaining("power of two");
    assertThatThrownBy(() -> new FunctionSpecBuilder(1, 1, 0).memory64(5, 4096, false))
        .hasMessageContaining("index");
    assertThatThrownBy(() -> new FunctionSpecBuilder(1, 1, 0).io(0, 512))
        .hasMessageContaining("size");
    FunctionSpecBuilder small = new FunctionSpecBuilder(1, 1, 0).memory32(0, 4096);
    assertThatThrownBy(() -> small.msix(256, 0, 16, 0).build()).hasMessageContaining("outside");
    assertThatThrownBy(() -> small.msix(8, 0, 0, 64).build()).hasMessageContaining("overlap");
    assertThatThrownBy(() -> small.msix(8, 1, 0, 64).build()).hasMessageContaining("outside");
    assertThatThrownBy(() -> new FunctionSpecBuilder(1, 1, 0).msi(3).build())
        .hasMessageContaining("MSI");
  }
}
