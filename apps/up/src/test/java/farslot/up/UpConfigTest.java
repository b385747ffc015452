package farslot.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpConfigTest {
  @TempDir Path dir;

  private UpConfig config(Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(more);
    Map<String, Object> disk = Map.of("ram", "1MiB");
    values.put("name", "rack1");
    values.put("slots", List.of(Map.of("name", "d", "card", "nvme", "namespaces", List.of(disk))));
    values.put("server", Map.of());
    return UpConfig.of("test", values, dir);
  }

  @Test
  void onOneMachineAloneRailsNeedNoCredentials() {
    UpConfig alone = config(Map.of("listen", "127.0.0.1:0"));
    assertThat(alone.appliance().pki()).isEmpty();
    assertThat(alone.server().get().pki()).isEmpty();
  }

  @Test
  void whereOthersMayComeTheyDo() {
    for (Map<String, Object> open :
        List.<Map<String, Object>>of(
            Map.of("listen", "0.0.0.0:0"),
            Map.of("listen", List.of("127.0.0.1:0", "eth:eth1")),
            Map.of("manager", Map.of("listen", "127.0.0.1:7590")),
            Map.of("pki", dir.resolve("mine").toString()))) {
      UpConfig config = config(open);
      assertThat(config.appliance().pki()).as("%s", open).isPresent();
      assertThat(config.server().get().pki()).as("%s", open).isPresent();
    }
  }

  @Test
  void aWordThatNobodyMindsIsTaken() {
    UpConfig open = config(Map.of("listen", "0.0.0.0:0", "insecure", true));
    assertThat(open.appliance().pki()).isEmpty();
    assertThat(open.server().get().pki()).isEmpty();
  }
}
