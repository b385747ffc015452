package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Capacity;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.StoreDamagedException;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.crash.CrashDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is torn is dropped; what has gone bad is refused, and nothing is changed then. */
class DamageTest {
  private static final String LOG = "log.1";
  private static final String SNAPSHOT = "snapshot.1";
  private static final int CHANGES = 12;

  private final Random random = new Random(7);
  private final ManualClock clock = new ManualClock();
  private final CrashDisk disk = new CrashDisk(random);

  /** What the store held when the log had this many bytes, for each of its frames. */
  private final List<Integer> ends = new ArrayList<>();

  private final List<List<KeyValue>> held = new ArrayList<>();

  private FileStateStore open(CrashDisk on) throws StoreException {
    FileStoreOptions options =
        new FileStoreOptions(
            Capacity.DEFAULT, 1 << 20, clock, () -> new UUID(3, random.nextLong()), new Quiet());
    return FileStateStore.open(on, options);
  }

  private static List<KeyValue> items(FileStateStore store) throws StoreException {
    return store.range(RangeRequest.of(KeyRange.all())).items();
  }

  @BeforeEach
  void write() throws StoreException {
    FileStateStore store = open(disk);
    note(store);
    for (int i = 0; i < CHANGES; i++) {
      // One of them is larger than a few sectors.
      byte[] value = new byte[i == 8 || i == CHANGES - 1 ? 1700 : 30];
      random.nextBytes(value);
      store.commit(Transaction.of(Action.put("/k" + i % 5, Bytes.of(value))));
      note(store);
    }
  }

  private void note(FileStateStore store) throws StoreException {
    ends.add(disk.bytes(LOG).length);
    held.add(items(store));
  }

  private CrashDisk with(String name, byte[] bytes) {
    CrashDisk copy = disk.copy(random);
    copy.place(name, bytes);
    return copy;
  }

  @Test
  void aLogThatEndsAnywhereHoldsWhatWasWholeByThen() throws StoreException {
    byte[] log = disk.bytes(LOG);
    for (int end = FileHeader.BYTES; end <= log.length; end++) {
      CrashDisk torn = with(LOG, Arrays.copyOf(log, end));
      try (FileStateStore store = open(torn)) {
        assertThat(items(store)).as("%d bytes", end).isEqualTo(held.get(framesIn(end)));
        store.commit(Transaction.of(Action.put("/new", Bytes.utf8("x"))));
      }
      try (FileStateStore store = open(torn)) {
        assertThat(store.get("/new")).isPresent();
      }
    }
  }

  private int framesIn(int bytes) {
    int frames = 0;
    while (frames + 1 < ends.size() && ends.get(frames + 1) <= bytes) {
      frames++;
    }
    return frames;
  }

  @Test
  void aLastFrameWithSectorsThatWereNeverWrittenIsDropped() throws StoreException {
    byte[] log = disk.bytes(LOG);
    int from = ends.get(CHANGES - 1);
    int firstSector = from / Tear.SECTOR_BYTES;
    int sectors = (log.length - 1) / Tear.SECTOR_BYTES - firstSector + 1;
    assertThat(sectors).isGreaterThanOrEqualTo(4);
    for (int lost = 1; lost < 1 << sectors; lost++) {
      byte[] torn = log.clone();
      for (int i = 0; i < sectors; i++) {
        if ((lost & 1 << i) != 0) {
          int at = Math.max(from, (firstSector + i) * Tear.SECTOR_BYTES);
          Arrays.fill(torn, at, Math.min(torn.length, at - at % 512 + 512), (byte) 0);
        }
      }
      try (FileStateStore store = open(with(LOG, torn))) {
        assertThat(items(store)).as("lost %x", lost).isEqualTo(held.get(CHANGES - 1));
      }
    }
  }

  @Test
  void aLogThatIsLongerByZerosIsWhole() throws StoreException {
    byte[] log = disk.bytes(LOG);
    for (int more : new int[] {1, 23, 24, 511, 512, 5000}) {
      try (FileStateStore store = open(with(LOG, Arrays.copyOf(log, log.length + more)))) {
        assertThat(items(store)).isEqualTo(held.getLast());
      }
    }
  }

