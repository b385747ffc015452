package farslot.manager.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.chance.Fuzz;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.ProfileDocument.Qos;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ProfileDocument.ServerDeath;
import farslot.manager.model.Slot;
import farslot.manager.model.TemplateDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestTest {
  static final String WEB =
      """
      # Two documents.
      kind: Profile
      name: web
      server: hv1
      guest: vm1
      on-server-death: move
      candidates: [hv2/vm1]
      sanitise: format
      slots:
        - name: boot
          pool: gold
          card: nvme
          capacity-bytes-min: 1TiB
          boot-order: 1
          qos:
            committed-bytes-per-second: 100MB/s
            peak-bytes-per-second: 1.5 GB/s
        - name: nic
          pool: nics
          spare: true
          identity: {mac: 02:00:00:00:00:01}
          identity-from: {serial: serials}
      ---
      kind: Pool
      name: gold
      card: nvme
      """;

  private static List<Document> documents(String text) throws ManifestException {
    return new TemplateFilling(_ -> Optional.empty()).documents(Manifest.read("web.yaml", text));
  }

  private static void refused(String text, String... words) {
    assertThatExceptionOfType(ManifestException.class)
        .as(text)
        .isThrownBy(() -> documents(text))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("web.yaml: ").contains(words));
  }

  @Test
  void readsWhatPeopleWrite() throws ManifestException {
    List<Document> documents = documents(WEB);
    assertThat(documents)
        .containsExactly(
            new ProfileDocument(
                "web",
                "",
                "",
                null,
                "hv1",
                "vm1",
                ServerDeath.MOVE,
                10,
                List.of("hv2/vm1"),
                "",
                Sanitise.FORMAT,
                List.of(
                    new Slot(
                        "boot",
                        "",
                        "gold",
                        "nvme",
                        1L << 40,
                        null,
                        null,
                        1,
                        new Qos(100_000_000, 1_500_000_000, 0, 0),
                        false),
                    new Slot(
                        "nic",
                        "",
                        "nics",
                        "",
                        0,
                        Map.of("mac", "02:00:00:00:00:01"),
                        Map.of("serial", "serials"),
                        0,
                        null,
                        true))),
            new PoolDocument("gold", "", "nvme", 0, null, null, 0, null));
  }

  /** What is shown can be applied again, and changes nothing. */
  @Test
  void readsWhatItWrote() throws ManifestException {
    for (Document each : documents(WEB)) {
      assertThat(documents(Manifest.write(each))).containsExactly(each);
    }
    List<Document> others =
        List.of(
            new IdentitiesDocument("macs", "", "mac", "02:00:00:00:00:00", "02:00:00:00:00:ff"),
            new IdentitiesDocument("serials", "blue", "serial", "0001", "0999"),
            new TemplateDocument(
                "small",
                "",
                Map.of("drives", "", "b", "1e3", "a", "yes"),
                ServerDeath.MOVE,
                60,
                List.of("${b}"),
                "",
                Sanitise.NONE,
                List.of(Slot.ofPool("boot", "${drives}"))));
    for (Document each : others) {
      assertThat(documents(Manifest.write(each))).containsExactly(each);
    }
  }

  @Test
  void whatGoesWithoutSayingIsNotWritten() {
    assertThat(Manifest.write(ProfileDocument.of("p", List.of(Slot.ofPool("boot", "gold")))))
        .isEqualTo(
            """
            kind: Profile
            name: p
            slots:
              - name: boot
                pool: gold
            """);
  }

  @Test
  void whatIsWrongIsSaidWithFileDocumentAndKey() {
    refused("", "there is no document");
    refused("# nothing\n---\n# more", "there is no document");
    refused("hello", "'key: value' lines");
    refused("name: x", "'kind'", "Profile", "is missing");
    refused("kind: Function\nname: x", "'kind' should be one of", "it is \"Function\"");
    refused("kind: profile\nname: x", "it is \"profile\"");
    refused("kind: Pool", "'name' should be a text");
    refused("kind: Pool\nname: 7", "'name' should be a text");
    refused("kind: Pool\nname: a\nname: b", "document 1: line 3", "Duplicate");
    refused("kind: Pool\nname: [", "document 1: line");
    refused("kind: Pool\nname: a\n---\nkind: Pool\nname: a\n", "document 2: Pool a is there twice");
    refused(WEB + "capacity-bytes-min: 1 parsec", "document 2", "'capacity-bytes-min'");
    refused(WEB + "capacity-bytes-min: 1.3B", "document 2", "'capacity-bytes-min'");
    refused(WEB + "capacity-bytes-min: 1GB/s", "document 2", "'capacity-bytes-min'");
    refused(WEB + "colour: red", "document 2", "'colour'", "capacity-bytes-min");
    refused(WEB.replace("boot-order: 1", "boot-order: first"), "document 1", "slots[0].boot-order");
    refused(WEB.replace("pool: nics", "pool: nics\n    pol: x"), "document 1", "slots[1].pol");
    refused(WEB.replace("sanitise: format", "sanitise: burn"), "document 1", "'sanitise'", "burn");
    refused(WEB.replace("slots:", "slots: none\nx:"), "document 1");
    refused("a: ".repeat(400_000), "characters; at most");
    refused("---\nkind: Pool\nname: a\n".repeat(101), "more than 100 documents");
  }

  /** Of all documents, at once. */
  @Test
  void allThatIsWrongIsSaidAtOnce() {
    refused(
        "kind: Pool\nname: a b\n---\nkind: Profile\nname: p\nslots: [{name: x}]\n",
        "document 1: 'name'",
        "document 2: slots[0]: it should have either");
  }

  @Test
  void aTemplateMakesProfiles() throws ManifestException {
    String text =
        """
        kind: Profile
        name: web1
        template: small
        values: {drives: gold}
        server: hv1
        move-after-seconds: 5
        slots:
          - {name: nic, pool: mine}
          - {name: extra, function: a1/uart0}
        ---
        kind: Template
        name: small
        parameters: {drives: "", nics: common}
        on-server-death: move
        move-after-seconds: 60
        server-pool: standby
        slots:
          - name: boot
            pool: ${drives}
            identity: {serial: "${profile}-boot"}
          - {name: nic, pool: "${nics}"}
          - {name: nic2, pool: "${nics}"}
        """;
    ProfileDocument web1 =
        (ProfileDocument)
            documents(text).stream().filter(ProfileDocument.class::isInstance).findFirst().get();
    assertThat(web1.slots())
        .containsExactly(
            Slot.ofPool("boot", "gold").with(Map.of("serial", "web1-boot")),
            Slot.ofPool("nic", "mine"),
            Slot.ofPool("nic2", "common"),
            Slot.ofFunction("extra", "a1/uart0"));
    assertThat(web1.onServerDeath()).isEqualTo(ServerDeath.MOVE);
    assertThat(web1.moveAfterSeconds()).isEqualTo(5);
    assertThat(web1.template()).isEqualTo("small");
    refused(text.replace("{drives: gold}", "{}"), "template 'small' needs 'values.drives'");
    refused(
        text.replace("{drives: gold}", "{drives: gold, x: y}"),
        "'values' has 'x'",
        "[drives, nics]");
    refused(text.replace("template: small", "template: large"), "no template 'large'");
    refused(text.replace("pool: mine", "pool: mine, colour: red"), "slots[1].colour");
    refused(text.replace("name: extra", "name: nic"), "'slots' has 'nic' twice");
    refused(text.replace("${drives}", "${drivez}"), "nothing is known of [drivez]");
  }

  @Test
  void fuzz() {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    String alphabet = "{}[]:,\"'\n -&*!|>%@#0aé\t\\\0";
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder(WEB);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
        }
      }
      try {
        for (Document each : documents(text.toString())) {
          assertThat(each.problems()).isEmpty();
          assertThat(documents(Manifest.write(each))).containsExactly(each);
        }
      } catch (ManifestException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("web.yaml: ");
      } catch (RuntimeException e) {
        throw new AssertionError(Fuzz.again(seed) + ":\n" + text, e);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void writtenDocumentsAreChecked() throws Exception {
    Written written = Manifest.read("web.yaml", "kind: Pool\nname: p\nspares: [a]\n").getFirst();
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(written::document)
        .withMessageContaining("web.yaml: 'spares' should be APPLIANCE/FUNCTION, not 'a'");
  }
}
