package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.FunctionSpec;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private final List<TestStore> opened = new ArrayList<>();

  private FunctionSpec spec(Map<String, ?> values) throws CardConfigException {
    CardConfig config = new CardConfig("slots[0]", values);
    return new NvmeProvider()
        .create(
            config,
            namespace -> {
              opened.add(new TestStore((int) namespace.size("ram", 0)));
              return opened.getLast();
            })
        .spec();
  }

  private static Map<String, Object> drive(Object... more) {
    Map<String, Object> values = new HashMap<>();
    values.put("namespaces", List.of(Map.of("ram", 8192)));
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return values;
  }

  @Test
  void theUsualDrive() throws Exception {
    FunctionSpec spec = spec(drive());
    assertThat(spec.vendorId()).isEqualTo(0xFA51);
    assertThat(spec.deviceId()).isEqualTo(1);
    assertThat(spec.classCode()).isEqualTo(0x010802);
    assertThat(spec.msixVectors()).isEqualTo(65);
    assertThat(spec.msiVectors()).isEqualTo(32);
    assertThat(spec.bars().getFirst().sizeBytes()).isEqualTo(0x4000);
    assertThat(spec.bars().getFirst().kind()).isEqualTo(FunctionSpec.BarKind.MEMORY_64);
    assertThat(spec.msixPbaOffset() + 65 / 8).isLessThan((int) spec.bars().getLast().sizeBytes());
  }

  @Test
  void theLargestAndTheSmallest() throws Exception {
    FunctionSpec largest = spec(drive("queues", 511));
    assertThat(largest.msixPbaOffset()).isGreaterThanOrEqualTo(512 * 16);
    assertThat(largest.bars().getLast().sizeBytes()).isEqualTo(0x4000);
    FunctionSpec smallest = spec(drive("queues", 1));
    assertThat(smallest.msixVectors()).isEqualTo(2);
    assertThat(smallest.msiVectors()).isEqualTo(2);
  }

  @Test
  void identifiersCanBeChosen() throws Exception {
    FunctionSpec spec = spec(drive("vendor-id", "0x1234", "device-id", 7));
    assertThat(spec.vendorId()).isEqualTo(0x1234);
    assertThat(spec.deviceId()).isEqualTo(7);
  }

  @Test
  void mistakesAreNamed() {
    refused(drive("queues", 0), "queues");
    refused(drive("queues", 512), "511");
    refused(drive("serial", "123456789012345678901"), "20 printable");
    refused(drive("model", "ä"), "ASCII");
    refused(drive("seriel", "x"), "seriel");
    refused(drive("namespaces", List.of()), "namespaces");
    refused(drive("namespaces", List.of(Map.of("ram", 8192, "block-size", 520))), "512 or 4096");
    refused(drive("namespaces", List.of(Map.of("ram", 8192, "blocksize", 512))), "blocksize");
    refused(drive("namespaces", List.of(Map.of("ram", 512))), "at least 4096");
  }

  @Test
  void storesAreClosedWhenALaterOneCannotBeHad() {
    refused(
        drive("namespaces", List.of(Map.of("ram", 8192), Map.of("ram", 8192, "typo", 1))), "typo");
    assertThat(opened).hasSize(2).allMatch(store -> store.closed);
  }

  private void refused(Map<String, ?> values, String why) {
    assertThatThrownBy(() -> spec(values))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("slots[0]");
  }
}
