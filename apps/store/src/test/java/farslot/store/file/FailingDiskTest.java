package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Capacity;
import farslot.store.Compare;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.OutcomeUnknownException;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.Watch;
import farslot.store.WatchBatch;
import farslot.store.crash.CrashDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Disks that are full or broken: changes end in words, everything else goes on. */
class FailingDiskTest {
  private static final Bytes X = Bytes.utf8("x");
  private static final Bytes LARGE = Bytes.utf8("large ".repeat(3_500));

  private final Random random = new Random(11);
  private final ManualClock clock = new ManualClock();
  private final CrashDisk disk = new CrashDisk(random);

  private FileStateStore open(Capacity capacity, long logBytes) throws StoreException {
    return open(disk, capacity, logBytes);
  }

  private FileStateStore open(CrashDisk on) throws StoreException {
    return open(on, Capacity.DEFAULT, 1 << 20);
  }

  private FileStateStore open(CrashDisk on, Capacity capacity, long logBytes)
      throws StoreException {
    return FileStateStore.open(
        on,
        new FileStoreOptions(
            capacity, logBytes, clock, () -> new UUID(1, random.nextLong()), new Quiet()));
  }

  private FileStateStore open() throws StoreException {
    return open(Capacity.DEFAULT, 1 << 20);
  }

  private static Transaction put(String key, Bytes value) {
    return Transaction.of(Action.put(key, value));
  }

  private long used() {
    return disk.names().stream().mapToLong(each -> disk.bytes(each).length).sum();
  }

