package farslot.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.vfiouser.VfioUserOptions.Msix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementTest {
  private static final String HEAD = "name: a\nrun-dir: /run/x\nmanager: 10.0.0.2:7590\n";
  @TempDir Path dir;

  private InitiatorConfig read(String text) throws IOException {
    return InitiatorConfig.of(Files.writeString(dir.resolve("i.yaml"), text));
  }

  private Management management(String text) throws IOException {
    return read(text).management().orElseThrow();
  }

  @Test
  void withAManagerNothingElseIsNeeded() throws IOException {
    InitiatorConfig config = read(HEAD);
    assertThat(config.functions()).isEmpty();
    assertThat(config.appliance()).isEmpty();
    assertThat(config.pki()).isEmpty();
    Management management = config.management().orElseThrow();
    assertThat(management.manager()).isEqualTo("10.0.0.2:7590");
    assertThat(management.guests()).isEmpty();
    assertThat(management.stateDir()).isEqualTo(Management.usualStateDir("a"));
    assertThat(read("name: a\nrun-dir: /x\nappliance: h\nfunctions: [a]").management()).isEmpty();
  }

  @Test
  void guestsHaveControlSockets() throws IOException {
    Management management =
        management(
            HEAD
                + "state-dir: /s\npki: /p\nmsix: relay\nguests: [{name: vm1, qmp: /run/vm1},"
                + " {name: vm2, qmp: /run/vm2, msix: on}, {name: vm3, qmp: /q, msix: off}]\n");
    assertThat(management.stateDir()).isEqualTo(Path.of("/s"));
    assertThat(management.msix()).isEqualTo(Msix.RELAYED);
    assertThat(management.guests())
        .containsExactly(
            new Management.Guest("vm1", Path.of("/run/vm1"), Msix.RELAYED),
            new Management.Guest("vm2", Path.of("/run/vm2"), Msix.SHOWN),
            new Management.Guest("vm3", Path.of("/q"), Msix.HIDDEN));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> read(HEAD + "guests: [{name: a, qmp: /a}, {name: a, qmp: /b}]"))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> read(HEAD + "guests: [{name: a}]"))
        .hasMessageContaining("guests[0]: 'qmp' is missing");
    assertThatThrownBy(() -> read(HEAD + "guests: [{name: a, qmp: /a, msi: x}]"))
        .hasMessageContaining("nothing here is called 'msi'");
    assertThatThrownBy(() -> read(HEAD + "guests: [{name: a, qmp: /a, msix: x}]"))
        .hasMessageContaining("on, off, relay or auto");
    assertThatThrownBy(
            () -> read("name: a\nappliance: h\nrun-dir: /x\nfunctions: [a]\nstate-dir: /s"))
        .hasMessageContaining("together with 'manager:'");
  }
}
