package farslot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.chance.Fuzz;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StateStore} does. An implementation extends this, opens itself, and lets time
 * pass. Revisions are compared with where the store began, since another's may begin elsewhere.
 */
public abstract class StateStoreConformance {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Bytes X = Bytes.utf8("x");
  private static final Bytes Y = Bytes.utf8("y");

  private StateStore store;
  private long began;

  /** An empty store, closed by the test. */
  protected abstract StateStore openEmpty() throws Exception;

  /** Closes the store and opens it again. */
  protected abstract StateStore reopen(StateStore store) throws Exception;

  /** Lets so much time pass for leases, and lets those end that are due. */
  protected abstract void pass(StateStore store, Duration time) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = openEmpty();
    began = store.revision();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  private long put(String key, Bytes value) throws StoreException {
    return store.commit(Transaction.of(Action.put(key, value))).revision();
  }

  @Test
  void aKeyHasItsRevisionsAndItsVersion() throws StoreException {
    assertThat(store.get("/a")).isEmpty();
    assertThat(put("/a", X)).isEqualTo(began + 1);
    assertThat(put("/b", X)).isEqualTo(began + 2);
    assertThat(put("/a", Y)).isEqualTo(began + 3);
    assertThat(store.get("/a")).contains(new KeyValue("/a", Y, began + 1, began + 3, 2, 0));
    store.commit(Transaction.of(Action.delete("/a")));
    assertThat(store.get("/a")).isEmpty();
    put("/a", X);
    assertThat(store.get("/a")).contains(new KeyValue("/a", X, began + 5, began + 5, 1, 0));
    assertThat(store.revision()).isEqualTo(began + 5);
  }

  @Test
  void oneBranchIsDoneAsOneRevision() throws StoreException {
    Transaction make =
        Transaction.when(Compare.absent("/lock"))
            .then(Action.put("/lock", X), Action.put("/log", X), Action.get("/lock"))
            .otherwise(Action.get("/lock"));
    TransactionResult first = store.commit(make);
    assertThat(first.succeeded()).isTrue();
    assertThat(first.revision()).isEqualTo(began + 1);
    assertThat(first.results().subList(0, 2)).allMatch(ActionResult.Done.class::isInstance);
    assertThat(first.got(2).items()).hasSize(1);
    TransactionResult second = store.commit(make);
    assertThat(second.succeeded()).isFalse();
    assertThat(second.revision()).isEqualTo(began + 1);
    assertThat(second.got(0).items().getFirst().createRevision()).isEqualTo(began + 1);
    assertThat(store.range(RangeRequest.of(KeyRange.all())).items())
        .extracting(KeyValue::modRevision)
        .containsExactly(began + 1, began + 1);
  }

  @Test
  void whatChangesNothingMakesNoRevision() throws StoreException {
    put("/a", X);
    assertThat(store.commit(Transaction.of(Action.delete("/none"))).results())
        .containsExactly(new ActionResult.Deleted(0));
    store.commit(Transaction.of(Action.get("/a")));
    store.commit(Transaction.of());
    assertThat(store.revision()).isEqualTo(began + 1);
    // The same value again is a change: whoever watches hears of it.
    assertThat(put("/a", X)).isEqualTo(began + 2);
  }

  @Test
  void comparesEveryCountAndTheValue() throws StoreException {
    put("/a", X);
    put("/a", Y);
    assertThat(holds(Compare.present("/a"))).isTrue();
    assertThat(holds(Compare.absent("/a"))).isFalse();
    assertThat(holds(Compare.unchanged("/a", began + 2))).isTrue();
    assertThat(holds(Compare.unchanged("/a", began + 1))).isFalse();
    assertThat(holds(Compare.unchanged("/none", 0))).isTrue();
    assertThat(holds(Compare.createdAt("/a", began + 1))).isTrue();
    assertThat(holds(Compare.value("/a", Y))).isTrue();
    assertThat(holds(Compare.value("/a", X))).isFalse();
    assertThat(holds(new Compare.OfValue("/a", Compare.Relation.GREATER, X))).isTrue();
    assertThat(holds(new Compare.OfValue("/a", Compare.Relation.LESS, X))).isFalse();
    assertThat(holds(new Compare.OfValue("/none", Compare.Relation.NOT_EQUAL, X))).isFalse();
    assertThat(
            holds(new Compare.OfCount("/a", Compare.Count.VERSION, Compare.Relation.NOT_EQUAL, 1)))
        .isTrue();
    assertThat(holds(new Compare.OfCount("/a", Compare.Count.LEASE, Compare.Relation.EQUAL, 0)))
        .isTrue();
    assertThat(holds(Compare.present("/a"), Compare.absent("/a"))).isFalse();
  }

