package farslot.manager.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Paths;
import farslot.manager.model.Slot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final long TIB = 1L << 40;
  private static final String POOLS =
      """
      kind: Pool
      name: gold
      card: nvme
      ---
      kind: Pool
      name: nics
      card: nic82599
      ---
      kind: Identities
      name: macs
      what: mac
      from: 02:f5:00:00:00:01
      to: 02:f5:00:00:00:03
      """;
  private static final String WEB =
      """
      kind: Profile
      name: web
      server: hv1
      guest: vm1
      slots:
        - {name: boot, pool: gold, boot-order: 1}
        - {name: data, pool: gold, capacity-bytes-min: 2TiB}
        - {name: nic, pool: nics, identity-from: {mac: macs}}
      """;

  @TempDir Path dir;
  private Lab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new Lab(dir);
    lab.appliance("a1", List.of(TIB, 4 * TIB, 2 * TIB), 2);
    lab.server("hv1", "vm1", "vm2");
    lab.server("hv2", "vm1");
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private ApiException refused(String yaml) throws Exception {
    return refused(() -> lab.plan(yaml));
  }

  private interface Attempt {
    void make() throws Exception;
  }

  private ApiException refused(Attempt attempt) throws Exception {
    long revision = lab.store.revision();
    ApiException[] refusal = new ApiException[1];
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(attempt::make)
        .satisfies(e -> refusal[0] = e);
    assertThat(lab.store.revision()).isEqualTo(revision);
    return refusal[0];
  }

  @Test
  void aProfileIsAppliedWithTheSmallestThatSuit() throws Exception {
    Plan plan = lab.apply(POOLS + "---\n" + WEB);
    assertThat(lab.slots("web"))
        .isEqualTo(Map.of("boot", "a1/disk0", "data", "a1/disk2", "nic", "a1/nic0"));
    assertThat(plan.steps().stream().map(PlanStep::toString))
        .containsExactly(
            "create pool/gold: created",
            "create pool/nics: created",
            "create identities/macs: created",
            "create profile/web: created",
            "bind a1/disk0: into slot boot of profile/web (chosen from pool gold)",
            "bind a1/disk2: into slot data of profile/web (chosen from pool gold)",
            "bind a1/nic0: into slot nic of profile/web (chosen from pool nics)",
            "attach a1/disk0: to hv1/vm1",
            "attach a1/disk2: to hv1/vm1",
            "attach a1/nic0: to hv1/vm1");
    lab.settle();
    assertThat(lab.attached())
        .isEqualTo(Map.of("a1/disk0", "hv1/vm1", "a1/disk2", "hv1/vm1", "a1/nic0", "hv1/vm1"));
    assertThat(lab.changesUnderWay()).isZero();
    AssignmentDocument nic = lab.fabric().assignment("a1/nic0").orElseThrow().document();
    assertThat(nic.terms().identity()).isEqualTo(Map.of("mac", "02:f5:00:00:00:01"));
    assertThat(nic.slot()).isEqualTo("nic");
    assertThat(lab.plan(POOLS + "---\n" + WEB).isEmpty()).isTrue();
    assertThat(lab.plan(Manifest.write(lab.profile("web"))).isEmpty()).isTrue();
  }

  @Test
  void theDiffIsUnified() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    String changed = WEB.replace("boot-order: 1", "boot-order: 2").replace("vm1", "vm2");
    Plan plan = lab.plan(changed);
    assertThat(plan.diff())
        .isEqualTo(
            """
            --- profiles/web
            +++ profiles/web
            @@ -1,11 +1,11 @@
             kind: Profile
             name: web
             server: hv1
            -guest: vm1
            +guest: vm2
             slots:
               - name: boot
                 pool: gold
            -    boot-order: 1
            +    boot-order: 2
                 bound-to: a1/disk0
               - name: data
                 pool: gold
            """);
    assertThat(plan.steps().stream().map(PlanStep::toString))
        .contains("move a1/disk0: from hv1/vm1 to hv1/vm2");
    assertThat(lab.plan("kind: Pool\nname: new\n").diff())
        .isEqualTo("--- /dev/null\n+++ pools/new\n@@ -0,0 +1,2 @@\n+kind: Pool\n+name: new\n");
  }

  /** A slot takes its second choice where only that makes room for another. */
  @Test
  void allSlotsGetOneIfThatIsPossible() throws Exception {
    lab.apply(
        """
        kind: Pool
        name: any
        card: nvme
        ---
        kind: Pool
        name: small
        functions: [a1/disk0]
        ---
        kind: Profile
        name: p
        server: hv1
        slots:
          - {name: one, pool: any}
          - {name: two, pool: small}
        """);
    assertThat(lab.slots("p")).isEqualTo(Map.of("one", "a1/disk2", "two", "a1/disk0"));
  }

  @Test
  void allOrNothing() throws Exception {
    ApiException refused =
        refused(
            POOLS
                + "---\n"
                + WEB
                + "  - {name: x1, pool: gold, capacity-bytes-min: 3TiB}\n"
                + "  - {name: x2, pool: gold, card: nvme, capacity-bytes-min: 3TiB}\n");
    assertThat(refused.error()).isEqualTo(ApiError.CONFLICT);
    assertThat(refused.why())
        .contains("profile/web, slot x2: there is no free nvme of at least 3298534883328 bytes")
        .contains("a1/disk0 has only 1099511627776 bytes")
        .contains("a1/disk1 is wanted by another slot");
    assertThat(refused.next()).isEqualTo("farslot describe pool gold");
    assertThat(lab.findProfile("web")).isEmpty();
  }

  @Test
  void whatIsNamedHasToBeThere() throws Exception {
    lab.apply(POOLS);
    assertThat(refused(WEB.replace("hv1", "hv9")).why()).contains("no server 'hv9'");
    assertThat(refused(WEB.replace("vm1", "vm9")).why()).contains("no guest 'vm9'", "vm1, vm2");
    ApiException all = refused(WEB.replace("pool: gold", "pool: lead").replace("macs", "names"));
    assertThat(all.error()).isEqualTo(ApiError.NOT_FOUND);
    assertThat(all.why())
        .contains("slot boot: there is no pool 'lead'", "slot data: there is no pool 'lead'")
        .contains("there are no identities 'names'");
    assertThat(refused(WEB.replace("{mac: macs}", "{serial: macs}")).why())
        .contains("'macs' are of kind mac, not serial");
    String own = "kind: Profile\nname: p\nserver: hv1\nslots: [{name: x, function: a1/%s}]\n";
    assertThat(refused(own.formatted("disk7")).error()).isEqualTo(ApiError.NOT_FOUND);
    lab.apply(WEB);
    assertThat(refused(own.formatted("disk0")).why())
        .contains("a1/disk0 is in slot boot of profile/web");
    lab.apply(own.formatted("disk1"));
    assertThat(lab.slots("p")).isEqualTo(Map.of("x", "a1/disk1"));
    assertThat(refused("kind: Profile\nname: q\nserver-pool: gold\n").why())
        .contains("pool 'gold' has no 'servers'");
  }

  @Test
  void whoHoldsItIsNamed() throws Exception {
    lab.apply(POOLS);
    Fabric fabric = lab.fabric();
    AssignmentDocument byHand = AssignmentDocument.wanted("a1/nic0", "hv2", "");
    lab.store.commit(new AssignmentChanges(1, "ann").assign(byHand, Optional.empty(), 0));
    assertThat(fabric.assignment("a1/nic0")).isEmpty();
    assertThat(
            refused("kind: Profile\nname: p\nserver: hv1\nslots: [{name: x, function: a1/nic0}]"))
        .hasMessageContaining("a1/nic0 is held by hv2");
    lab.apply(WEB);
    assertThat(lab.slots("web")).containsEntry("nic", "a1/nic1");
    lab.settle();
    assertThat(lab.attached()).containsEntry("a1/nic0", "hv2");
  }

  /** The plan was made, and somebody attached one of its functions before it was done. */
  @Test
  void whoComesSecondChangesNothing() throws Exception {
    lab.apply(POOLS);
    Plan plan = lab.plan(WEB);
    AssignmentDocument byHand = AssignmentDocument.wanted("a1/nic0", "hv2", "");
    lab.store.commit(new AssignmentChanges(1, "ann").assign(byHand, Optional.empty(), 0));
    assertThat(lab.store.commit(plan.transaction().orElseThrow()).succeeded()).isFalse();
    Plan other = lab.plan(WEB);
    lab.put(
        lab.fabric()
            .get(Paths.pool("gold"), farslot.manager.model.PoolDocument.class)
            .orElseThrow()
            .document());
    assertThat(lab.store.commit(other.transaction().orElseThrow()).succeeded()).isFalse();
    assertThat(lab.findProfile("web")).isEmpty();
    assertThat(lab.slots("web")).isEmpty();
  }

  @Test
  void aStaleRevisionIsAConflict() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    long read = lab.fabric().revision();
    Asker asker = new Asker("ann", "", read, Asker.WAIT_MS, 5_000);
    lab.apply(WEB.replace("boot-order: 1", "boot-order: 3"));
    ApiException refused =
        refused(
            () ->
                new Planner(lab.fabric(), lab)
                    .plan(Manifest.read("web.yaml", WEB.replace("vm1", "vm2")), false, asker));
    assertThat(refused.error()).isEqualTo(ApiError.CONFLICT);
    assertThat(refused.why())
        .contains("profile/web has been changed by revision", "after revision");
  }

  @Test
  void identitiesAreGivenOnceAndNeverTwice() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    assertThat(lab.profile("web").slot("nic").map(Slot::identity))
        .contains(Map.of("mac", "02:f5:00:00:00:01"));
    lab.apply(Wish.without(Paths.profile("web")).forced(true));
    lab.settle();
    assertThat(lab.attached()).isEmpty();
    lab.apply(WEB);
    assertThat(lab.profile("web").slot("nic").map(Slot::identity))
        .contains(Map.of("mac", "02:f5:00:00:00:02"));
    lab.settle();
    // The same range by another name goes on where the first one was.
    lab.apply(WEB.replace("identity-from: {mac: macs}", "boot-order: 0"));
    lab.settle();
    lab.apply(Wish.without(Paths.identities("macs")));
    String again =
        """
        kind: Identities
        name: names
        what: mac
        from: 02:f5:00:00:00:00
        to: 02:f5:00:00:00:03
        """;
    lab.apply(again);
    lab.apply(WEB.replace("macs", "names"));
    lab.settle();
    assertThat(lab.profile("web").slot("nic").map(Slot::identity))
        .contains(Map.of("mac", "02:f5:00:00:00:00"));
    String more =
        WEB.replace("name: web", "name: w2")
            .replace("- {name: boot, pool: gold, boot-order: 1}", "")
            .replace("- {name: data, pool: gold, capacity-bytes-min: 2TiB}", "")
            .replace("macs", "names");
    lab.apply(more);
    assertThat(lab.profile("w2").slot("nic").map(Slot::identity))
        .contains(Map.of("mac", "02:f5:00:00:00:03"));
    lab.settle();
    lab.apply(Wish.without(Paths.profile("w2")).forced(true));
    lab.settle();
    assertThat(refused(more).why()).contains("all identities of 'names' are given");
  }

  @Test
  void noTwoAreCalledTheSame() throws Exception {
    lab.apply(POOLS);
    String p = "kind: Profile\nname: %s\nslots: [{name: x, pool: nics, identity: {mac: %s}}]\n";
    lab.apply(p.formatted("p", "02:f5:00:00:00:01"));
    assertThat(refused(p.formatted("q", "02:F5:00:00:00:01")).why())
        .contains(
            "slot x of profile/p and slot x of profile/q both have the mac 02:f5:00:00:00:01");
    // What somebody has already is not given out.
    lab.apply(WEB);
    assertThat(lab.profile("web").slot("nic").map(Slot::identity))
        .contains(Map.of("mac", "02:f5:00:00:00:02"));
    assertThat(
            refused(
                    "kind: Identities\nname: m2\nwhat: mac\nfrom: 02:f5:00:00:00:03\n"
                        + "to: 02:f5:00:00:00:09\n")
                .why())
        .contains("identities/m2 and identities/macs have identities in common");
    assertThat(
            refused(
                    WEB.replace(
                        "identity-from", "identity: {mac: 02:00:00:00:00:09}, identity-from"))
                .why())
        .contains("the mac is given from 'macs' and is 02:f5:00:00:00:02, not 02:00:00:00:00:09");
  }

  @Test
  void whatIsInASlotStays() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    Map<String, String> before = lab.slots("web");
    lab.appliance("a0", List.of(TIB, 2 * TIB), 2); // Would be chosen first.
    assertThat(lab.plan(WEB).isEmpty()).isTrue();
    lab.apply(Wish.of(List.of(lab.profile("web").at("", ""))));
    lab.settle();
    assertThat(lab.attached()).isEmpty();
    assertThat(lab.slots("web")).isEqualTo(before);
    lab.apply(WEB.replace("hv1", "hv2"));
    lab.settle();
    assertThat(lab.slots("web")).isEqualTo(before);
    assertThat(lab.attached()).containsEntry("a1/disk0", "hv2/vm1").hasSize(3);
    lab.apply(Wish.of(List.of(lab.profile("web").at("", ""))));
    lab.settle();
    Wish release = new Wish(List.of(lab.profile("web")), Set.of(), Set.of("web"), false);
    lab.apply(release);
    assertThat(lab.slots("web")).isEmpty();
  }

  @Test
  void whenHardwareChangesTheNextApplyTakesAnother() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    // An appliance that is only away keeps its place.
    lab.dead.add("a1");
    assertThat(lab.plan(WEB).isEmpty()).isTrue();
    lab.dead.clear();
    lab.absent.add("a1/nic0");
    Plan plan = lab.apply(WEB);
    assertThat(plan.steps().stream().map(PlanStep::toString))
        .containsExactly(
            "unbind a1/nic0: out of slot nic of profile/web (a1/nic0 is gone)",
            "bind a1/nic1: into slot nic of profile/web (chosen from pool nics)",
            "detach a1/nic0: from hv1/vm1",
            "attach a1/nic1: to hv1/vm1");
    lab.settle();
    assertThat(lab.attached()).containsEntry("a1/nic1", "hv1/vm1").doesNotContainKey("a1/nic0");
    assertThat(lab.fabric().assignment("a1/nic1").orElseThrow().document().terms().identity())
        .isEqualTo(Map.of("mac", "02:f5:00:00:00:01"));
  }

  @Test
  void tenantsStayAmongThemselves() throws Exception {
    lab.apply(POOLS);
    lab.put(new FunctionDocument("a1", "nic0", "nic82599", "8086:10ed", 0, null, "red"));
    Asker blue = new Asker("bo", "blue", 0, Asker.WAIT_MS, 9_000);
    Planner planner = new Planner(lab.fabric(), lab);
    ApiException refused =
        refused(() -> planner.plan(Manifest.read("x", "kind: Pool\nname: gold\n"), false, blue));
    assertThat(refused.error()).isEqualTo(ApiError.FORBIDDEN);
    assertThat(
            refused(
                    () ->
                        planner.plan(
                            Manifest.read("x", "kind: Pool\nname: n\ntenant: red"), false, blue))
                .error())
        .isEqualTo(ApiError.FORBIDDEN);
    lab.foreign.add("hv1");
    assertThat(refused(() -> planner.plan(Manifest.read("x", WEB), false, blue)).why())
        .contains("there is no server 'hv1'");
    lab.foreign.clear();
    Plan plan = planner.plan(Manifest.read("x", WEB), false, blue);
    assertThat(lab.store.commit(plan.transaction().orElseThrow()).succeeded()).isTrue();
    assertThat(lab.profile("web").tenant()).isEqualTo("blue");
    assertThat(lab.slots("web")).containsEntry("nic", "a1/nic1");
    lab.put(new farslot.manager.model.PoolDocument("reds", "red", "", 0, null, null, 0, null));
    String p = "kind: Profile\nname: p\nslots: [{name: x, pool: reds}]\n";
    ApiException hidden =
        refused(() -> new Planner(lab.fabric(), lab).plan(Manifest.read("x", p), false, blue));
    assertThat(hidden.why()).contains("there is no pool 'reds'");
    Wish delete = Wish.without(Paths.pool("reds"));
    assertThat(refused(() -> new Planner(lab.fabric(), lab).plan(delete, blue)).error())
        .isEqualTo(ApiError.NOT_FOUND);
  }

  @Test
  void whatIsUsedIsNotDeleted() throws Exception {
    lab.apply(POOLS + "---\n" + WEB);
    lab.settle();
    assertThat(refused(() -> lab.plan(Wish.without(Paths.pool("gold")))).why())
        .contains("pool/gold is used by profile/web");
    assertThat(refused(() -> lab.plan(Wish.without(Paths.identities("macs")))).why())
        .contains("identities/macs is used by profile/web");
    ApiException applied = refused(() -> lab.plan(Wish.without(Paths.profile("web"))));
    assertThat(applied.why()).contains("profile/web is applied to hv1/vm1");
    assertThat(applied.next()).contains("farslot profile detach web");
    assertThat(refused(() -> lab.plan(Wish.without(Paths.profile("nobody")))).error())
        .isEqualTo(ApiError.NOT_FOUND);
  }

  @Test
  void tooMuchAtOnceIsSaid() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      all.append("---\nkind: Pool\nname: p").append(i).append('\n');
    }
    lab.apply(all.toString());
    StringBuilder slots = new StringBuilder("kind: Profile\nname: big\nserver: hv1\nslots:\n");
    for (int i = 0; i < 130; i++) {
      lab.put(new FunctionDocument("a2", "f" + i, "scratch", "1b36:0001", 0, null, ""));
      slots.append("  - {name: s%d, function: a2/f%d}\n".formatted(i, i));
    }
    ApiException refused = refused(slots.toString());
    assertThat(refused.error()).isEqualTo(ApiError.TOO_LARGE);
    assertThat(refused.next()).contains("several files");
  }
}
