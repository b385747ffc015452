package farslot.manager.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.ApiException;
import farslot.chance.Fuzz;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.Document;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.Leaving;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.ProfileDocument.ServerDeath;
import farslot.manager.model.Slot;
import farslot.store.Transaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People who wish by chance, while others take functions by hand and things die and come back: a
 * wish comes true as a whole or not at all, asked again it changes nothing, no function is in two
 * slots, and no identity is given twice.
 */
class RandomPlansTest {
  private static final List<String> SERVERS = List.of("hv1", "hv2", "hv3");
  private final long seed = Fuzz.seed();
  private final Random random = new Random(seed);
  @TempDir Path dir;
  private Lab lab;

  /** To whom each identity was given first; whoever has it later has to be the same. */
  private final Map<String, String> givenTo = new HashMap<>();

  private final Map<String, Integer> lives = new HashMap<>();
  private int refused;
  private int late;
  private int done;

  private int upTo(int bound) {
    return random.nextInt(bound);
  }

  private <T> T any(List<T> all) {
    return all.get(upTo(all.size()));
  }

  @Test
  void manyWishes() throws Exception {
    try (Lab opened = new Lab(dir)) {
      lab = opened;
      for (String appliance : List.of("a1", "a2", "a3")) {
        lab.appliance(appliance, List.of(1L << 30, 1L << 31, 1L << 32), 2);
      }
      for (String server : SERVERS) {
        lab.server(server, "vm1", "vm2");
      }
      lab.put(new IdentitiesDocument("macs", "", "mac", "02:00:00:00:00:00", "02:00:00:00:0f:ff"));
      int turns = Fuzz.iterations(60);
      for (int i = 0; i < turns; i++) {
        turn();
      }
      recover();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Fuzz.again(seed), e);
    }
    assertThat(done).as("done").isPositive();
    assertThat(refused).as("refused").isPositive();
    assertThat(late).as("late").isPositive();
  }

  private void turn() throws Exception {
    fate();
    Wish wish = wish();
    Optional<Plan> plan = plan(wish);
    boolean disturbed = upTo(3) == 0;
    if (disturbed) {
      disturb();
    }
    if (plan.isPresent() && plan.get().transaction().isPresent()) {
      Map<String, Document> before = written();
      if (lab.store.commit(plan.get().transaction().get()).succeeded()) {
        done++;
        Optional<List<PlanStep>> again = plan(wish).map(Plan::steps);
        assertThat(again).isEqualTo(deletes(wish) ? Optional.empty() : Optional.of(List.of()));
        wish.deleted().forEach(key -> lives.merge(key, 1, Integer::sum));
      } else {
        late++;
        assertThat(disturbed).isTrue();
        assertThat(written()).isEqualTo(before);
      }
    }
    lab.nowMs += 10;
    for (int i = upTo(8); i > 0; i--) {
      lab.step();
      check();
    }
    if (upTo(4) == 0) {
      lab.nowNs += upTo(15) * Lab.S;
    }
  }

  private static boolean deletes(Wish wish) {
    return !wish.deleted().isEmpty();
  }

  private Optional<Plan> plan(Wish wish) throws Exception {
    long revision = lab.store.revision();
    try {
      return Optional.of(lab.plan(wish));
    } catch (ApiException e) {
      refused++;
      assertThat(lab.store.revision()).isEqualTo(revision);
      return Optional.empty();
    }
  }

  /** What people wrote, and what is in which slot. */
  private Map<String, Document> written() throws Exception {
    Map<String, Document> all = new HashMap<>();
    Fabric fabric = lab.fabric();
    List.of(ProfileDocument.class, PoolDocument.class, BindingDocument.class)
        .forEach(kind -> fabric.all(kind).forEach((key, held) -> all.put(key, held.document())));
    return all;
  }

  private Wish wish() throws Exception {
    List<Document> documents = new ArrayList<>();
    for (int i = 1 + upTo(2); i > 0; i--) {
      documents.add(upTo(4) == 0 ? pool() : profile("p" + i + upTo(2)));
    }
    Set<String> profiles = lab.fabric().all(ProfileDocument.class).keySet();
    boolean deletes = upTo(6) == 0 && !profiles.isEmpty();
    return deletes
        ? Wish.without(any(List.copyOf(profiles))).forced(random.nextBoolean())
        : Wish.of(documents).forced(upTo(5) == 0);
  }

  private PoolDocument pool() {
    String spare = "a" + (1 + upTo(3)) + "/nic" + upTo(2);
    List<String> spares = upTo(2) == 0 ? List.of() : List.of(spare);
    return upTo(3) == 0
        ? new PoolDocument("disks", "", "nvme", (long) upTo(2) << 31, null, null, 0, null)
        : new PoolDocument("nics", "", "nic82599", 0, null, spares, 1 + upTo(10), null);
  }

  private ProfileDocument profile(String name) {
    List<Slot> slots = new ArrayList<>();
    for (int i = upTo(4); i > 0; i--) {
      slots.add(slot("s" + i));
    }
    String server = upTo(5) == 0 ? "" : any(SERVERS);
    return new ProfileDocument(
        name,
        "",
        "",
        null,
        server,
        server.isEmpty() || upTo(3) == 0 ? "" : "vm" + (1 + upTo(2)),
        upTo(2) == 0 ? ServerDeath.STAY : ServerDeath.MOVE,
        1 + upTo(10),
        List.of("hv2/vm1", "hv3"),
        "",
        upTo(2) == 0 ? Sanitise.NONE : Sanitise.FORMAT,
        slots);
  }

  private Slot slot(String name) {
    return switch (upTo(4)) {
      case 0 -> Slot.ofFunction(name, "a" + (1 + upTo(4)) + "/disk" + upTo(4));
      case 1 ->
          new Slot(name, "", "nics", "", 0, null, Map.of("mac", "macs"), 0, null, upTo(2) == 0);
      default ->
          new Slot(name, "", "disks", "nvme", (long) upTo(3) << 30, null, null, 0, null, false);
    };
  }

  /** Things die, and come back. */
  private void fate() {
    List<Set<String>> sets = List.of(lab.dead, lab.absent, lab.stubborn, lab.asleep, lab.unmovable);
    sets.get(upTo(sets.size())).clear();
    switch (upTo(8)) {
      case 0 -> lab.dead.add(any(SERVERS));
      case 1 -> {
        String appliance = "a" + (1 + upTo(3));
        lab.dead.add(appliance);
        lab.broken.addAll(List.of(appliance + "/nic0", appliance + "/nic1"));
      }
      case 2 -> lab.absent.add("a" + (1 + upTo(3)) + "/nic" + upTo(2));
      case 3 -> lab.stubborn.add(any(SERVERS) + "/vm1");
      case 4 -> lab.asleep.add(any(SERVERS) + "/vm1");
      case 5 -> lab.unmovable.add("a" + (1 + upTo(3)) + "/disk" + upTo(3));
      case 6 -> lab.sanitisingSlowly = random.nextBoolean();
      default -> {}
    }
  }

  /** Somebody is faster. */
  private void disturb() throws Exception {
    Fabric fabric = lab.fabric();
    AssignmentChanges changes = new AssignmentChanges(lab.nowMs + 5, "by hand");
    for (Held<FunctionDocument> each : fabric.all(FunctionDocument.class).values()) {
      String path = each.document().path();
      Optional<Held<AssignmentDocument>> now = fabric.assignment(path);
      Optional<Transaction> step = Optional.empty();
      if (now.isEmpty() && upTo(3) == 0) {
        AssignmentDocument wanted = AssignmentDocument.wanted(path, any(SERVERS), "");
        step = Optional.of(changes.assign(wanted, fabric.epoch(path), 0));
      } else if (now.isPresent()
          && now.get().document().profile().isEmpty()
          && now.get().document().stays()) {
        step = Optional.of(changes.drain(now.get(), Leaving.released(true, Sanitise.NONE)));
      }
      if (step.isPresent()) {
        lab.store.commit(step.get());
      }
    }
    if (upTo(2) == 0) {
      Optional<Plan> other = plan(Wish.of(List.of(profile("p1" + upTo(2)))));
      if (other.flatMap(Plan::transaction).isPresent()) {
        lab.nowMs++;
        lab.store.commit(other.get().transaction().get());
      }
    }
  }

  private void check() throws Exception {
    Fabric fabric = lab.fabric();
    assertThat(fabric.problems()).isEmpty();
    Set<String> slots = new HashSet<>();
    for (Held<BindingDocument> each : fabric.all(BindingDocument.class).values()) {
      BindingDocument binding = each.document();
      assertThat(slots.add(binding.profile() + "/" + binding.slot())).as("%s", binding).isTrue();
      assertThat(
              fabric
                  .get(Paths.profile(binding.profile()), ProfileDocument.class)
                  .flatMap(profile -> profile.document().slot(binding.slot())))
          .as("%s", binding)
          .isPresent();
    }
    Set<String> macs = new HashSet<>();
    for (Held<ProfileDocument> each : fabric.all(ProfileDocument.class).values()) {
      ProfileDocument profile = each.document();
      for (Slot slot : profile.slots()) {
        String mac = slot.identity().get("mac");
        if (mac != null) {
          String owner = profile.key() + lives.getOrDefault(profile.key(), 0) + "/" + slot.name();
          assertThat(macs.add(mac)).as(mac).isTrue();
          assertThat(givenTo.computeIfAbsent(mac, _ -> owner)).as(mac).startsWith(profile.key());
        }
      }
    }
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      AssignmentDocument is = each.document();
      if (is.profile().isEmpty()) {
        assertThat(is.stays() && fabric.binding(is.function()).isPresent()).as("%s", is).isFalse();
      }
    }
  }

  /** Everything lives and everybody is willing: then all is as it is wished. */
  private void recover() throws Exception {
    for (Set<String> each : List.of(lab.dead, lab.absent, lab.broken, lab.stubborn, lab.asleep)) {
      each.clear();
    }
    lab.unmovable.clear();
    lab.sanitisingSlowly = false;
    for (int i = 0; i < 130; i++) {
      lab.pass(1);
    }
    check();
    Fabric fabric = lab.fabric();
    assertThat(lab.changesUnderWay()).isZero();
    assertThat(Wants.of(fabric).due(fabric)).isEmpty();
  }
}
