package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Capacity;
import farslot.store.LeaseNotFoundException;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.StoreLimits;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.crash.CrashDisk;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What clocks do, and what leases make of it. */
class LeaseTimeTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Bytes X = Bytes.utf8("x");

  private final Random random = new Random(5);
  private final ManualClock clock = new ManualClock();
  private final CrashDisk disk = new CrashDisk(random);

  private FileStateStore open() throws StoreException {
    return FileStateStore.open(
        disk,
        new FileStoreOptions(Capacity.DEFAULT, 1 << 20, clock, () -> new UUID(1, 2), new Quiet()));
  }

  private static long leased(FileStateStore store, String key) throws StoreException {
    long lease = store.grant(TTL).id();
    store.commit(Transaction.of(Action.put(key, X, lease)));
    return lease;
  }

  @Test
  void aJumpOfAYearEndsNothingThatIsAlive() throws Exception {
    try (FileStateStore store = open()) {
      long alive = leased(store, "/alive");
      long dead = leased(store, "/dead");
      clock.pass(store, Duration.ofSeconds(5));
      clock.jump(YEAR);
      store.tick();
      assertThat(store.get("/dead")).isPresent();
      store.keepAlive(alive);
      clock.jump(YEAR.negated());
      store.tick();
      // Whoever is gone is found out all the same, when its time has been lived through.
      clock.pass(store, Duration.ofSeconds(6));
      assertThat(store.get("/alive")).isPresent();
      assertThat(store.get("/dead")).isEmpty();
      assertThatExceptionOfType(LeaseNotFoundException.class)
          .isThrownBy(() -> store.keepAlive(dead));
    }
  }

  @Test
  void aProcessThatStoodStillDoesNotBlameOthers() throws Exception {
    try (FileStateStore store = open()) {
      long lease = leased(store, "/a");
      clock.jump(Duration.ofMinutes(2)); // Stopped: nobody could be heard.
      store.tick();
      assertThat(store.keepAlive(lease)).isEqualTo(TTL);
    }
  }

  @Test
  void afterARestartEachLeaseLivesForItsWholeTimeAgain() throws Exception {
    long lease;
    try (FileStateStore store = open()) {
      lease = leased(store, "/a");
      clock.pass(store, Duration.ofSeconds(9));
    }
    disk.powerUp();
    clock.jump(YEAR);
    try (FileStateStore store = open()) {
      assertThat(store.lease(lease).orElseThrow().remaining()).isEqualTo(TTL);
      clock.pass(store, Duration.ofSeconds(9));
      assertThat(store.get("/a")).isPresent();
      clock.pass(store, Duration.ofSeconds(2));
      assertThat(store.get("/a")).isEmpty();
    }
  }

  @Test
  void aLeaseThatIsOverStaysOverThoughItCannotBeRecorded() throws Exception {
    try (FileStateStore store = open()) {
      long lease = leased(store, "/a");
      disk.capacity(1);
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> clock.pass(store, TTL.plusSeconds(1)));
      assertThat(store.lease(lease)).isEmpty();
      assertThatExceptionOfType(LeaseNotFoundException.class)
          .isThrownBy(() -> store.keepAlive(lease));
      assertThat(store.get("/a")).isPresent();
      disk.capacity(Long.MAX_VALUE);
      store.tick();
      assertThat(store.get("/a")).isEmpty();
    }
  }

  @Test
  void numbersOfLeasesAreNotUsedTwice() throws Exception {
    long last;
    try (FileStateStore store = open()) {
      store.revoke(store.grant(TTL).id());
      last = store.grant(TTL).id();
      store.revoke(last);
    }
    try (FileStateStore store = open()) {
      assertThat(store.grant(TTL).id()).isGreaterThan(last);
    }
    disk.powerUp();
    try (FileStateStore store = open()) {
      assertThat(store.grant(TTL).id()).isGreaterThan(last + 1);
    }
  }

  @Test
  void thereAreAsManyLeasesAsThereMayBe() throws Exception {
    try (FileStateStore store = open()) {
      for (int i = 0; i < StoreLimits.LEASES_MAX; i++) {
        store.grant(TTL);
      }
      assertThatExceptionOfType(StoreLimitException.class)
          .isThrownBy(() -> store.grant(TTL))
          .withMessageContaining("10000 leases");
      store.revoke(1);
      store.grant(TTL);
    }
  }

  @Test
  void aLeaseHasAsManyKeysAsGoAtOnce() throws Exception {
    try (FileStateStore store = open()) {
      long lease = store.grant(TTL).id();
      for (int i = 0; i < StoreLimits.CHANGES_MAX; i += 100) {
        Action[] puts = new Action[100];
        for (int k = 0; k < puts.length; k++) {
          puts[k] = Action.put("/" + (i + k), X, lease);
        }
        store.commit(Transaction.of(puts));
      }
      assertThatExceptionOfType(StoreLimitException.class)
          .isThrownBy(() -> store.commit(Transaction.of(Action.put("/more", X, lease))))
          .withMessageContaining("another lease");
      store.revoke(lease);
      assertThat(store.get("/77")).isEmpty();
    }
  }
}
