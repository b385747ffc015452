package farslot.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.link.Qos;
import farslot.vfiouser.VfioUserOptions.Msix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitiatorConfigTest {
  private static final String HEAD = "name: a\nappliance: 10.0.0.1:7580\nrun-dir: /run/x\n";
  @TempDir Path dir;

  private InitiatorConfig read(String text) throws IOException {
    return InitiatorConfig.of(Files.writeString(dir.resolve("i.yaml"), text));
  }

  @Test
  void readsTheUsualFile() throws IOException {
    InitiatorConfig config =
        read(HEAD + "access-deadline: 2s\nfunctions: [disk0, {name: disk1, msix: false}]\n");
    assertThat(config.accessDeadlineNs()).isEqualTo(2_000_000_000L);
    assertThat(config.functions())
        .containsExactly(
            new InitiatorConfig.Function("disk0", Msix.SHOWN, true, Optional.empty(), Qos.NONE),
            new InitiatorConfig.Function("disk1", Msix.HIDDEN, true, Optional.empty(), Qos.NONE));
  }

  @Test
  void guidesAreOnUnlessTheyAreOff() throws IOException {
    assertThat(read(HEAD + "functions: [a]").guides()).isTrue();
    InitiatorConfig some = read(HEAD + "functions: [a, {name: b, guides: off}]");
    assertThat(some.functions()).extracting("guided").containsExactly(true, false);
    InitiatorConfig few = read(HEAD + "guides: off\nfunctions: [a, {name: b, guides: on}]");
    assertThat(few.functions()).extracting("guided").containsExactly(false, true);
    assertThatThrownBy(() -> read(HEAD + "guides: some\nfunctions: [a]"))
        .hasMessageContaining("true or false");
  }

  @Test
  void needsNoApplianceForWhatItHousesItself() throws IOException {
    String own = "functions: [{name: soft0, card: nettlp, bar4: 1MiB}";
    InitiatorConfig config = read("name: a\nrun-dir: /run/x\n" + own + "]\n");
    assertThat(config.appliance()).isEmpty();
    assertThat(config.functions().get(0).card()).isPresent();
    assertThatThrownBy(() -> read("name: a\nrun-dir: /run/x\n" + own + ", disk0]\n"))
        .hasMessageContaining("'appliance' is missing");
  }

  @Test
  void takesSeveralWaysToTheAppliance() throws IOException {
    String rest = "name: a\nrun-dir: /run/x\nfunctions: [a]\nframe-bytes: 8000\nappliance: ";
    InitiatorConfig config = read(rest + "[10.0.0.1, '10.0.1.1:99?from=10.0.1.2', eth:eth0/rack1]");
    assertThat(config.appliance())
        .hasToString("[10.0.0.1:7580, 10.0.1.1:99?from=10.0.1.2, eth:eth0/rack1]");
    assertThat(config.frameBytesMax()).isEqualTo(8000);
    assertThatThrownBy(() -> read(rest + "[10.0.0.1, 10.0.0.1:7580]"))
        .hasMessageContaining("'appliance': '10.0.0.1:7580' is there twice");
    assertThatThrownBy(() -> read(rest + "[h:1,h:2,h:3,h:4,h:5,h:6,h:7,h:8,h:9]"))
        .hasMessageContaining("a list of 1 to 8");
    assertThatThrownBy(() -> read(rest + "[]")).hasMessageContaining("a list of 1 to 8");
    assertThatThrownBy(() -> read(rest + "[[h]]")).hasMessageContaining("a list of values");
    assertThatThrownBy(() -> read(rest + "'eth:'")).hasMessageContaining("'appliance': ");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> read("name: a\nrun-dir: /run/x\nfunctions: [a]"))
        .hasMessageContaining("'appliance' is missing");
    assertThatThrownBy(() -> read(HEAD)).hasMessageContaining("'functions' should be");
    assertThatThrownBy(() -> read(HEAD + "functions: [a, a]")).hasMessageContaining("twice");
    assertThatThrownBy(() -> read(HEAD + "functions: [{name: a, msi: true}]"))
        .hasMessageContaining("functions[0]: nothing here is called 'msi'");
    assertThatThrownBy(() -> read(HEAD + "functions: [{name: a, msix: maybe}]"))
        .hasMessageContaining("on, off, relay or auto");
    // QEMU gives a device up after 5 s, so nobody may wait that long.
    assertThatThrownBy(() -> read(HEAD + "access-deadline: 5s\nfunctions: [a]"))
        .hasMessageContaining("access-deadline: 5s");
    assertThatThrownBy(
            () -> read(HEAD.replace("/run/x", "/" + "x".repeat(100)) + "functions: [a1]"))
        .hasMessageContaining("'run-dir' is too long");
  }
}