  private boolean holds(Compare... compares) throws StoreException {
    return store.commit(Transaction.when(compares)).succeeded();
  }

  @Test
  void bytesAreComparedUnsigned() throws StoreException {
    put("/a", Bytes.of(new byte[] {(byte) 0x80}));
    Bytes one = Bytes.of(new byte[] {1});
    assertThat(holds(new Compare.OfValue("/a", Compare.Relation.GREATER, one))).isTrue();
  }

  @Test
  void rangesAreInOrderAndEndWhereTheySay() throws StoreException {
    for (String key : List.of("/b", "/a/2", "/a/1", "/a0", "/a", "/a/10")) {
      put(key, X);
    }
    assertThat(keys(KeyRange.all())).containsExactly("/a", "/a/1", "/a/10", "/a/2", "/a0", "/b");
    assertThat(keys(KeyRange.prefix("/a/"))).containsExactly("/a/1", "/a/10", "/a/2");
    assertThat(keys(KeyRange.key("/a"))).containsExactly("/a");
    assertThat(keys(new KeyRange("/a/10", "/b"))).containsExactly("/a/10", "/a/2", "/a0");
    RangeResult two = store.range(RangeRequest.of(KeyRange.all()).limit(2));
    assertThat(two.items()).extracting(KeyValue::key).containsExactly("/a", "/a/1");
    assertThat(two.more()).isTrue();
    RangeResult rest = store.range(RangeRequest.of(KeyRange.all().after("/a/1")).limit(4));
    assertThat(rest.items()).hasSize(4);
    assertThat(rest.more()).isFalse();
  }

  private List<String> keys(KeyRange range) throws StoreException {
    return store.range(RangeRequest.of(range)).items().stream().map(KeyValue::key).toList();
  }

  @Test
  void thePastCanBeReadUntilItIsForgotten() throws Exception {
    put("/a", X);
    put("/b", X);
    put("/a", Y);
    store.commit(Transaction.of(Action.delete("/b")));
    RangeRequest all = RangeRequest.of(KeyRange.all());
    assertThat(store.range(all.at(began + 1)).items()).hasSize(1);
    assertThat(store.range(all.at(began + 2)).items())
        .containsExactly(
            new KeyValue("/a", X, began + 1, began + 1, 1, 0),
            new KeyValue("/b", X, began + 2, began + 2, 1, 0));
    assertThat(store.range(all.at(began + 3)).revision()).isEqualTo(began + 3);
    assertThatExceptionOfType(FutureRevisionException.class)
        .isThrownBy(() -> store.range(all.at(began + 5)));
    store.compact(began + 3);
    store.compact(began + 2);
    assertThat(store.range(all.at(began + 3)).items()).hasSize(2);
    assertThatExceptionOfType(CompactedException.class)
        .isThrownBy(() -> store.range(all.at(began + 2)))
        .satisfies(e -> assertThat(e.compactedRevision()).isEqualTo(began + 3));
    assertThatExceptionOfType(FutureRevisionException.class)
        .isThrownBy(() -> store.compact(began + 9));
    try (Watch watch = store.watch(KeyRange.all(), began + 3)) {
      assertThatExceptionOfType(CompactedException.class)
          .isThrownBy(() -> watch.next(Duration.ofSeconds(10)));
    }
    try (Watch watch = store.watch(KeyRange.all(), began + 4)) {
      assertThat(watch.next(Duration.ofSeconds(10)).events())
          .containsExactly(new Event.Delete("/b", began + 4));
    }
  }

  @Test
  void aWatchTellsOfEachChangeOnceInOrderWholeRevisions() throws Exception {
    put("/a/1", X);
    try (Watch all = store.watch(KeyRange.all(), began + 1);
        Watch some = store.watch(KeyRange.prefix("/b/"), began + 1);
        Watch later = store.watch(KeyRange.all(), 0)) {
      store.commit(Transaction.of(Action.put("/b/1", X), Action.delete("/a/1")));
      put("/a/2", X);
      put("/b/1", Y);
      assertThat(collect(all, began + 4))
          .containsExactly(
              new Event.Put(new KeyValue("/a/1", X, began + 1, began + 1, 1, 0)),
              new Event.Put(new KeyValue("/b/1", X, began + 2, began + 2, 1, 0)),
              new Event.Delete("/a/1", began + 2),
              new Event.Put(new KeyValue("/a/2", X, began + 3, began + 3, 1, 0)),
              new Event.Put(new KeyValue("/b/1", Y, began + 2, began + 4, 2, 0)));
      assertThat(collect(some, began + 4))
          .extracting(Event::revision)
          .containsExactly(began + 2, began + 4);
      assertThat(collect(later, began + 4)).hasSize(4);
      assertThat(all.next(Duration.ZERO).events()).isEmpty();
    }
  }

