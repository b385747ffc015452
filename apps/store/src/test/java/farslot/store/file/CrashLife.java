package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.store.Capacity;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.Lease;
import farslot.store.Model;
import farslot.store.OutcomeUnknownException;
import farslot.store.RandomTransactions;
import farslot.store.RangeRequest;
import farslot.store.StoreException;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import farslot.store.WatchBatch;
import farslot.store.crash.CrashDisk;
import farslot.store.crash.CrashDisk.PowerCut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Lives of a store on a disk that forgets, from a seed: random changes until the power goes, then
 * again with what is left. What was answered has to be there; what was not may be there as a whole.
 */
final class CrashLife {
  private static final Duration TTL = Duration.ofSeconds(3);
  private static final int HISTORY = 40;

  /** How it may be, as far as anybody can know. */
  private record Truth(Model model, TreeSet<Long> leases) {
    Truth copy() {
      return new Truth(new Model(model), new TreeSet<>(leases));
    }

    void end(long lease) {
      model.end(lease);
      leases.remove(lease);
    }
  }

  private final Random random;
  private final CrashDisk disk;
  private final ManualClock clock = new ManualClock();
  private final RandomTransactions transactions;
  private final Set<Long> everGranted = new HashSet<>();
  private final int logBytes;
  private FileStateStore store;
  private Truth truth = new Truth(new Model(), new TreeSet<>());

  /** What else it may be after a restart. */
  private final List<Truth> alternatives = new ArrayList<>();

  int groups;
  int unknown;
  int refused;

  CrashLife(long seed) {
    random = new Random(seed);
    disk = new CrashDisk(random);
    transactions = new RandomTransactions(random, () -> truth.model().revision());
    logBytes = 2_000 + random.nextInt(20_000);
  }

  CrashDisk disk() {
    return disk;
  }

  /** A store that begins, or begins again, and is checked. False if the power went. */
  boolean begin() throws Exception {
    Capacity capacity = new Capacity(1000, 1 << 20, HISTORY, 1 << 20);
    FileStoreOptions options =
        new FileStoreOptions(
            capacity, logBytes, clock, () -> new UUID(1, random.nextLong()), new Quiet());
    try {
      store = FileStateStore.open(disk, options);
    } catch (PowerCut e) {
      return false;
    }
    settle();
    return true;
  }

  /** Finds out which of the possible truths it is, and that it is one of them. */
  private void settle() throws Exception {
    List<Truth> possible = new ArrayList<>(alternatives);
    possible.addFirst(truth);
    long revision = store.revision();
    List<Truth> right = new ArrayList<>();
    List<KeyValue> items = store.range(RangeRequest.of(KeyRange.all())).items();
    for (Truth each : possible) {
      // Two that are unknown may have the same revision: what they made tells them apart.
      Model model = each.model();
      if (model.revision() == revision
          && model.items(KeyRange.all(), revision).equals(items)
          && sameLeases(each)) {
        right.add(each);
      }
    }
    assertThat(right)
        .as(
            "revision %d, expected one of %s",
            revision,
            possible.stream()
                .map(each -> each.model().revision() + " leases " + each.leases())
                .toList())
        .isNotEmpty();
    truth = right.getFirst();
    alternatives.clear();
    check();
  }

  private boolean sameLeases(Truth possible) throws StoreException {
    for (long lease : everGranted) {
      if (store.lease(lease).isPresent() != possible.leases().contains(lease)) {
        return false;
      }
    }
    return true;
  }

  /** Everything that can be read is as the model has it. */
  void check() throws Exception {
    Model model = truth.model();
    assertThat(store.revision()).isEqualTo(model.revision());
    long compacted = store.compactedRevision();
    assertThat(compacted).isBetween(model.compacted(), model.revision());
    for (long each = Math.max(1, compacted); each <= model.revision(); each++) {
      assertThat(store.range(RangeRequest.of(KeyRange.all()).at(each)).items())
          .isEqualTo(model.items(KeyRange.all(), each));
    }
    try (Watch watch = store.watch(KeyRange.all(), compacted + 1)) {
      List<Event> told = new ArrayList<>();
      WatchBatch batch;
      do {
        batch = watch.next(Duration.ZERO);
        told.addAll(batch.events());
      } while (!batch.events().isEmpty());
      assertThat(told).isEqualTo(model.eventsFrom(KeyRange.all(), compacted + 1));
    }
    assertThat(sameLeases(truth)).as("leases").isTrue();
  }

