package farslot.manager.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.chance.Fuzz;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.store.Action;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignmentChangesTest {
  private static final String DISK = "a1/disk0";
  private final AssignmentChanges changes = new AssignmentChanges(1000, "ann");
  @TempDir Path dir;
  private FileStateStore store;

  @BeforeEach
  void open() throws Exception {
    store = FileStateStore.open(dir);
    for (Document each :
        List.of(
            new FunctionDocument("a1", "disk0", "nvme", "1b36:0010", 1 << 30, null, ""),
            new FunctionDocument("a1", "disk1", "nvme", "1b36:0010", 1 << 30, null, ""),
            new FunctionDocument("a1", "disk2", "nvme", "1b36:0010", 1 << 20, null, ""),
            new ServerDocument("s1", null, null),
            new ServerDocument("s2", null, null))) {
      store.commit(Transaction.of(Action.put(each.key(), Documents.write(each))));
    }
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  private static AssignmentDocument wanted(String server) {
    return AssignmentDocument.wanted(DISK, server, "");
  }

  private Optional<KeyValue> epochKey() throws Exception {
    return store.get(Paths.epoch(DISK));
  }

  private Held<AssignmentDocument> now() throws Exception {
    return Held.of(store.get(Paths.assignment(DISK)).orElseThrow(), AssignmentDocument.class);
  }

  private Held<SanitiseDocument> toSanitise() throws Exception {
    return Held.of(store.get(Paths.sanitise(DISK)).orElseThrow(), SanitiseDocument.class);
  }

  private static Leaving released(boolean forced) {
    return Leaving.released(forced, Sanitise.NONE);
  }

  private boolean commit(Transaction transaction) throws Exception {
    return store.commit(transaction).succeeded();
  }

  @Test
  void aLifeFromOneServerToTheNext() throws Exception {
    assertThat(commit(changes.assign(wanted("s1"), epochKey(), 64))).isTrue();
    assertThat(now().document()).isEqualTo(wanted("s1").in(Phase.ASSIGNED, 65, null, ""));
    assertThat(commit(changes.granted(now()))).isTrue();
    assertThat(commit(changes.attached(now()))).isTrue();
    Leaving leaving = Leaving.to("s2", "vm1", false, Sanitise.FORMAT);
    assertThat(commit(changes.drain(now(), leaving))).isTrue();
    assertThat(commit(changes.fence(now(), epochKey()))).isTrue();
    assertThat(now().document().epoch()).isEqualTo(66);
    // Nobody gets it before it has been sanitised.
    assertThat(toSanitise().document())
        .isEqualTo(new SanitiseDocument(DISK, Sanitise.FORMAT, "format-66", "s1"));
    assertThat(commit(changes.move(now(), epochKey()))).isFalse();
    assertThat(commit(changes.sanitised(toSanitise()))).isTrue();
    assertThat(commit(changes.move(now(), epochKey()))).isTrue();
    assertThat(now().document())
        .isEqualTo(AssignmentDocument.wanted(DISK, "s2", "vm1").in(Phase.ASSIGNED, 67, null, ""));
    assertThat(commit(changes.drain(now(), released(true)))).isTrue();
    assertThat(commit(changes.fence(now(), epochKey()))).isTrue();
    assertThat(commit(changes.release(now()))).isTrue();
    assertThat(store.get(Paths.assignment(DISK))).isEmpty();
    // The epoch goes on where it was.
    assertThat(commit(changes.assign(wanted("s1"), epochKey(), 0))).isTrue();
    assertThat(now().document().epoch()).isEqualTo(69);
    assertThat(store.range(RangeRequest.of(Paths.EVENTS)).items())
        .extracting(each -> Documents.read(each, EventDocument.class).what())
        .contains(
            "assigned",
            "granted",
            "attached",
            "draining",
            "fenced",
            "sanitised",
            "moved",
            "released");
  }

  @Test
  void whoComesSecondChangesNothing() throws Exception {
    Transaction first = changes.assign(wanted("s1"), epochKey(), 0);
    Transaction second = changes.assign(wanted("s2"), epochKey(), 0);
    assertThat(commit(first)).isTrue();
    long revision = store.revision();
    assertThat(commit(second)).isFalse();
    assertThat(store.revision()).isEqualTo(revision);
    Held<AssignmentDocument> before = now();
    assertThat(commit(changes.drain(before, released(true)))).isTrue();
    assertThat(commit(changes.granted(before))).isFalse();
  }

  @Test
  void whatIsNotThereIsNotAssigned() throws Exception {
    assertThat(commit(changes.assign(wanted("s3"), epochKey(), 0))).isFalse();
    store.commit(Transaction.of(Action.delete(Paths.function(DISK))));
    assertThat(commit(changes.assign(wanted("s1"), epochKey(), 0))).isFalse();
  }

  /** What is in a profile's slot is nobody else's. */
  @Test
  void whatIsBoundIsAssignedForItsProfileOnly() throws Exception {
    AssignmentDocument ofProfile = wanted("s1").forProfile("web", "boot");
    assertThat(commit(changes.assign(ofProfile, epochKey(), 0))).isFalse();
    BindingDocument binding = new BindingDocument(DISK, "web", "boot");
    store.commit(Transaction.of(Action.put(binding.key(), Documents.write(binding))));
    assertThat(commit(changes.assign(wanted("s1"), epochKey(), 0))).isFalse();
    assertThat(commit(changes.assign(ofProfile, epochKey(), 0))).isTrue();
  }

  @Test
  void aStepOutOfOrderNamesTheHolder() throws Exception {
    commit(changes.assign(wanted("s1"), epochKey(), 0));
    Held<AssignmentDocument> held = now();
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> changes.release(held))
        .withMessage(DISK + ": it is assigned, held by s1; this can be done when it is fenced");
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> changes.fence(held, Optional.empty()));
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> changes.move(held, Optional.empty()));
  }

  /**
   * Several managers that read, wait, and then try: every epoch has one owner, and they only grow.
   */
  @Test
  void neverTwoOwnersOfAnEpochWhoeverTriesWhat() throws Exception {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    List<Transaction> prepared = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < 600; i++) {
      AssignmentChanges manager = new AssignmentChanges(i, "m" + random.nextInt(3));
      String server = random.nextBoolean() ? "s1" : "s2";
      try {
        prepared.add(step(manager, random.nextInt(10), server, random));
      } catch (DocumentException e) {
        // Not in this phase.
      }
      while (prepared.size() > random.nextInt(4)) {
        Transaction one = prepared.remove(random.nextInt(prepared.size()));
        done += commit(one) ? 1 : 0;
      }
    }
    assertThat(done).isGreaterThan(25);
    Map<Long, String> owners = new HashMap<>();
    long highest = 0;
    try (Watch watch = store.watch(Paths.ASSIGNMENTS, 1)) {
      for (List<Event> events = next(watch); !events.isEmpty(); events = next(watch)) {
        for (Event event : events) {
          if (event instanceof Event.Put put) {
            AssignmentDocument now = Documents.read(put.item(), AssignmentDocument.class);
            assertThat(now.epoch()).as("seed %d", seed).isGreaterThanOrEqualTo(highest);
            highest = now.epoch();
            if (now.phase() != Phase.FENCED) {
              String owner = owners.putIfAbsent(now.epoch(), now.server());
              assertThat(owner).as("seed %d", seed).isIn(null, now.server());
            } else {
              assertThat(owners).as("seed %d", seed).doesNotContainKey(now.epoch());
            }
          }
        }
      }
    }
  }

  private static List<Event> next(Watch watch) throws Exception {
    return watch.next(Duration.ZERO).events();
  }

  private Transaction step(AssignmentChanges manager, int which, String server, Random random)
      throws Exception {
    if (which == 0 || store.get(Paths.assignment(DISK)).isEmpty()) {
      return manager.assign(wanted(server), epochKey(), random.nextInt(5));
    }
    return switch (which) {
      case 1 -> manager.attached(now());
      case 2 -> manager.granted(now());
      case 3 -> manager.drain(now(), leaving(server, random));
      case 4 -> manager.fence(now(), epochKey());
      case 5 -> manager.release(now());
      case 6 -> manager.stay(now(), random.nextBoolean(), "a test");
      case 7 -> manager.redirect(now(), leaving(server, random));
      case 8 ->
          store.get(Paths.sanitise(DISK)).isEmpty()
              ? manager.move(now(), epochKey())
              : manager.sanitised(toSanitise());
      default -> manager.move(now(), epochKey());
    };
  }

  private static Leaving leaving(String server, Random random) {
    Sanitise sanitise = random.nextInt(3) == 0 ? Sanitise.FORMAT : Sanitise.NONE;
    return random.nextBoolean()
        ? Leaving.released(random.nextBoolean(), sanitise)
        : Leaving.to(server, "", random.nextBoolean(), sanitise);
  }

  @Test
  void whatCannotLetGoStays() throws Exception {
    commit(changes.assign(wanted("s1"), epochKey(), 0));
    commit(changes.granted(now()));
    commit(changes.attached(now()));
    commit(changes.drain(now(), released(false)));
    commit(changes.redirect(now(), Leaving.to("s2", "", false, Sanitise.NONE)));
    assertThat(now().document().leaving().server()).isEqualTo("s2");
    assertThat(commit(changes.stay(now(), true, "the guest did not answer"))).isTrue();
    assertThat(now().document())
        .isEqualTo(wanted("s1").in(Phase.ATTACHED, 1, null, "the guest did not answer"));
    commit(changes.drain(now(), released(false)));
    assertThat(now().document().problem()).isEmpty();
    commit(changes.stay(now(), false, "it had not come yet"));
    assertThat(now().document().phase()).isEqualTo(Phase.GRANTED);
  }

  @Test
  void theFabricIsReadAndKeptUp() throws Exception {
    Fabric fabric = Fabric.read(store);
    assertThat(fabric.assignment(DISK)).isEmpty();
    assertThat(fabric.epoch(DISK)).isEmpty();
    try (Watch watch = store.watch(KeyRange.all(), fabric.revision() + 1)) {
      commit(changes.assign(wanted("s1"), epochKey(), 0));
      store.commit(Transaction.of(Action.put("/pools/bad", farslot.store.Bytes.utf8("{}"))));
      store.commit(Transaction.of(Action.delete(Paths.server("s2"))));
      next(watch).forEach(fabric::take);
    }
    assertThat(fabric.assignment(DISK)).contains(now());
    assertThat(fabric.epoch(DISK)).isEqualTo(epochKey());
    assertThat(fabric.problems()).containsOnlyKeys("/pools/bad");
    assertThat(fabric.all(ServerDocument.class)).containsOnlyKeys("/servers/s1");
    assertThat(fabric.get(Paths.assignment(DISK), AssignmentDocument.class)).contains(now());
    Fabric again = Fabric.read(store);
    assertThat(again.revision()).isEqualTo(fabric.revision());
    assertThat(again.all(AssignmentDocument.class)).isEqualTo(fabric.all(AssignmentDocument.class));
    assertThat(again.epoch(DISK)).isEqualTo(epochKey());
    TransactionResult fixed = store.commit(Transaction.of(Action.delete("/pools/bad")));
    fabric.take(new Event.Delete("/pools/bad", fixed.revision()));
    assertThat(fabric.problems()).isEmpty();
  }
}
