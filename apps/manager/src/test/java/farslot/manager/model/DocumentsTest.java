package farslot.manager.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.ProfileDocument.Qos;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ProfileDocument.Slot;
import farslot.store.Bytes;
import farslot.store.KeyValue;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final PoolDocument POOL =
      new PoolDocument(
          "gold", "", "nvme", 1L << 40, List.of("a1/disk0", "a1/disk1"), List.of("a1/disk1"));
  private static final ProfileDocument PROFILE =
      new ProfileDocument(
          "web",
          "server-a",
          "vm1",
          List.of(
              new Slot("boot", "", "gold", Map.of("serial", "S1"), 1, new Qos(1000, 2000, 0)),
              new Slot("nic", "a1/nic0.vf0", "", Map.of("mac", "02:00:00:00:00:01"), 0, null)),
          Sanitise.FORMAT);
  private static final List<Document> ALL =
      List.of(
          POOL,
          PROFILE,
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
        .isEqualTo(new ProfileDocument("p", "", "", List.of(), Sanitise.NONE));
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
    long seed = Long.getLong("farslot.fuzz.seed", 20261122L);
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
        throw new AssertionError("-Dfarslot.fuzz.seed=" + seed + ": " + Bytes.of(bytes).utf8(), e);
      }
    }
    assertThat(refused).isPositive();
  }
}