  /** Changes until the power goes, or so many. False if it went. */
  boolean run(int steps) throws Exception {
    for (int i = 0; i < steps && !disk.isDown(); i++) {
      groups++;
      try {
        step();
      } catch (StoreUnavailableException e) {
        refused++;
      } catch (OutcomeUnknownException e) {
        unknown++;
      }
    }
    return !disk.isDown();
  }

  private void step() throws Exception {
    switch (random.nextInt(12)) {
      case 0 -> grant();
      case 1 -> revoke();
      case 2 -> passTime();
      case 3 -> compact();
      default -> commit();
    }
  }

  private void commit() throws Exception {
    List<Transaction> group = new ArrayList<>();
    List<TransactionResult> expected = new ArrayList<>();
    List<Truth> after = new ArrayList<>();
    Truth next = truth.copy();
    for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1; i > 0; i--) {
      Transaction transaction = transactions.next(someLease());
      group.add(transaction);
      expected.add(next.model().commit(transaction));
      after.add(next.copy());
    }
    List<Pending<TransactionResult>> answers = store.commitTogether(group);
    StoreException failure = null;
    for (int i = 0; i < group.size(); i++) {
      StoreException one = failure(answers.get(i));
      failure = failure == null ? one : failure;
    }
    for (int i = 0; i < group.size(); i++) {
      if (failure(answers.get(i)) == null) {
        // When those that change something fail, the others are answered as if they had come alone.
        TransactionResult alone = truth.copy().model().commit(group.get(i));
        assertThat(answers.get(i).answer()).isEqualTo(failure == null ? expected.get(i) : alone);
      }
    }
    if (failure == null) {
      accept(next);
      return;
    }
    if (failure instanceof OutcomeUnknownException) {
      alternatives.addAll(after);
    }
    throw failure;
  }

  private static StoreException failure(Pending<?> pending) {
    try {
      pending.answer();
      return null;
    } catch (StoreException e) {
      return e;
    }
  }

  /** An answer: what was unknown before it is settled, if it changed something. */
  private void accept(Truth next) {
    boolean changed =
        next.model().revision() != truth.model().revision()
            || !next.leases().equals(truth.leases());
    truth = next;
    if (changed) {
      alternatives.clear();
    }
  }

  private long someLease() {
    TreeSet<Long> leases = truth.leases();
    return leases.isEmpty() || random.nextBoolean() ? 0 : leases.first();
  }

  private void grant() throws StoreException {
    Truth next = truth.copy();
    try {
      Lease lease = store.grant(TTL);
      assertThat(everGranted.add(lease.id())).as("lease %d twice", lease.id()).isTrue();
      next.leases().add(lease.id());
      accept(next);
    } catch (OutcomeUnknownException e) {
      // Nobody knows its number, so nobody can tell whether it is there.
      alternatives.add(next);
      throw e;
    }
  }

  private void revoke() throws StoreException {
    if (truth.leases().isEmpty()) {
      return;
    }
    long lease = truth.leases().first();
    Truth next = truth.copy();
    next.end(lease);
    try {
      store.revoke(lease);
      accept(next);
    } catch (OutcomeUnknownException e) {
      alternatives.add(next);
      throw e;
    }
  }

  /** Some are kept alive; the others end. The disk is well meanwhile, but may lose power. */
  private void passTime() throws Exception {
    disk.faults(0);
    disk.capacity(Long.MAX_VALUE);
    TreeSet<Long> kept = new TreeSet<>(truth.leases());
    kept.removeIf(each -> random.nextInt(4) == 0);
    Truth next = truth.copy();
    for (long lease : truth.leases()) {
      if (!kept.contains(lease)) {
        next.end(lease);
        // One ends after the other, each with a write of its own.
        alternatives.add(next.copy());
      }
    }
    for (int i = 0; i < 5; i++) {
      clock.jump(Duration.ofMillis(700));
      store.lease(0); // Time is seen to pass.
      keepAlive(kept);
    }
    store.tick();
    if (!next.leases().equals(truth.leases())) {
      truth = next;
      alternatives.clear();
    }
    for (long lease : everGranted) {
      assertThat(store.lease(lease).isPresent()).isEqualTo(kept.contains(lease));
    }
  }

  private void keepAlive(Set<Long> leases) throws StoreException {
    for (long lease : leases) {
      store.keepAlive(lease);
    }
  }

  private void compact() throws StoreException {
    long revision = Math.max(0, truth.model().revision() - random.nextInt(10));
    store.compact(revision);
    truth.model().compact(revision);
  }
}
