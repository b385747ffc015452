package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionOrder;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.Qos;
import farslot.appliance.Peer.Answer;
import farslot.link.AttachRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An appliance and its servers over real TCP, with a manager that this test is. */
@Timeout(300)
class ManagementTest {
  private static final int DISK_BYTES = 1 << 20;

  @TempDir Path dir;

  private Appliance appliance() throws IOException {
    Map<String, Object> disk =
        Map.of(
            "name",
            "disk0",
            "card",
            "nvme",
            "serial",
            "OWN0",
            "namespaces",
            List.of(Map.of("file", image().toString(), "size", DISK_BYTES)));
    Map<String, Object> nic =
        Map.of(
            "name",
            "nic0",
            "card",
            "nic82599",
            "functions",
            List.of(Map.of("mac", "02:00:5e:10:00:01"), Map.of("mac", "02:00:5e:10:00:02")));
    Map<String, Object> broken =
        Map.of(
            "name",
            "disk1",
            "card",
            "nvme",
            "namespaces",
            List.of(Map.of("file", dir.resolve("nowhere/x").toString())));
    Map<String, Object> values = new HashMap<>();
    values.put("name", "rack1");
    values.put("listen", "127.0.0.1:0");
    values.put("state-dir", dir.resolve("state").toString());
    values.put("hold-time", "1s");
    values.put("manager", ApplianceConfig.MANAGER_HERE);
    values.put("slots", List.of(disk, nic, broken));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    return appliance;
  }

  private Path image() {
    return dir.resolve("disk0.img");
  }

  private static FunctionOrder to(String server, long epoch) {
    return new FunctionOrder("disk0", epoch, server, epoch, Map.of(), Qos.NONE, "");
  }

  private static FunctionOrder fenced(long floor, String sanitise) {
    return new FunctionOrder("disk0", floor, "", 0, Map.of(), Qos.NONE, sanitise);
  }

  private static void obey(Appliance appliance, FunctionOrder... orders) throws Exception {
    management(appliance).apply(new ApplianceOrders(1, List.of(orders), List.of()));
  }

  private static Management management(Appliance appliance) {
    return appliance.management().orElseThrow();
  }

  private static FunctionReport report(Appliance appliance, String function) throws Exception {
    return management(appliance).report().functions().stream()
        .filter(each -> each.name().equals(function))
        .findFirst()
        .orElseThrow();
  }

