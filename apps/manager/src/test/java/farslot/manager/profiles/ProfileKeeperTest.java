package farslot.manager.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.agent.RailReport;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.SanitiseDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileKeeperTest {
  private static final String WEB =
      """
      kind: Pool
      name: gold
      card: nvme
      ---
      kind: Pool
      name: nics
      card: nic82599
      spares: [a2/nic0]
      ---
      kind: Pool
      name: standby
      servers: [hv2/vm1, hv3/vm1]
      ---
      kind: Profile
      name: web
      server: hv1
      guest: vm1
      on-server-death: move
      server-pool: standby
      slots:
        - {name: boot, pool: gold}
        - {name: nic, pool: nics, spare: true, identity: {mac: 02:00:00:00:00:01}}
      """;
  private static final Map<String, String> ON_HV1 =
      Map.of("a1/disk0", "hv1/vm1", "a1/nic0", "hv1/vm1");

  @TempDir Path dir;
  private Lab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new Lab(dir);
    lab.appliance("a1", List.of(1L << 30), 1);
    lab.appliance("a2", List.of(1L << 30), 1);
    for (String server : List.of("hv1", "hv2", "hv3")) {
      lab.server(server, "vm1", "vm2");
    }
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private void applied() throws Exception {
    lab.apply(WEB);
    lab.settle();
    assertThat(lab.attached()).isEqualTo(ON_HV1);
    assertThat(lab.changesUnderWay()).isZero();
  }

  private void move(String server, String guest) throws Exception {
    lab.apply(Wish.of(List.of(lab.profile("web").at(server, guest))));
  }

  private String last(String what) throws Exception {
    return lab.events().stream()
        .filter(each -> each.startsWith(what + ": "))
        .reduce((_, last) -> last)
        .orElse("");
  }

  @Test
  void aProfileMovesAsAWhole() throws Exception {
    applied();
    move("hv2", "vm1");
    lab.settle();
    assertThat(lab.attached()).isEqualTo(Map.of("a1/disk0", "hv2/vm1", "a1/nic0", "hv2/vm1"));
    assertThat(last("applied")).contains("change of web: all is as wished");
    assertThat(lab.events().stream().filter(each -> each.startsWith("moved"))).hasSize(2);
  }

  /** One guest does not let go of one function: all four are where they were. */
  @Test
  void whatCannotBeDoneIsPutBack() throws Exception {
    applied();
    ProfileDocument before = lab.profile("web");
    lab.stubborn.add("hv1/vm1");
    move("hv2", "vm1");
    lab.settle();
    assertThat(lab.profile("web")).isEqualTo(before);
    assertThat(lab.attached()).isEqualTo(ON_HV1);
    assertThat(lab.changesUnderWay()).isZero();
    assertThat(last("rolled-back"))
        .contains("change of web: put back as it was: a1/", "hv1/vm1 did not let go of it");
  }

  @Test
  void whatCameNewIsGoneAgain() throws Exception {
    applied();
    lab.stubborn.add("hv1/vm1");
    String larger =
        WEB.replace("guest: vm1", "guest: vm2")
            + "  - {name: data, pool: gold}\n---\nkind: Pool\nname: more\n";
    lab.apply(larger);
    assertThat(lab.slots("web")).hasSize(3);
    lab.settle();
    assertThat(lab.slots("web")).isEqualTo(Map.of("boot", "a1/disk0", "nic", "a1/nic0"));
    assertThat(lab.attached()).isEqualTo(ON_HV1);
    assertThat(lab.fabric().any(Paths.pool("more"))).isEmpty();
    assertThat(lab.fabric().assignment("a2/disk0")).isEmpty();
  }

  /** Of two functions one has moved already when the other cannot. */
  @Test
  void whatHasMovedMovesBack() throws Exception {
    applied();
    lab.apply(Wish.of(List.of(lab.profile("web").at("hv2", "vm1"))));
    lab.unmovable.add("a1/nic0");
    lab.pass(119);
    assertThat(lab.attached()).isEqualTo(Map.of("a1/disk0", "hv2/vm1"));
    assertThat(lab.changesUnderWay()).isEqualTo(1);
    lab.pass(2);
    assertThat(last("rolled-back")).contains("not done within 120 s: a1/nic0");
    assertThat(lab.profile("web").server()).isEqualTo("hv1");
    lab.unmovable.clear();
    lab.settle();
    assertThat(lab.attached()).isEqualTo(ON_HV1);
  }

  /** That a guest does not run is no reason to put anything back. */
  @Test
  void whatWaitsForItsGuestIsAccepted() throws Exception {
    applied();
    lab.asleep.add("hv2/vm1");
    lab.apply(Wish.of(List.of(lab.profile("web").at("hv2", "vm1"))));
    lab.pass(119);
    assertThat(lab.changesUnderWay()).isEqualTo(1);
    lab.pass(2);
    assertThat(last("applied"))
        .contains("accepted; to be had when the server comes: a1/disk0, a1/nic0");
    assertThat(lab.profile("web").server()).isEqualTo("hv2");
    lab.asleep.clear();
    lab.settle();
    assertThat(lab.attached()).containsEntry("a1/nic0", "hv2/vm1");
  }

  @Test
  void aServerThatDiesLosesItsProfile() throws Exception {
    applied();
    lab.dead.add("hv1");
    lab.dead.add("hv2");
    lab.pass(9);
    assertThat(lab.profile("web").server()).isEqualTo("hv1");
    lab.pass(2);
    assertThat(lab.profile("web").server()).isEqualTo("hv3");
    assertThat(lab.attached()).isEqualTo(Map.of("a1/disk0", "hv3/vm1", "a1/nic0", "hv3/vm1"));
    assertThat(last("failed-over"))
        .contains("profile web: server hv1 has been gone for 10 s; it moves to hv3/vm1");
    // When it comes back, the profile stays where it is.
    lab.dead.clear();
    lab.pass(20);
    assertThat(lab.profile("web").server()).isEqualTo("hv3");
  }

  @Test
  void aServerThatIsAwayForAMomentKeepsIt() throws Exception {
    applied();
    for (int i = 0; i < 5; i++) {
      lab.dead.add("hv1");
      lab.pass(9);
      lab.dead.clear();
      lab.pass(1);
    }
    assertThat(lab.profile("web").server()).isEqualTo("hv1");
    assertThat(lab.attached()).isEqualTo(ON_HV1);
  }

  /** The clock of day may say what it wants. */
  @Test
  void aClockThatJumpsMovesNothing() throws Exception {
    applied();
    lab.dead.add("hv1");
    lab.pass(2);
    lab.nowMs += 365L * 24 * 3_600_000;
    lab.settle();
    assertThat(lab.profile("web").server()).isEqualTo("hv1");
    lab.nowMs = 2_000_000;
    lab.pass(9);
    assertThat(lab.profile("web").server()).isEqualTo("hv2");
  }

  @Test
  void withoutCandidateItIsToldOnce() throws Exception {
    applied();
    lab.dead.addAll(Set.of("hv1", "hv2", "hv3"));
    lab.pass(30);
    assertThat(lab.events().stream().filter(each -> each.startsWith("stranded"))).hasSize(1);
    assertThat(last("stranded")).contains("no candidate is there and free");
    lab.dead.remove("hv2");
    lab.pass(1);
    assertThat(lab.profile("web").server()).isEqualTo("hv2");
  }

  @Test
  void twoProfilesOfADeadServerGetACandidateEach() throws Exception {
    lab.apply(WEB);
    lab.apply(
        """
        kind: Profile
        name: db
        server: hv1
        guest: vm2
        on-server-death: move
        server-pool: standby
        slots: [{name: boot, pool: gold}]
        """);
    lab.settle();
    lab.dead.add("hv1");
    lab.pass(11);
    assertThat(Set.of(lab.profile("web").server(), lab.profile("db").server()))
        .isEqualTo(Set.of("hv2", "hv3"));
  }

  @Test
  void whoIsToStayStays() throws Exception {
    lab.apply(WEB.replace("on-server-death: move\n", ""));
    lab.settle();
    lab.dead.add("hv1");
    lab.pass(100);
    assertThat(lab.profile("web").server()).isEqualTo("hv1");
  }

  @Test
  void aSpareTakesOverWithTheSameMac() throws Exception {
    applied();
    lab.dead.add("a1");
    lab.broken.addAll(Set.of("a1/nic0", "a1/disk0"));
    lab.pass(9);
    assertThat(lab.slots("web")).containsEntry("nic", "a1/nic0");
    lab.pass(2);
    assertThat(lab.slots("web")).isEqualTo(Map.of("boot", "a1/disk0", "nic", "a2/nic0"));
    assertThat(lab.attached()).containsEntry("a2/nic0", "hv1/vm1").doesNotContainKey("a1/nic0");
    AssignmentDocument nic = lab.fabric().assignment("a2/nic0").orElseThrow().document();
    assertThat(nic.terms().identity()).isEqualTo(Map.of("mac", "02:00:00:00:00:01"));
    assertThat(last("spare-taken"))
        .contains("profile web, slot nic: a1/nic0 is lost, appliance a1 has been silent for 10 s")
        .contains("a2/nic0 takes over with mac 02:00:00:00:00:01");
  }

  @Test
  void aGuestIsNotAskedToLetGoOfWhatIsLost() throws Exception {
    applied();
    lab.stubborn.add("hv1/vm1");
    lab.dead.add("a1");
    lab.broken.add("a1/nic0");
    lab.pass(11);
    assertThat(lab.attached()).containsEntry("a2/nic0", "hv1/vm1").doesNotContainKey("a1/nic0");
  }

  @Test
  void aCardThatIsPulledIsAskedFor() throws Exception {
    applied();
    lab.stubborn.add("hv1/vm1");
    lab.absent.add("a1/nic0");
    lab.pass(11);
    assertThat(lab.attached()).containsKey("a1/nic0");
  }

  /**
   * A function stays attached while its link is held; whether that carries anything, rails tell.
   */
  @Test
  void aServerWhoseRailsAreAllDownHasNothingThatWorks() {
    RailReport down = new RailReport("a1", "tcp 10.0.0.5:7580", false, "", 0, 0, 0, "refused");
    RailReport up = new RailReport("a1", "tcp 10.0.1.5:7580", true, "", 0, 0, 0, "");
    RailReport other = new RailReport("a2", "tcp 10.0.2.5:7580", true, "", 0, 0, 0, "");
    assertThat(ViewFacts.anyUp(List.of(down, other), "a1")).isFalse();
    assertThat(ViewFacts.anyUp(List.of(down, up, other), "a1")).isTrue();
    assertThat(ViewFacts.anyUp(List.of(down, other), "a2")).isTrue();
    assertThat(ViewFacts.anyUp(List.of(down, other), "a3")).isTrue();
  }

  /** The manager does not hear of the appliance, and its server does. */
  @Test
  void whatWorksIsNotReplaced() throws Exception {
    applied();
    lab.dead.add("a1");
    lab.pass(60);
    assertThat(lab.slots("web")).containsEntry("nic", "a1/nic0");
    lab.broken.add("a1/nic0");
    lab.pass(11);
    assertThat(lab.slots("web")).containsEntry("nic", "a2/nic0");
  }

  @Test
  void aCardThatIsPulledIsReplaced() throws Exception {
    applied();
    lab.absent.add("a1/nic0");
    lab.pass(11);
    assertThat(lab.slots("web")).containsEntry("nic", "a2/nic0");
    assertThat(last("spare-taken")).contains("a1/nic0 is lost, its card has been gone for 10 s");
  }

  @Test
  void withoutSpareItIsToldOnce() throws Exception {
    applied();
    lab.absent.addAll(Set.of("a1/nic0", "a2/nic0"));
    lab.pass(30);
    assertThat(lab.events().stream().filter(each -> each.startsWith("unspared"))).hasSize(1);
    assertThat(last("unspared")).contains("pool nics has no spare for it");
    lab.absent.remove("a2/nic0");
    lab.pass(1);
    assertThat(lab.slots("web")).containsEntry("nic", "a2/nic0");
  }

  @Test
  void oneChangeAtATimeUnlessForced() throws Exception {
    applied();
    lab.dead.add("a1");
    move("hv2", "vm1");
    lab.step();
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> move("hv3", "vm1"))
        .satisfies(
            e -> {
              assertThat(e.error()).isEqualTo(ApiError.CONFLICT);
              assertThat(e.why()).contains("profile/web is just being changed");
            });
    lab.apply(Wish.of(List.of(lab.profile("web").at("hv3", "vm1"))).forced(true));
    lab.dead.clear();
    lab.settle();
    assertThat(lab.attached()).isEqualTo(Map.of("a1/disk0", "hv3/vm1", "a1/nic0", "hv3/vm1"));
    assertThat(lab.changesUnderWay()).isZero();
  }

  @Test
  void byForceNobodyIsAsked() throws Exception {
    applied();
    lab.stubborn.add("hv1/vm1");
    lab.apply(Wish.of(List.of(lab.profile("web").at("hv2", "vm1"))).forced(true));
    lab.settle();
    assertThat(lab.attached()).isEqualTo(Map.of("a1/disk0", "hv2/vm1", "a1/nic0", "hv2/vm1"));
  }

  @Test
  void whatAProfileLeavesIsSanitisedAndWhatItTakesAlongIsNot() throws Exception {
    lab.apply(WEB.replace("guest: vm1\n", "guest: vm1\nsanitise: format\n"));
    lab.settle();
    move("hv2", "vm1");
    lab.settle();
    assertThat(lab.events()).noneMatch(each -> each.startsWith("sanitised"));
    lab.sanitisingSlowly = true;
    lab.apply(Wish.without(Paths.profile("web")).forced(true));
    lab.settle();
    assertThat(lab.fabric().all(SanitiseDocument.class)).hasSize(2);
    lab.apply("kind: Profile\nname: db\nserver: hv1\nslots: [{name: x, function: a1/disk0}]");
    lab.settle();
    lab.pass(300); // It takes as long as it takes.
    assertThat(lab.attached()).isEmpty();
    assertThat(lab.profile("db").server()).isEqualTo("hv1");
    lab.sanitisingSlowly = false;
    lab.settle();
    assertThat(lab.attached()).containsEntry("a1/disk0", "hv1");
  }

  @Test
  void termsChangeWhileInUseAndIdentitiesByGoingAndComing() throws Exception {
    applied();
    long epoch = lab.fabric().assignment("a1/nic0").orElseThrow().document().epoch();
    String qos =
        WEB.replace("pool: nics, spare", "pool: nics, qos: {peak-bytes-per-second: 5}, spare");
    assertThat(lab.apply(qos).steps().stream().map(PlanStep::toString))
        .contains("adjust a1/nic0: at hv1/vm1 (while in use)");
    lab.settle();
    AssignmentDocument adjusted = lab.fabric().assignment("a1/nic0").orElseThrow().document();
    assertThat(adjusted.epoch()).isEqualTo(epoch);
    assertThat(adjusted.terms().qos().peakBytesPerSecond()).isEqualTo(5);
    assertThat(adjusted.phase()).isEqualTo(AssignmentDocument.Phase.ATTACHED);
    assertThat(lab.apply(qos.replace("00:01}", "00:02}")).steps().stream().map(PlanStep::toString))
        .contains("renew a1/nic0: at hv1/vm1 (its identity changes)");
    lab.settle();
    AssignmentDocument renewed = lab.fabric().assignment("a1/nic0").orElseThrow().document();
    assertThat(renewed.epoch()).isGreaterThan(epoch);
    assertThat(renewed.terms().identity()).isEqualTo(Map.of("mac", "02:00:00:00:00:02"));
  }

  /** Somebody deletes the profile while it is on its way, fenced already: it is sanitised. */
  @Test
  void whatIsGivenUpOnItsWayIsSanitised() throws Exception {
    lab.apply(WEB.replace("guest: vm1\n", "guest: vm1\nsanitise: format\n"));
    lab.settle();
    move("hv2", "vm1");
    for (int i = 0; i < 10 && phase("a1/disk0") != AssignmentDocument.Phase.FENCED; i++) {
      lab.step();
    }
    assertThat(phase("a1/disk0")).isEqualTo(AssignmentDocument.Phase.FENCED);
    lab.apply(Wish.without(Paths.profile("web")).forced(true));
    lab.nowMs++;
    lab.keeper
        .look(lab.fabric(), lab, lab.nowNs, lab.nowMs)
        .transactions()
        .forEach(
            each -> {
              try {
                lab.store.commit(each);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    assertThat(lab.fabric().all(SanitiseDocument.class)).hasSize(2);
    lab.settle();
    assertThat(lab.fabric().all(AssignmentDocument.class)).isEmpty();
  }

  private AssignmentDocument.Phase phase(String function) throws Exception {
    return lab.fabric().assignment(function).orElseThrow().document().phase();
  }

  /** What nobody has asked for again is tried again, but not at once and for ever. */
  @Test
  void aRefusalIsNotRepeatedAtOnce() throws Exception {
    applied();
    lab.stubborn.add("hv1/vm1");
    lab.absent.add("a1/nic0"); // The spare takes over, and the guest keeps the old one.
    lab.pass(12);
    long asked = lab.events().stream().filter(each -> each.startsWith("kept")).count();
    assertThat(asked).isEqualTo(1);
    lab.pass(55);
    assertThat(lab.events().stream().filter(each -> each.startsWith("kept"))).hasSize(1);
    lab.pass(10);
    assertThat(lab.events().stream().filter(each -> each.startsWith("kept"))).hasSize(2);
  }
}