  private static List<Event> collect(Watch watch, long until) throws Exception {
    List<Event> events = new ArrayList<>();
    long revision = 0;
    while (revision < until) {
      WatchBatch batch = watch.next(Duration.ofSeconds(30));
      assertThat(batch.events()).as("told by revision %d", until).isNotEmpty();
      events.addAll(batch.events());
      revision = batch.events().getLast().revision();
    }
    return events;
  }

  @Test
  void aWatchWaitsAndIsWokenAndEndsWhenItIsClosed() throws Exception {
    Watch watch = store.watch(KeyRange.prefix("/a"), 0);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch told = new CountDownLatch(1);
      Future<?> waiting =
          threads.submit(
              () -> {
                assertThat(watch.next(Duration.ofMinutes(5)).events()).hasSize(1);
                told.countDown();
                return watch.next(Duration.ofMinutes(5));
              });
      put("/b", X);
      put("/a", X);
      told.await();
      watch.close();
      assertThat(waiting)
          .failsWithin(Duration.ofMinutes(1))
          .withThrowableThat()
          .withCauseInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void watchersOfManyWritersMissNothingAndHearNothingTwice() throws Exception {
    int writers = 8;
    int each = 50;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Event>>> watchers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Watch watch = store.watch(KeyRange.all(), began + 1);
        watchers.add(threads.submit(() -> collect(watch, began + writers * each)));
      }
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String key = "/w" + i;
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    put(key, Bytes.utf8("" + n));
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      for (Future<List<Event>> watcher : watchers) {
        List<Event> events = watcher.get();
        assertThat(events).hasSize(writers * each);
        for (int i = 0; i < events.size(); i++) {
          assertThat(events.get(i).revision()).isEqualTo(began + 1 + i);
        }
      }
    }
  }

  @Test
  void aCounterThatManyCompareAndSetLosesNothing() throws Exception {
    int writers = 6;
    int each = 25;
    put("/n", Bytes.utf8("0"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < each; n++) {
                    while (!increment()) {
                      Thread.onSpinWait();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(store.get("/n").orElseThrow().value().utf8()).isEqualTo("" + writers * each);
  }

  private boolean increment() throws StoreException {
    KeyValue now = store.get("/n").orElseThrow();
    int next = Integer.parseInt(now.value().utf8()) + 1;
    return store
        .commit(
            Transaction.when(Compare.unchanged("/n", now.modRevision()))
                .then(Action.put("/n", Bytes.utf8("" + next))))
        .succeeded();
  }

  @Test
  void aLeaseTakesItsKeysAlongInOneRevision() throws Exception {
    Lease lease = store.grant(TTL);
    assertThat(lease.id()).isPositive();
    store.commit(Transaction.of(Action.put("/a", X, lease.id()), Action.put("/b", X, lease.id())));
    put("/c", X);
    assertThat(store.lease(lease.id()).orElseThrow().keys()).isEqualTo(2);
    // A key that is put without its lease, or under another, is not taken along.
    put("/b", Y);
    store.commit(Transaction.of(Action.put("/d", X, lease.id())));
    long before = store.revision();
    pass(store, TTL.multipliedBy(2));
    assertThat(store.lease(lease.id())).isEmpty();
    assertThat(keys(KeyRange.all())).containsExactly("/b", "/c");
    assertThat(store.revision()).isEqualTo(before + 1);
    assertThatExceptionOfType(LeaseNotFoundException.class)
        .isThrownBy(() -> store.keepAlive(lease.id()));
    assertThatExceptionOfType(LeaseNotFoundException.class)
        .isThrownBy(() -> store.commit(Transaction.of(Action.put("/e", X, lease.id()))));
    assertThat(store.get("/e")).isEmpty();
    assertThat(store.grant(TTL).id()).isNotEqualTo(lease.id());
  }

  @Test
  void aLeaseThatIsKeptAliveLives() throws Exception {
    Lease lease = store.grant(TTL);
    Lease other = store.grant(TTL);
    store.commit(Transaction.of(Action.put("/a", X, lease.id()), Action.put("/b", X, other.id())));
    for (int i = 0; i < 4; i++) {
      pass(store, TTL.dividedBy(2));
      assertThat(store.keepAlive(lease.id())).isPositive();
    }
    pass(store, TTL.dividedBy(4));
    assertThat(store.get("/a")).isPresent();
    assertThat(store.get("/b")).isEmpty();
  }

  @Test
  void aLeaseIsRevokedAtOnce() throws Exception {
    Lease lease = store.grant(TTL);
    store.commit(Transaction.of(Action.put("/a", X, lease.id())));
    store.revoke(lease.id());
    assertThat(store.get("/a")).isEmpty();
    assertThatExceptionOfType(LeaseNotFoundException.class)
        .isThrownBy(() -> store.revoke(lease.id()));
    assertThatExceptionOfType(LeaseNotFoundException.class)
        .isThrownBy(() -> store.keepAlive(123456789));
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    Lease lease = store.grant(Duration.ofHours(1));
    put("/a", X);
    store.commit(Transaction.of(Action.put("/b", Y, lease.id())));
    store.commit(Transaction.of(Action.delete("/a")));
    List<KeyValue> items = store.range(RangeRequest.of(KeyRange.all())).items();
    store = reopen(store);
    assertThat(store.revision()).isEqualTo(began + 3);
    assertThat(store.range(RangeRequest.of(KeyRange.all())).items()).isEqualTo(items);
    assertThat(store.lease(lease.id()).orElseThrow().keys()).isEqualTo(1);
    assertThat(put("/a", X)).isEqualTo(began + 4);
    store.revoke(lease.id());
    assertThat(store.get("/b")).isEmpty();
  }

  @Test
  void whatIsTooLargeOrMalformedIsRefusedInWords() {
    Bytes large = Bytes.of(new byte[StoreLimits.VALUE_BYTES_MAX + 1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Action.put("/a", large))
        .withMessageContaining("/a")
        .withMessageContaining("262145");
    for (String key : List.of("", "a b", "ä", "a\n", "x".repeat(StoreLimits.KEY_CHARS_MAX + 1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> Action.put(key, X));
      assertThatIllegalArgumentException().isThrownBy(() -> Compare.absent(key));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Transaction.of(Action.put("/a", X), Action.put("/a", Y)))
        .withMessageContaining("twice");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Transaction.of(Action.put("/a/1", X), new Action.Delete(KeyRange.prefix("/a/"))));
    Bytes most = Bytes.of(new byte[StoreLimits.VALUE_BYTES_MAX]);
    Action[] five = new Action[5];
    for (int i = 0; i < five.length; i++) {
      five[i] = Action.put("/" + i, most);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Transaction.of(five));
    Action[] many = new Action[StoreLimits.TRANSACTION_ITEMS_MAX + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = Action.get("/" + i);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Transaction.of(many));
    assertThatIllegalArgumentException().isThrownBy(() -> store.grant(Duration.ofMillis(10)));
    assertThatIllegalArgumentException().isThrownBy(() -> store.grant(Duration.ofDays(2)));
    assertThatIllegalArgumentException().isThrownBy(() -> store.watch(KeyRange.all(), -1));
    assertThatIllegalArgumentException().isThrownBy(() -> RangeRequest.of(KeyRange.all()).limit(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyRange("/b", "/a"));
  }

  @Test
  void theLargestValueAndTheLongestKeyAreKept() throws Exception {
    byte[] bytes = new byte[StoreLimits.VALUE_BYTES_MAX];
    new Random(1).nextBytes(bytes);
    String key = "k".repeat(StoreLimits.KEY_CHARS_MAX);
    put(key, Bytes.of(bytes));
    put("/empty", Bytes.utf8(""));
    store = reopen(store);
    assertThat(store.get(key).orElseThrow().value()).isEqualTo(Bytes.of(bytes));
    assertThat(store.get("/empty").map(KeyValue::value)).isEqualTo(Optional.of(Bytes.utf8("")));
  }

  @Test
  void whatIsClosedSaysSo() throws Exception {
    Watch watch = store.watch(KeyRange.all(), 0);
    store.close();
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> put("/a", X));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.get("/a"));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.grant(TTL));
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> watch.next(Duration.ZERO));
    store.close();
  }

  @Test
  void doesWhatTheModelDoes() throws Exception {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    Model model = new Model();
    RandomTransactions transactions = new RandomTransactions(random, model::revision);
    assumeTrue(began == 0, "begins at revision " + began + ", the model at 0");
    try (Watch watch = store.watch(KeyRange.all(), 1)) {
      List<Event> told = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Transaction transaction = transactions.next(0);
        assertThat(store.commit(transaction))
            .as("seed %d", seed)
            .isEqualTo(model.commit(transaction));
        KeyRange range = transactions.range();
        long revision = random.nextLong(model.revision() + 1);
        if (revision > 0) {
          assertThat(store.range(RangeRequest.of(range).at(revision)).items())
              .as("seed %d", seed)
              .isEqualTo(model.items(range, revision));
        }
        if (random.nextInt(5) == 0) {
          told.addAll(watch.next(Duration.ZERO).events());
        }
      }
      while (told.isEmpty() || told.getLast().revision() < model.revision()) {
        told.addAll(watch.next(Duration.ofSeconds(30)).events());
      }
      assertThat(told).as("seed %d", seed).isEqualTo(model.eventsFrom(KeyRange.all(), 0));
    }
  }
}