  private static boolean reports(
      Appliance appliance, java.util.function.Predicate<FunctionReport> what) {
    try {
      return what.test(report(appliance, "disk0"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tellsWhatItHouses() throws Exception {
    try (Appliance appliance = appliance()) {
      ApplianceReport report = management(appliance).report();
      assertThat(report.name()).isEqualTo("rack1");
      assertThat(report.addresses()).containsExactly("127.0.0.1:" + appliance.port());
      assertThat(report.software()).isNotEmpty();
      FunctionReport disk = report(appliance, "disk0");
      assertThat(disk.card()).isEqualTo("nvme");
      assertThat(disk.deviceId()).isEqualTo("fa51:0001");
      assertThat(disk.classCode()).isEqualTo(0x010802);
      assertThat(disk.capacityBytes()).isEqualTo(DISK_BYTES);
      assertThat(disk.identity()).containsEntry("serial", "OWN0");
      assertThat(disk.present()).isTrue();
      assertThat(report(appliance, "nic0.vf1").identity())
          .containsEntry("mac", "02:00:5e:10:00:02");
      FunctionReport broken = report(appliance, "disk1");
      assertThat(broken.present()).isFalse();
      assertThat(broken.cause()).contains("nowhere");
      assertThat(broken.card()).isEqualTo("nvme");
    }
  }

  @Test
  void nobodyMayHaveWhatNobodyWasGiven() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      for (long epoch = 0; epoch < 3; epoch++) {
        Answer answer = a.ask("disk0", epoch);
        assertThat(answer.refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
        assertThat(answer.text).contains("nobody");
      }
    }
  }

  @Test
  void onlyTheServerOfTheAssignmentGetsItAndOnlyUnderItsEpoch() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, to("a", 5));
      assertThat(report(appliance, "disk0").floor()).isEqualTo(5);
      assertThat(b.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      assertThat(a.ask("disk0", 4).refusal).isEqualTo(AttachRefusal.STALE_EPOCH);
      assertThat(a.ask("disk0", 6).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      assertThat(a.ask("disk0", 0).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      assertThat(a.ask("nic0.vf0", 5).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      Answer had = a.ask("disk0", 5);
      assertThat(had.refusal).as(had.text).isNull();
      assertThat(had.stream.epoch()).isEqualTo(5);
      assertThat(report(appliance, "disk0").holder()).isEqualTo("a");
      assertThat(report(appliance, "disk0").epoch()).isEqualTo(5);
    }
  }

  /**
   * Its process has died and comes again: the assignment is the same, the epoch on the wire not.
   */
  @Test
  void theSameServerComesBackUnderTheSameAssignment() throws Exception {
    try (Appliance appliance = appliance()) {
      obey(appliance, to("a", 5));
      for (long wire = 5; wire < 8; wire++) {
        try (Peer a = new Peer("a", appliance.port())) {
          assertThat(a.have("disk0", 5).stream.epoch()).isEqualTo(wire);
        }
      }
    }
  }

  @Test
  void anOwnerThatIsShutOutLosesItBeforeThatIsConfirmed() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, to("a", 5));
      Answer had = a.have("disk0", 5);
      obey(appliance, fenced(6, ""));
      FunctionReport report = report(appliance, "disk0");
      assertThat(report.floor()).isEqualTo(6);
      assertThat(report.holder()).isEmpty();
      Peer.await("a hears of it", () -> had.down);
      assertThat(a.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.STALE_EPOCH);
      obey(appliance, to("b", 7));
      assertThat(a.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.STALE_EPOCH);
      assertThat(a.ask("disk0", 7).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      assertThat(b.have("disk0", 7).stream.epoch()).isEqualTo(7);
      assertThat(a.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.HELD);
    }
  }

  /** From one server to the other in one step, as after both were told late. */
  @Test
  void anotherServersOrderTakesItFromTheFirst() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, to("a", 5));
      Answer had = a.have("disk0", 5);
      obey(appliance, to("b", 9));
      Peer.await("a hears of it", () -> had.down);
      assertThat(b.have("disk0", 9).stream.epoch()).isEqualTo(9);
      obey(appliance, to("a", 5));
      assertThat(report(appliance, "disk0").holder()).as("an old order").isEqualTo("b");
      assertThat(report(appliance, "disk0").floor()).isEqualTo(9);
    }
  }

  @Test
  void theSameOrderAgainDisturbsNobody() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      obey(appliance, to("a", 5));
      Answer had = a.have("disk0", 5);
      for (int i = 0; i < 3; i++) {
        obey(appliance, to("a", 5));
      }
      obey(
          appliance,
          new FunctionOrder("disk0", 5, "a", 5, Map.of(), new Qos(0, 2_000_000, 0, 0), ""));
      assertThat(report(appliance, "disk0").holder()).isEqualTo("a");
      assertThat(had.down).isFalse();
    }
  }

  @Test
  void whatNoOrderNamesIsNobodys() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      obey(appliance, to("a", 5));
      Answer had = a.have("disk0", 5);
      obey(appliance);
      Peer.await("a hears of it", () -> had.down);
      assertThat(report(appliance, "disk0").floor()).isEqualTo(5);
      assertThat(a.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
    }
  }

  /** There is no manager when it starts again: what was ordered last counts, and nothing else. */
  @Test
  void aRestartedApplianceKeepsItsOrders() throws Exception {
    try (Appliance appliance = appliance()) {
      obey(appliance, to("a", 5));
    }
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      assertThat(report(appliance, "disk0").floor()).isEqualTo(5);
      assertThat(b.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.NOT_ALLOWED);
      Answer had = a.have("disk0", 5);
      assertThat(had.stream.epoch()).as("higher than all before the restart").isGreaterThan(5);
      obey(appliance, fenced(6, ""));
      Peer.await("a hears of it", () -> had.down);
    }
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      assertThat(a.ask("disk0", 5).refusal).isEqualTo(AttachRefusal.STALE_EPOCH);
    }
  }

  @Test
  void ordersThatTheDiskDoesNotTakeShutOutButLetNobodyIn() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, to("a", 5));
      Answer had = a.have("disk0", 5);
      // A directory is in the way of the file that is written.
      Path inTheWay = dir.resolve("state/grants.json.new");
      Files.createDirectories(inTheWay.resolve("x"));
      assertThatThrownBy(() -> obey(appliance, to("b", 9))).isInstanceOf(IOException.class);
      Peer.await("a hears of it", () -> had.down);
      FunctionReport report = report(appliance, "disk0");
      assertThat(report.floor()).as("not confirmed").isEqualTo(5);
      assertThat(report.problem()).contains("cannot be kept");
      assertThat(b.ask("disk0", 9).refusal).isNotNull();
      assertThat(a.ask("disk0", 5).refusal).isNotNull();
      Files.delete(inTheWay.resolve("x"));
      Files.delete(inTheWay);
      obey(appliance, to("b", 9));
      assertThat(report(appliance, "disk0").problem()).isEmpty();
      assertThat(b.have("disk0", 9).stream.epoch()).isEqualTo(9);
    }
  }

  @Test
  void ordersThatTheDiskDidNotTakeAreKeptWhenItDoes() throws Exception {
    try (Appliance appliance = appliance()) {
      Path inTheWay = dir.resolve("state/grants.json.new");
      Files.createDirectories(inTheWay.resolve("x"));
      management(appliance).obey(new ApplianceOrders(1, List.of(to("a", 5)), List.of()));
      assertThat(report(appliance, "disk0").floor()).isZero();
      Files.delete(inTheWay.resolve("x"));
      Files.delete(inTheWay);
      assertThat(report(appliance, "disk0").floor()).isEqualTo(5);
      assertThat(report(appliance, "disk0").problem()).isEmpty();
    }
  }

  @Test
  void sanitisingBlocksTheNextOwnerUntilItIsDoneAndLasts() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port());
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, to("a", 5));
      a.have("disk0", 5);
      byte[] secret = new byte[DISK_BYTES];
      Arrays.fill(secret, (byte) 7);
      Files.write(image(), secret);
      obey(appliance, fenced(6, "job-6:format"));
      Peer.await("it is done", () -> reports(appliance, r -> r.sanitised().equals("job-6")));
      assertThat(Files.readAllBytes(image())).hasSize(DISK_BYTES).containsOnly(0);
      Files.write(image(), secret);
      obey(appliance, fenced(6, "job-6:format"));
      obey(appliance, to("b", 7));
      b.have("disk0", 7);
      assertThat(Files.readAllBytes(image())).as("a job is done once").containsOnly(7);
    }
    try (Appliance appliance = appliance()) {
      assertThat(report(appliance, "disk0").sanitised()).isEqualTo("job-6");
    }
  }

  @Test
  void whatCannotBeSanitisedStaysBlockedOverRestarts() throws Exception {
    FunctionOrder order =
        new FunctionOrder("disk0", 7, "b", 7, Map.of(), Qos.NONE, "job-6:shredding");
    try (Appliance appliance = appliance();
        Peer b = new Peer("b", appliance.port())) {
      obey(appliance, order);
      Peer.await("it is said", () -> reports(appliance, r -> r.problem().contains("shredding")));
      Answer answer = b.ask("disk0", 7);
      assertThat(answer.refusal).isEqualTo(AttachRefusal.NOT_READY);
      assertThat(answer.text).contains("shredding");
    }
    try (Appliance appliance = appliance();
        Peer b = new Peer("b", appliance.port())) {
      assertThat(b.ask("disk0", 7).refusal).isEqualTo(AttachRefusal.NOT_READY);
      assertThat(report(appliance, "disk0").sanitised()).isEmpty();
      obey(appliance, new FunctionOrder("disk0", 7, "b", 7, Map.of(), Qos.NONE, "job-6:format"));
      b.have("disk0", 7);
      assertThat(report(appliance, "disk0").sanitised()).isEqualTo("job-6");
    }
  }

  /** Nobody loses data that somebody has: such an order waits until the function is free. */
  @Test
  void nothingIsSanitisedUnderAServer() throws Exception {
    try (Appliance appliance = appliance()) {
      try (Peer a = new Peer("a", appliance.port())) {
        obey(appliance, to("a", 5));
        a.have("disk0", 5);
        byte[] data = new byte[DISK_BYTES];
        Arrays.fill(data, (byte) 7);
        Files.write(image(), data);
        obey(appliance, new FunctionOrder("disk0", 5, "a", 5, Map.of(), Qos.NONE, "j:format"));
        assertThat(report(appliance, "disk0").holder()).isEqualTo("a");
        assertThat(report(appliance, "disk0").sanitised()).isEmpty();
        assertThat(Files.readAllBytes(image())).containsOnly(7);
      }
      Peer.await("it is done", () -> reports(appliance, r -> r.sanitised().equals("j")));
      assertThat(Files.readAllBytes(image())).containsOnly(0);
    }
  }

  @Test
  void anIdentityIsGivenWithTheAssignmentAndTakenBackAfterIt() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      Map<String, String> mac = Map.of("mac", "02:00:5e:10:00:77");
      obey(appliance, new FunctionOrder("nic0.vf0", 5, "a", 5, mac, Qos.NONE, ""));
      a.have("nic0.vf0", 5);
      assertThat(report(appliance, "nic0.vf0").identity()).isEqualTo(mac);
      obey(appliance, new FunctionOrder("nic0.vf0", 6, "", 0, Map.of(), Qos.NONE, "j:identity"));
      Map<String, String> own = Map.of("mac", "02:00:5e:10:00:01");
      Peer.await(
          "it has its own again",
          () -> {
            try {
              return report(appliance, "nic0.vf0").identity().equals(own)
                  && report(appliance, "nic0.vf0").sanitised().equals("j");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  @Test
  void anIdentityThatCannotBeHadLetsNobodyIn() throws Exception {
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      Map<String, String> taken = Map.of("mac", "02:00:5e:10:00:02");
      obey(appliance, new FunctionOrder("nic0.vf0", 5, "a", 5, taken, Qos.NONE, ""));
      Answer answer = a.ask("nic0.vf0", 5);
      assertThat(answer.refusal).isEqualTo(AttachRefusal.NOT_READY);
      assertThat(answer.text).contains("identity", "no other port");
      assertThat(report(appliance, "nic0.vf0").problem()).contains("identity");
      obey(appliance, new FunctionOrder("nic0.vf0", 5, "a", 5, Map.of(), Qos.NONE, ""));
      a.have("nic0.vf0", 5);
      assertThat(report(appliance, "nic0.vf0").problem()).isEmpty();
    }
  }

  @Test
  void changesAreAnnounced() throws Exception {
    AtomicInteger changes = new AtomicInteger();
    try (Appliance appliance = appliance();
        Peer a = new Peer("a", appliance.port())) {
      management(appliance).onChange(changes::incrementAndGet);
      obey(appliance, to("a", 5));
      int before = changes.get();
      a.have("disk0", 5);
      Peer.await("that it is lent", () -> changes.get() > before);
      assertThat(report(appliance, "disk0").load().bytesDown()).isNotNegative();
    }
  }

  @Test
  void withoutAManagerItIsAsItWas() throws Exception {
    Map<String, Object> values =
        Map.of(
            "listen",
            "127.0.0.1:0",
            "state-dir",
            dir.resolve("state").toString(),
            "slots",
            List.of(
                Map.of(
                    "name",
                    "disk0",
                    "card",
                    "nvme",
                    "namespaces",
                    List.of(Map.of("ram", "1MiB")))));
    try (Appliance appliance = new Appliance(ApplianceConfig.of("test", values))) {
      appliance.start();
      assertThat(appliance.management()).isEmpty();
      try (Peer a = new Peer("a", appliance.port())) {
        assertThat(a.ask("disk0", 0).stream.epoch()).isEqualTo(1);
      }
    }
  }
}
