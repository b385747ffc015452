package farslot.manager.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.manager.model.Document;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/profiles.md shows can be applied, and does what it says. */
class ProfilesPageTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static List<String> examples() throws Exception {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("docs/profiles.md"))) {
      at = at.getParent();
    }
    Matcher matcher = YAML.matcher(Files.readString(at.resolve("docs/profiles.md")));
    List<String> examples = new ArrayList<>();
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  @Test
  void examplesCanBeApplied(@TempDir Path dir) throws Exception {
    List<String> examples = examples();
    assertThat(examples).hasSize(2);
    try (Lab lab = new Lab(dir)) {
      lab.appliance("rack1", List.of(1L << 40, 600_000_000_000L, 600_000_000_000L), 0);
      for (String nic : List.of("rack1/nic0.vf0", "rack1/nic0.vf1", "rack2/nic0.vf0")) {
        String[] path = nic.split("/");
        lab.put(new FunctionDocument(path[0], path[1], "nic82599", "8086:10ed", 0, null, ""));
      }
      lab.put(new FunctionDocument("rack1", "uart0", "uart16550", "1b36:0002", 0, null, ""));
      lab.server("hv1", "vm1", "vm2");
      lab.server("hv2", "vm1");
      for (String each : examples) {
        lab.apply(each);
        lab.settle();
        assertThat(lab.plan(each).isEmpty()).isTrue();
      }
      assertThat(lab.attached())
          .containsEntry("rack1/disk0", "hv1/vm1")
          .containsEntry("rack1/nic0.vf0", "hv1/vm1")
          .containsEntry("rack1/uart0", "hv1/vm1")
          .containsEntry("rack1/nic0.vf1", "hv1/vm2")
          .hasSize(5);
      assertThat(lab.profile("web2").slot("boot").map(Slot::identity))
          .contains(Map.of("serial", "web2-boot"));
      lab.dead.add("hv1");
      lab.pass(11);
      assertThat(lab.profile("web").server()).isEqualTo("hv2");
    }
  }

  /** Every key there is occurs in an example. */
  @Test
  void nothingIsLeftOut() throws Exception {
    String all = String.join("---\n", examples());
    List<Document> documents =
        new TemplateFilling(_ -> Optional.empty()).documents(Manifest.read("page", all));
    assertThat(documents).hasSize(6);
    for (Class<?> kind : List.of(ProfileDocument.class, PoolDocument.class, Slot.class)) {
      for (var component : kind.getRecordComponents()) {
        String key =
            component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
        boolean elsewhere = List.of("tenant", "server-pool", "servers").contains(key);
        assertThat(elsewhere || all.contains(key + ":")).as(key).isTrue();
      }
    }
  }
}