  @Test
  void aFullDiskRefusesChangesAndReadsGoOn() throws Exception {
    try (FileStateStore store = open();
        Watch watch = store.watch(KeyRange.all(), 0)) {
      long lease = store.grant(Duration.ofSeconds(5)).id();
      store.commit(put("/a", X));
      disk.capacity(used() + 5_000);
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.commit(put("/b", LARGE)))
          .withMessageContaining("No space left on device")
          .withMessageContaining("was not made")
          .withMessageContaining("make room");
      assertThat(store.get("/a")).isPresent();
      assertThat(store.get("/b")).isEmpty();
      assertThat(store.keepAlive(lease)).isPositive();
      assertThat(store.commit(Transaction.when(Compare.present("/b"))).succeeded()).isFalse();
      // A small one still fits, and nothing of the large one is in its way.
      assertThat(store.commit(put("/c", X)).revision()).isEqualTo(2);
      try (FileStateStore then = open(disk.copy(random))) {
        assertThat(then.revision()).isEqualTo(2);
      }
      disk.capacity(Long.MAX_VALUE);
      assertThat(store.commit(put("/b", LARGE)).revision()).isEqualTo(3);
      WatchBatch told = watch.next(Duration.ZERO);
      assertThat(told.events()).extracting(each -> each.key()).containsExactly("/a", "/c", "/b");
    }
    disk.powerUp();
    try (FileStateStore store = open()) {
      assertThat(store.get("/b").map(KeyValue::value)).contains(LARGE);
    }
  }

  @Test
  void aGroupThatCannotBeRecordedAnswersThoseThatChangeNothing() throws Exception {
    try (FileStateStore store = open()) {
      store.commit(put("/a", X));
      disk.capacity(used());
      var answers =
          store.commitTogether(
              List.of(
                  put("/b", X),
                  Transaction.of(Action.get("/b")),
                  Transaction.when(Compare.present("/b")).then(Action.put("/c", X))));
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> answers.get(0).answer());
      assertThat(answers.get(1).answer().got(0).items()).isEmpty();
      assertThat(answers.get(2).answer().succeeded()).isFalse();
      assertThat(store.revision()).isEqualTo(1);
    }
  }

  @Test
  void aSyncThatFailsIsRepairedByAnotherGeneration() throws Exception {
    try (FileStateStore store = open()) {
      store.commit(put("/a", X));
      disk.failNextSync();
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.commit(put("/b", X)));
      assertThat(disk.names()).containsExactlyInAnyOrder("snapshot.2", "log.2");
      assertThat(store.commit(put("/c", X)).revision()).isEqualTo(2);
    }
    disk.powerUp();
    try (FileStateStore store = open()) {
      assertThat(store.get("/b")).isEmpty();
      assertThat(store.get("/c")).isPresent();
    }
  }

  @Test
  void whenNobodyCanSayWhetherItIsRecordedThatIsSaid() throws Exception {
    try (FileStateStore store = open()) {
      store.commit(put("/a", X));
      disk.failNextSync();
      disk.capacity(used() + 60); // The change fits, a new generation does not.
      assertThatExceptionOfType(OutcomeUnknownException.class)
          .isThrownBy(() -> store.commit(put("/b", X)))
          .withMessageContaining("may or may not be there after a restart");
      // Later ones are not even tried, and that is certain.
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.commit(put("/c", X)));
      assertThat(store.get("/b")).isEmpty();
      assertThat(store.get("/a")).isPresent();
      disk.capacity(Long.MAX_VALUE);
      // What was unknown is settled by the first change that is recorded.
      assertThat(store.commit(put("/d", X)).revision()).isEqualTo(2);
    }
    disk.powerUp();
    try (FileStateStore store = open()) {
      assertThat(store.get("/b")).isEmpty();
      assertThat(store.get("/d")).isPresent();
    }
  }

  /**
   * The kernel shows what a sync that failed did not write; the next process must not build on it.
   */
  @Test
  void aProcessThatIsKilledAfterASyncFailedLeavesNothingToBuildOn() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      CrashDisk one = new CrashDisk(new Random(seed));
      FileStoreOptions options =
          new FileStoreOptions(Capacity.DEFAULT, 1 << 20, clock, () -> new UUID(1, 2), new Quiet());
      FileStateStore first = FileStateStore.open(one, options);
      first.commit(put("/a", X));
      one.failNextSync();
      one.failCreates(true);
      assertThatExceptionOfType(OutcomeUnknownException.class)
          .isThrownBy(() -> first.commit(put("/b", LARGE)));
      one.failCreates(false);
      one.restart();
      boolean there;
      try (FileStateStore second = FileStateStore.open(one, options)) {
        there = second.get("/b").isPresent();
        second.commit(put("/c", X));
      }
      one.powerUp();
      try (FileStateStore third = FileStateStore.open(one, options)) {
        assertThat(third.get("/b").isPresent()).as("seed %d", seed).isEqualTo(there);
        assertThat(third.get("/c")).isPresent();
      }
    }
  }

  /** From when its snapshot may have its name, the next generation may be the truth. */
  @Test
  void whileNobodyKnowsWhichGenerationIsTheTruthNothingIsRecorded() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      CrashDisk one = new CrashDisk(new Random(seed));
      FileStoreOptions options =
          new FileStoreOptions(Capacity.DEFAULT, 4_000, clock, () -> new UUID(1, 2), new Quiet());
      FileStateStore first = FileStateStore.open(one, options);
      one.failNextNames();
      long answered = 0;
      for (int i = 0; i < 20 + seed % 20; i++) {
        // A snapshot of this is tried after some of them, and does not get its name for sure.
        answered = first.commit(put("/k" + i % 3, Bytes.of(new byte[60]))).revision();
      }
      one.powerUp();
      try (FileStateStore second = FileStateStore.open(one, options)) {
        assertThat(second.revision()).as("seed %d", seed).isEqualTo(answered);
      }
    }
  }

  @Test
  void aStoreOpensOnAFullDiskAndReads() throws Exception {
    open().commit(put("/a", X));
    disk.powerUp();
    disk.capacity(used());
    try (FileStateStore store = open()) {
      assertThat(store.get("/a")).isPresent();
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.commit(put("/b", X)));
      disk.capacity(Long.MAX_VALUE);
      assertThat(store.commit(put("/b", X)).revision()).isEqualTo(2);
    }
  }

  @Test
  void aNewStoreDoesNotBeginOnAFullDisk() {
    disk.capacity(10);
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(this::open)
        .withMessageContaining("crash/")
        .withMessageContaining("No space left");
  }

  @Test
  void aLogDoesNotGrowForEverWhenNoSnapshotCanBeWritten() throws Exception {
    try (FileStateStore store = open(Capacity.DEFAULT, 2_000)) {
      // Each value fits again and again; a snapshot of all does not.
      for (int i = 0; i < 20; i++) {
        store.commit(put("/k" + i, Bytes.of(new byte[90])));
      }
      disk.capacity(used() + 12_000);
      disk.failCreates(true);
      List<StoreException> refused = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        try {
          store.commit(put("/k" + i % 20, Bytes.of(new byte[90])));
        } catch (StoreUnavailableException e) {
          refused.add(e);
        }
      }
      assertThat(refused).isNotEmpty();
      assertThat(used()).isLessThan(40_000);
      disk.failCreates(false);
      disk.capacity(Long.MAX_VALUE);
      store.commit(put("/z", X));
      assertThat(store.get("/z")).isPresent();
    }
  }

  @Test
  void aStoreHasAsManyKeysAndBytesAsItMayHave() throws Exception {
    try (FileStateStore store = open(new Capacity(3, 30_000, 100, 100_000), 1 << 20)) {
      store.commit(put("/a", LARGE));
      assertThatExceptionOfType(StoreLimitException.class)
          .isThrownBy(() -> store.commit(put("/b", LARGE)))
          .withMessageContaining("may have 30000");
      store.commit(put("/b", X));
      store.commit(put("/c", X));
      assertThatExceptionOfType(StoreLimitException.class)
          .isThrownBy(() -> store.commit(put("/d", X)))
          .withMessageContaining("3 keys");
      // All of a transaction, or nothing of it.
      assertThatExceptionOfType(StoreLimitException.class)
          .isThrownBy(
              () ->
                  store.commit(
                      Transaction.of(
                          Action.delete("/b"), Action.put("/d", X), Action.put("/e", X))));
      assertThat(store.get("/b")).isPresent();
      store.commit(Transaction.of(Action.delete("/a"), Action.put("/d", LARGE)));
      assertThat(store.revision()).isEqualTo(4);
    }
  }

  @Test
  void historyHasABoundInRevisionsAndInBytes() throws Exception {
    try (FileStateStore store = open(new Capacity(100, 1 << 20, 10, 50_000), 1 << 20)) {
      for (int i = 0; i < 50; i++) {
        store.commit(put("/a", X));
      }
      assertThat(store.compactedRevision()).isEqualTo(40);
      store.commit(put("/a", LARGE));
      store.commit(put("/a", LARGE));
      store.commit(put("/a", LARGE));
      // The last two hold two large values each, before and after; only one of them fits.
      assertThat(store.compactedRevision()).isEqualTo(52);
    }
    try (FileStateStore store = open(new Capacity(100, 1 << 20, 10, 50_000), 1 << 20)) {
      assertThat(store.compactedRevision()).isEqualTo(52);
      assertThat(store.get("/a").map(KeyValue::version)).contains(53L);
    }
  }

  @Test
  void manyChangesAtATimeAreOneWriteAndOneSync() throws Exception {
    try (FileStateStore store = open()) {
      long before = disk.operations();
      List<Transaction> many = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        many.add(put("/" + i, X));
      }
      store.commitTogether(many);
      assertThat(disk.operations() - before).isEqualTo(2);
      assertThat(store.revision()).isEqualTo(200);
    }
  }

  @Test
  void moreChangesThanMayWaitAreRefused() throws Exception {
    try (FileStateStore store = open()) {
      List<Transaction> many = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        many.add(put("/a", X));
      }
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> store.commitTogether(many))
          .withMessageContaining("try again later");
      assertThat(store.revision()).isZero();
    }
  }
}