  @Test
  void anyByteThatChangedInALogIsFoundAndNothingElseIsChanged() {
    byte[] log = disk.bytes(LOG);
    for (int at = 0; at < log.length; at++) {
      byte[] bad = log.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      CrashDisk damaged = with(LOG, bad);
      int place = at;
      assertThatExceptionOfType(StoreDamagedException.class)
          .as("byte %d", at)
          .isThrownBy(() -> open(damaged))
          .satisfies(
              e -> {
                assertThat(e.getMessage()).contains("crash/log.1", "Nothing was changed", "backup");
                if (place >= FileHeader.BYTES) {
                  int frame = framesIn(place);
                  assertThat(e.getMessage()).contains("truncate -s " + ends.get(frame) + " ");
                }
              });
      assertThat(damaged.bytes(LOG)).isEqualTo(bad);
      assertThat(damaged.names()).isEqualTo(disk.names());
    }
  }

  @Test
  void whatTheMessageSaysHelps() throws StoreException {
    byte[] bad = disk.bytes(LOG);
    bad[ends.get(3) + 30] ^= 4;
    CrashDisk damaged = with(LOG, bad);
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> open(damaged))
        .withMessageContaining("truncate -s " + ends.get(3) + " crash/log.1")
        .withMessageContaining("a frame that was written later is whole");
    damaged.place(LOG, Arrays.copyOf(bad, ends.get(3)));
    try (FileStateStore store = open(damaged)) {
      assertThat(items(store)).isEqualTo(held.get(3));
    }
  }

  @Test
  void aSectorLostInTheMiddleIsNoTear() {
    byte[] log = disk.bytes(LOG);
    byte[] bad = log.clone();
    Arrays.fill(bad, 512, 1024, (byte) 0);
    assertThatExceptionOfType(StoreDamagedException.class).isThrownBy(() -> open(with(LOG, bad)));
  }

  @Test
  void aSnapshotThatIsNotWholeIsRefused() throws StoreException {
    // A second start puts all of it into a snapshot.
    open(disk);
    String name = "snapshot.2";
    byte[] snapshot = disk.bytes(name);
    assertThat(snapshot.length).isGreaterThan(4000);
    for (int at = 0; at < snapshot.length; at++) {
      byte[] bad = snapshot.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      CrashDisk damaged = with(name, bad);
      assertThatExceptionOfType(StoreDamagedException.class)
          .as("byte %d", at)
          .isThrownBy(() -> open(damaged))
          .withMessageContaining("crash/snapshot.2");
      CrashDisk shorter = with(name, Arrays.copyOf(snapshot, at));
      assertThatExceptionOfType(StoreDamagedException.class).isThrownBy(() -> open(shorter));
    }
  }

  @Test
  void filesThatAreNotThereOrOfAnotherStoreAreRefused() throws StoreException {
    CrashDisk noLog = disk.copy(random);
    noLog.remove(LOG);
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> open(noLog))
        .withMessageContaining("crash/log.1 is not there");
    CrashDisk noSnapshot = disk.copy(random);
    noSnapshot.remove(SNAPSHOT);
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> open(noSnapshot))
        .withMessageContaining("crash/snapshot.1 is not there");
    CrashDisk other = new CrashDisk(random);
    open(other);
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> open(with(LOG, other.bytes(LOG))));
    // A generation is not taken for another one.
    CrashDisk renamed = disk.copy(random);
    renamed.place("snapshot.9", disk.bytes(SNAPSHOT));
    renamed.place("log.9", disk.bytes(LOG));
    assertThatExceptionOfType(StoreDamagedException.class).isThrownBy(() -> open(renamed));
  }

  @Test
  void aLaterVersionIsNotGuessedAt() {
    byte[] log = disk.bytes(LOG);
    ByteBuffer header = ByteBuffer.wrap(log);
    header.putInt(8, 2);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(log, 0, 40);
    header.putInt(40, (int) crc.getValue());
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> open(with(LOG, log)))
        .withMessageContaining("version 2")
        .withMessageContaining("use the one that wrote it");
  }

  @Test
  void filesOfOthersInTheDirectoryStay() throws StoreException {
    CrashDisk mixed = disk.copy(random);
    mixed.place("notes.txt", new byte[] {1});
    mixed.place("log.7", new byte[10]);
    mixed.place("snapshot.3.new", new byte[1000]);
    try (FileStateStore store = open(mixed)) {
      assertThat(items(store)).isEqualTo(held.getLast());
    }
    assertThat(mixed.names()).containsExactlyInAnyOrder("notes.txt", "snapshot.2", "log.2");
  }
}
