package farslot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir Path dir;

  private Path file(String text) throws IOException {
    Path file = dir.resolve("a.yaml");
    Files.writeString(file, text);
    return file;
  }

  private long hold(String text) throws IOException {
    return ConfigFile.read(
        file(text), root -> ConfigFile.duration(root, "hold-time", 7, 3_600_000_000_000L));
  }

  @Test
  void readsDurations() throws IOException {
    assertThat(hold("hold-time: 30s")).isEqualTo(30_000_000_000L);
    assertThat(hold("hold-time: 500 ms")).isEqualTo(500_000_000L);
    assertThat(hold("hold-time: 2m")).isEqualTo(120_000_000_000L);
    assertThat(hold("hold-time: 5")).isEqualTo(5_000_000_000L);
    assertThat(hold("")).isEqualTo(7);
  }

  @Test
  void namesFileKeyAndExpectation() throws IOException {
    String at = dir.resolve("a.yaml").toString();
    assertThatThrownBy(() -> hold("hold-time: soon"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(at + ": 'hold-time: soon' should be a duration");
    assertThatThrownBy(() -> hold("hold-time: 0s")).hasMessageContaining("should be a duration");
    assertThatThrownBy(() -> hold("hold-time: 20000h")).hasMessageContaining("at most 3600s");
    assertThatThrownBy(() -> hold("hold-time: [1, 2]")).hasMessageContaining("a single value");
    assertThatThrownBy(() -> hold("hold_time: 3s"))
        .hasMessageContaining("nothing here is called 'hold_time'")
        .hasMessageContaining("hold-time");
    assertThatThrownBy(() -> hold("hold-time: 1s\nhold-time: 2s")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> hold("hold-time: [1,")).hasMessageStartingWith(at + ": line");
    assertThatThrownBy(() -> hold("- 1")).hasMessageContaining("'key: value'");
    assertThatThrownBy(() -> ConfigFile.read(dir.resolve("none.yaml"), root -> 1))
        .hasMessageEndingWith("none.yaml: no such file");
  }

  @Test
  void findsTheWayIntoLists() throws IOException {
    Path file = file("slots:\n- name: a\n  size: 3\n");
    assertThatThrownBy(
            () ->
                ConfigFile.read(
                    file,
                    root -> {
                      var slot = root.list("slots").get(0);
                      ConfigFile.name(slot, "name");
                      slot.finish();
                      return 1;
                    }))
        .hasMessage(file + ": slots[0]: nothing here is called 'size'; known: [name]");
  }

  @Test
  void takesPlainNamesForEntries() throws IOException {
    Path file = file("functions: [disk0, {name: disk1}, 7]");
    Names names = new Names();
    int count =
        ConfigFile.read(
            file,
            "functions",
            root -> {
              int n = 0;
              for (var each : root.list("functions")) {
                names.unique(each.where(), ConfigFile.name(each, "name"));
                n++;
              }
              return n;
            });
    assertThat(count).isEqualTo(3);
    assertThatThrownBy(() -> names.unique("x", "disk0")).hasMessageContaining("twice");
  }

  @Test
  void refusesNamesThatAreNoFileNames() throws IOException {
    for (String bad : new String[] {"../x", "''", "a/b", ".hidden", "a b", "x".repeat(65)}) {
      Path file = file("name: " + bad);
      assertThatThrownBy(() -> ConfigFile.read(file, root -> ConfigFile.name(root, "name")))
          .as(bad)
          .isInstanceOf(ConfigException.class);
    }
  }
}
