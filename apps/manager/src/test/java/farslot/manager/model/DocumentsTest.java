package farslot.manager.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.chance.Fuzz;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.ProfileDocument.Qos;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ProfileDocument.ServerDeath;
import farslot.store.Bytes;
import farslot.store.KeyValue;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final PoolDocument POOL =
      new PoolDocument(
          "gold",
          "",
          "nvme",
          1L << 40,
          List.of("a1/disk0", "a1/disk1"),
          List.of("a1/disk1"),
          30,
          List.of("server-a/vm2"));
  private static final ProfileDocument PROFILE =
      new ProfileDocument(
          "web",
          "blue",
          "small",
          Map.of("drives", "gold"),
          "server-a",
          "vm1",
          ServerDeath.MOVE,
          20,
          List.of("server-b", "server-c/vm1"),
          "stand-by",
          Sanitise.FORMAT,
          List.of(
              new Slot(
                  "boot",
                  "",
                  "gold",
                  "nvme",
                  1L << 40,
                  Map.of("serial", "S1"),
                  Map.of("serial", "serials"),
                  1,
                  new Qos(1000, 2000, 0, 3),
                  true),
              Slot.ofFunction("nic", "a1/nic0.vf0").with(Map.of("mac", "02:00:00:00:00:0A"))));
  private static final TemplateDocument TEMPLATE =
      new TemplateDocument(
          "small",
          "",
          Map.of("drives", ""),
          ServerDeath.STAY,
          0,
          null,
          "",
          null,
          List.of(Slot.ofPool("boot", "${drives}").with(Map.of("serial", "${profile}-boot"))));
  private static final List<Document> ALL =
      List.of(
          POOL,
          PROFILE,
          TEMPLATE,
          new IdentitiesDocument("macs", "", "mac", "02:00:00:00:00:0A", "02:00:00:00:ff:ff"),
          new GivenDocument("mac", "02:00:00:00:00:0a", 0x020000000010L),
          new BindingDocument("a1/disk0", "web", "boot"),
          new ChangeDocument("1-web", 1, 1000, "ann", true, List.of("web"), Map.of("/pools/p", "")),
          new ApplianceDocument("a1", List.of("10.0.0.5:7580"), "0.1.0", Map.of("rack", "7")),
          new FunctionDocument(
              "a1", "disk0", "nvme", "1b36:0010", 1L << 40, Map.of("serial", "S1"), "blue"),
          new ServerDocument("server-a", List.of("vm1", "vm2"), Map.of()),
          AssignmentDocument.wanted("a1/disk0", "server-a", "vm1")
              .forProfile("web", "data")
              .ofTenant("blue")
              .with(new Terms(Map.of("serial", "FS1"), 2, null, Sanitise.IDENTITY))
              .in(Phase.DRAINING, 7, Leaving.to("server-b", "vm2", true, Sanitise.FORMAT), ""),
          new SanitiseDocument("a1/disk0", Sanitise.FORMAT, "format-8", "server-a"),
          new EventDocument(1_700_000_000_000L, "assigned", "a1/disk0", "ann", "text", Map.of()));

  private static Document read(String json) throws DocumentException {
    return Documents.read("/x", Bytes.utf8(json));
  }

  private static void refused(String json, String... words) {
    assertThatExceptionOfType(DocumentException.class)
        .as(json)
        .isThrownBy(() -> read(json))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("/x: ").contains(words));
  }

  @Test
  void readsWhatItWrote() throws DocumentException {
    for (Document each : ALL) {
      KeyValue item = new KeyValue(each.key(), Documents.write(each), 1, 3, 1, 0);
      assertThat(Documents.read(item, each.getClass())).isEqualTo(each);
      assertThat(Held.of(item, each.getClass()).modRevision()).isEqualTo(3);
    }
  }

  /** What is in stores out there: versions are raised before this may change. */
  @Test
  void thisIsHowItLooks() throws DocumentException {
    assertThat(
            Documents.write(
                    AssignmentDocument.wanted("a1/d", "s", "").in(Phase.ATTACHED, 7, null, ""))
                .utf8())
        .isEqualTo(
            "{\"kind\":\"assignment\",\"version\":1,\"spec\":{\"function\":\"a1/d\",\"server\":\"s\","
                + "\"guest\":\"\",\"profile\":\"\",\"slot\":\"\",\"tenant\":\"\",\"epoch\":7,"
                + "\"phase\":\"attached\",\"terms\":{\"identity\":{},\"boot-order\":0,\"qos\":null,"
                + "\"sanitise\":\"none\"},\"leaving\":null,\"problem\":\"\"}}");
    assertThat(Documents.write(POOL).utf8()).contains("\"capacity-bytes-min\":1099511627776");
  }

  @Test
  void whatIsNotThereHasItsDefault() throws DocumentException {
    assertThat(read("{\"kind\":\"profile\",\"version\":1,\"spec\":{\"name\":\"p\"}}"))
        .isEqualTo(ProfileDocument.of("p", List.of()));
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    refused("", "JSON");
    refused("[]", "should be a JSON object");
    refused("{\"kind\":", "not JSON");
    refused("{\"kind\":\"pool\",\"kind\":\"pool\"}", "Duplicate");
    refused("{\"kind\":\"pond\",\"version\":1,\"spec\":{}}", "'kind'", "pool", "not 'pond'");
    refused("{\"kind\":\"pool\",\"version\":0,\"spec\":{}}", "'version'");
    refused("{\"kind\":\"pool\",\"version\":2,\"spec\":{}}", "version 2", "update it");
    refused("{\"kind\":\"pool\",\"version\":1}", "'spec'");
    refused(
        "{\"kind\":\"pool\",\"version\":1,\"spec\":{},\"x\":1}", "'x'", "kind, version and spec");
    refused(spec("pool", "\"name\":\"p\",\"colour\":1"), "'colour'", "capacity-bytes-min");
    refused(spec("pool", "\"name\":\"p\",\"capacity-bytes-min\":\"x\""), "'capacity-bytes-min'");
    refused(spec("pool", "\"name\":\"p\",\"capacity-bytes-min\":1.5"), "'capacity-bytes-min'");
    refused(spec("pool", "\"name\":\"p\",\"functions\":{}"), "'functions'");
    refused(
        spec(
            "profile",
            "\"name\":\"p\",\"slots\":[{\"name\":\"a\",\"pool\":\"g\",\"qos\":{\"peak\":1}}]"),
        "'slots[0].qos.peak': ",
        "peak-bytes-per-second");
    refused(spec("profile", "\"name\":\"p\",\"sanitise\":\"burn\""), "'sanitise'", "burn");
    refused(spec("profile", "\"name\":\"p\",\"sanitise\":1"), "'sanitise'");
    refused(
        spec("assignment", "\"function\":\"a/b\",\"server\":\"s\",\"epoch\":1"),
        "'phase' is missing");
  }

  private static String spec(String kind, String fields) {
    return "{\"kind\":\"%s\",\"version\":1,\"spec\":{%s}}".formatted(kind, fields);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    refused(
        spec(
            "profile",
            "\"name\":\"a b\",\"guest\":\"vm\",\"slots\":[{\"name\":\"x\"},{\"name\":\"x\",\"function\":\"a\","
                + "\"boot-order\":-1,\"qos\":{\"committed-bytes-per-second\":5,\"peak-bytes-per-second\":4}}]"),
        "'name' should be 1 to 64 letters",
        "'guest' needs 'server'",
        "slots[0]: it should have either 'function' or 'pool'",
        "slots[1]: 'function' should be APPLIANCE/FUNCTION, not 'a'",
        "slots[1]: 'boot-order' should be 0 or more, not -1",
        "slots[1]: qos: 'peak-bytes-per-second' should not be below",
        "'slots' has 'x' twice");
    refused(
        spec("pool", "\"name\":\"p\",\"functions\":[\"a/b\"],\"spares\":[\"a/c\"]"),
        "'spares' has 'a/c', which is not among 'functions'");
    refused(
        spec(
            "function",
            "\"appliance\":\"a\",\"name\":\"../x\",\"card\":\"nvme\",\"device-id\":\"80860010\""),
        "'name'",
        "'device-id' should be vendor and device in hex");
  }

  @Test
  void whatIsWrongInAProfile() {
    refused(
        spec(
            "profile",
            "\"name\":\"p\",\"on-server-death\":\"move\",\"candidates\":[\"a/b/c\"],\"slots\":["
                + "{\"name\":\"x\",\"function\":\"a/b\",\"spare\":true},"
                + "{\"name\":\"y\",\"pool\":\"g\",\"identity\":{\"mac\":\"01:00:00:00:00:01\"}},"
                + "{\"name\":\"z\",\"pool\":\"g\",\"identity\":{\"mac\":\"01:00:00:00:00:01\"}}]"),
        "'candidates' should be SERVER or SERVER/GUEST, not 'a/b/c'",
        "slots[0]: 'spare' needs 'pool'",
        "slots[1]: 'identity.mac' should be a station's address",
        "slots[2]: another slot has the mac 01:00:00:00:00:01");
    refused(
        spec("profile", "\"name\":\"p\",\"on-server-death\":\"move\""),
        "'on-server-death: move' needs 'candidates' or 'server-pool'");
    refused(spec("profile", "\"name\":\"p\",\"on-server-death\":\"die\""), "'on-server-death'");
  }

  @Test
  void whatIsWrongInATemplate() throws DocumentException {
    refused(
        spec(
            "template",
            "\"name\":\"t\",\"parameters\":{\"profile\":\"\"},"
                + "\"slots\":[{\"name\":\"x\",\"pool\":\"${poool}\"}]"),
        "'parameters' should not have 'profile'",
        "nothing is known of [poool]");
    refused(
        spec("template", "\"name\":\"t\",\"slots\":[{\"name\":\"x y\",\"pool\":\"g\"}]"),
        "slots[0]: 'name'");
    assertThat(
            read(
                spec(
                    "template",
                    "\"name\":\"t\",\"parameters\":{\"mac\":\"\"},\"slots\":[{\"name\":\"x\","
                        + "\"pool\":\"g\",\"identity\":{\"mac\":\"${mac}\"}}]")))
        .isInstanceOf(TemplateDocument.class);
  }

  @Test
  void identitiesAreCounted() {
    IdentityRange serials = IdentityRange.between("FS-0001", "FS-0999").orElseThrow();
    assertThat(serials.text(7)).isEqualTo("FS-0007");
    assertThat(serials.contains("FS-0999")).isTrue();
    assertThat(serials.contains("FS-1000")).isFalse();
    assertThat(serials.contains("FS-999")).isFalse();
    IdentityRange macs =
        IdentityRange.between("02:00:00:00:00:0a", "02:00:00:00:01:00").orElseThrow();
    assertThat(macs.text(macs.first() + 1)).isEqualTo("02:00:00:00:00:0b");
    assertThat(macs.contains("02:00:00:00:01:00")).isTrue();
    assertThat(macs.overlaps(serials)).isFalse();
    assertThat(IdentityRange.between("A1", "B2")).isEmpty();
    assertThat(IdentityRange.between("A2", "A1")).isEmpty();
    assertThat(IdentityRange.between("A9", "A10")).isEmpty();
    assertThat(
            new IdentitiesDocument("m", "", "mac", "02:00:00:00:00:00", "04:00:00:00:00:00")
                .problems())
        .singleElement()
        .asString()
        .contains("first byte");
    assertThat(new IdentitiesDocument("m", "", "mac", "FS-1", "FS-2").problems()).hasSize(2);
    assertThat(new IdentitiesDocument("m", "", "serial", "FS-1", "FS-a").problems()).hasSize(1);
    assertThat(new IdentitiesDocument("m", "", "serial", "FS 1", "FS 2").problems())
        .singleElement()
        .asString()
        .contains("plain texts");
    assertThat(new IdentitiesDocument("m", "", "serial", null, "FS-2").problems()).isNotEmpty();
  }

  @Test
  void aDocumentInAnothersPlaceIsRefused() throws DocumentException {
    KeyValue item = new KeyValue("/pools/silver", Documents.write(POOL), 1, 1, 1, 0);
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read(item, PoolDocument.class))
        .withMessageContaining("belongs to /pools/gold");
    KeyValue right = new KeyValue("/pools/gold", Documents.write(POOL), 1, 1, 1, 0);
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read(right, ServerDocument.class))
        .withMessageContaining("of kind 'pool'");
  }

  @Test
  void fuzz() throws DocumentException {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = Documents.write(ALL.get(random.nextInt(ALL.size()))).toArray();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "{}[]\",:0n".charAt(random.nextInt(9)));
      }
      try {
        Document document = Documents.read("/x", Bytes.of(bytes));
        assertThat(document.problems()).isEmpty();
      } catch (DocumentException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("/x: ");
      } catch (RuntimeException e) {
        throw new AssertionError(Fuzz.again(seed) + ": " + Bytes.of(bytes).utf8(), e);
      }
    }
    assertThat(refused).isPositive();
  }
}
