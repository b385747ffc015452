package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplianceConfigTest {
  @TempDir Path dir;

  private ApplianceConfig read(String text) throws IOException {
    return ApplianceConfig.of(Files.writeString(dir.resolve("a.yaml"), text));
  }

  @Test
  void readsTheUsualFile() throws IOException {
    ApplianceConfig config =
        read(
            """
            listen: 127.0.0.1:7580
            state-dir: /tmp/x
            hold-time: 10s
            slots:
              - name: disk0
                card: nvme
                serial: FS0001
                namespaces:
                  - {file: /p/disk.img, size: 1GiB, block-size: 512}
            """);
    assertThat(config.holdNs()).isEqualTo(10_000_000_000L);
    assertThat(config.slots()).hasSize(1);
    assertThat(config.listen()).hasToString("[127.0.0.1:7580]");
    String slots = "state-dir: /x\nslots: [{name: a, card: c}]\n";
    assertThat(read(slots).listen()).hasToString("[127.0.0.1:7580]");
    assertThat(read(slots + "insecure: true\nlisten: ['[::1]:9', ':8', eth:eth0]").listen())
        .hasToString("[[::1]:9, :8, eth:eth0]");
    assertThat(config.slots().get(0).card()).isEqualTo("nvme");
  }

  @Test
  void beyondLoopbackItWantsCredentialsOrAWord() throws Exception {
    String slots = "state-dir: /x\nslots: [{name: a, card: c}]\nlisten: ";
    for (String place : new String[] {"10.0.0.5", ":7580", "eth:eth0", "'[::]:7580'", "rack.lan"}) {
      assertThatThrownBy(() -> read(slots + place))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("pki: DIRECTORY")
          .hasMessageContaining("insecure: true");
      assertThat(read(slots + place + "\ninsecure: true").listen()).hasSize(1);
      assertThat(read(slots + place + "\npki: /etc/farslot/pki").listen()).hasSize(1);
    }
    for (String place : new String[] {"127.0.0.1:0", "localhost", "'[::1]:7580'", "127.1.2.3"}) {
      assertThat(read(slots + place).listen()).hasSize(1);
    }
  }

  @Test
  void saysWhatIsWrong() {
    String slots = "state-dir: /tmp/x\nslots: ";
    assertThatThrownBy(() -> read("slots: []")).hasMessageContaining("'state-dir' is missing");
    assertThatThrownBy(() -> read("state-dir: /x")).hasMessageContaining("'slots' should be");
    assertThatThrownBy(() -> read(slots + "x")).hasMessageContaining("should be a list");
    assertThatThrownBy(() -> read(slots + "[{name: a}]")).hasMessageContaining("'card' is missing");
    assertThatThrownBy(() -> read(slots + "[{name: a, card: c}, {name: a, card: c}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("slots[1]")
        .hasMessageContaining("'a' is there twice");
    assertThatThrownBy(() -> read(slots + "[{name: a/b, card: c}]"))
        .hasMessageContaining("slots[0]: 'name: a/b' should be");
    assertThatThrownBy(() -> read("listen: x:70000\n" + slots + "[{name: a, card: c}]"))
        .hasMessageContaining("'listen': 'x:70000' is no address");
  }
}
