package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.backend.Request.Operation;
import farslot.chance.Fuzz;
import farslot.function.BlockStore;
import farslot.function.BlockStore.Status;
import farslot.linux.DiskFile;
import farslot.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests by a ring whose kernel is unpleasant. */
class RingEngineTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 48;

  /** Less than the ring has room for, so that two stores together are more. */
  private static final int EACH_MAX = 6;

  @TempDir Path dir;
  private final long seed = Fuzz.seed();
  private final Random random = new Random(seed);
  private final FakeRing ring = new FakeRing(random);
  private final Agent agent = new Agent();
  private final Workers workers = new Workers(1);
  private final RingEngine engine = new RingEngine(ring, EACH_MAX, agent);

  /** One thread, turn by turn. */
  private static final class Agent implements TestAgent, RingEngine.Home {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private RingEngine engine;

    void turn() {
      for (int waiting = tasks.size(); waiting > 0; waiting--) {
        tasks.remove().run();
      }
      engine.onReady();
      engine.submit();
    }

    @Override
    public void call(Runnable task) {
      task.run();
    }

    @Override
    public void until(BooleanSupplier ended) {
      for (int turn = 0; !ended.getAsBoolean(); turn++) {
        assertThat(turn).as("turns").isLessThan(100_000);
        turn();
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void attach(RingEngine attached, int fd) {
      engine = attached;
    }

    @Override
    public void again(long delayNs) {}

    @Override
    public void detach(RingEngine attached, int fd) {}
  }

  private FileStore store(String name) throws Exception {
    DiskFile file = DiskFile.create(dir.resolve(name).toString());
    file.truncate((long) BLOCKS * BLOCK);
    var options = new FileStore.Options((long) BLOCKS * BLOCK, false, false, false);
    FileStore store = new FileStore(file, options, engine, workers);
    store.open(agent);
    return store;
  }

  /** A store with a model of what it should hold, and one block a request. */
  private final class Load implements BlockStore.Done {
    final FileStore store;
    final byte[] model = new byte[BLOCKS * BLOCK];
    final MemorySegment memory = Arena.ofAuto().allocate((long) BLOCKS * BLOCK, 4096);
    final boolean[] busy = new boolean[BLOCKS + 1];
    final boolean[] reads = new boolean[BLOCKS + 1];
    int underWay;
    boolean inside;

    Load(FileStore store) {
      this.store = store;
    }

    void some() {
      int block = random.nextInt(BLOCKS + 1);
      if (busy[block]) {
        return;
      }
      busy[block] = true;
      underWay++;
      inside = true;
      if (block == BLOCKS) {
        store.flush(this, block);
      } else {
        one(block, block * BLOCK);
      }
      inside = false;
    }

    private void one(int block, int at) {
      reads[block] = false;
      switch (random.nextInt(5)) {
        case 0 -> {
          Arrays.fill(model, at, at + BLOCK, (byte) 0);
          store.deallocate(at, BLOCK, this, block);
        }
        case 1 -> {
          Arrays.fill(model, at, at + BLOCK, (byte) 0);
          store.writeZeroes(at, BLOCK, random.nextBoolean(), this, block);
        }
        case 2, 3 -> {
          byte[] data = new byte[BLOCK];
          random.nextBytes(data);
          System.arraycopy(data, 0, model, at, BLOCK);
          MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, at, BLOCK);
          store.write(at, memory, at, BLOCK, random.nextInt(4) == 0, this, block);
        }
        default -> {
          reads[block] = true;
          memory.asSlice(at, BLOCK).fill((byte) 0x5A);
          store.read(at, memory, at, BLOCK, this, block);
        }
      }
    }

    @Override
    public void done(long cookie, Status status) {
      int block = (int) cookie;
      assertThat(inside).as("seed %d: reported from inside", seed).isFalse();
      assertThat(busy[block]).as("seed %d: reported twice", seed).isTrue();
      assertThat(status).as("seed %d", seed).isEqualTo(Status.OK);
      if (reads[block]) {
        int at = block * BLOCK;
        assertThat(memory.asSlice(at, BLOCK).toArray(ValueLayout.JAVA_BYTE))
            .as("seed %d block %d", seed, block)
            .isEqualTo(Arrays.copyOfRange(model, at, at + BLOCK));
      }
      busy[block] = false;
      underWay--;
    }
  }

  @Test
  void everyRequestEndsOnceAndRight() throws Exception {
    Load a = new Load(store("a"));
    Load b = new Load(store("b"));
    int steps = Fuzz.iterations(5_000);
    for (int step = 0; step < steps; step++) {
      (random.nextBoolean() ? a : b).some();
      if (random.nextInt(4) == 0) {
        agent.turn();
      }
    }
    agent.until(() -> a.underWay + b.underWay == 0);
    assertThat(ring.underWay()).isZero();
    a.store.close();
    b.store.close();
    engine.close();
    assertThat(ring.closed).isTrue();
    assertThat(Files.readAllBytes(dir.resolve("a"))).as("seed %d", seed).isEqualTo(a.model);
    assertThat(Files.readAllBytes(dir.resolve("b"))).as("seed %d", seed).isEqualTo(b.model);
  }

  @Test
  void aStoreIsClosedWhenTheKernelHasLetGoOfItsMemory() throws Exception {
    for (int round = 0; round < 50; round++) {
      Load a = new Load(store("a" + round));
      Load b = new Load(store("b" + round));
      for (int i = 0; i < 40; i++) {
        a.some();
        b.some();
      }
      a.store.close();
      assertThat(a.store.isBusy()).isFalse();
      agent.until(() -> a.underWay + b.underWay == 0);
      b.store.close();
      assertThat(ring.underWay()).isZero();
      assertThat(Files.readAllBytes(dir.resolve("a" + round))).isEqualTo(a.model);
      assertThat(Files.readAllBytes(dir.resolve("b" + round))).isEqualTo(b.model);
    }
  }

  @Test
  void aDiskThatHangsHoldsUpItselfOnly() throws Exception {
    FileStore hanging = store("hanging");
    Load other = new Load(store("other"));
    MemorySegment memory = Arena.ofAuto().allocate(BLOCK, 4096);
    ring.hanging = hanging;
    int[] ended = new int[1];
    for (int i = 0; i < 100; i++) {
      hanging.read(0, memory, 0, BLOCK, (cookie, status) -> ended[0]++, i);
    }
    for (int i = 0; i < 1000; i++) {
      other.some();
      agent.turn();
    }
    agent.until(() -> other.underWay == 0);
    assertThat(ended[0]).isZero();
    ring.hanging = null;
    agent.until(() -> ended[0] == 100);
    hanging.close();
    other.store.close();
    assertThat(Files.readAllBytes(dir.resolve("other"))).isEqualTo(other.model);
  }

  @Test
  void flushesThatComeMeanwhileShareOneSync() throws Exception {
    FileStore store = store("a");
    int[] ended = new int[1];
    for (int i = 0; i < 100; i++) {
      store.flush((cookie, status) -> ended[0]++, i);
    }
    agent.until(() -> ended[0] == 100);
    // The first one's own, and one for all that came after it had begun; each may be tried again.
    assertThat(ring.syncs).isLessThan(20);
    store.close();
  }

  private Status ended(FileStore store, Consumer<BlockStore.Done> request) {
    Status[] seen = new Status[1];
    request.accept((cookie, status) -> seen[0] = status);
    agent.until(() -> seen[0] != null);
    return seen[0];
  }

  @Test
  void whatWasLostOnceIsLostForEver() throws Exception {
    FileStore store = store("a");
    MemorySegment block = Arena.ofAuto().allocate(BLOCK, 4096);
    assertThat(ended(store, done -> store.flush(done, 0))).isEqualTo(Status.OK);
    ring.failing = Operation.SYNC;
    ring.failure = Errno.EIO;
    assertThat(ended(store, done -> store.flush(done, 0))).isEqualTo(Status.WRITE_ERROR);
    ring.failing = null;
    assertThat(ended(store, done -> store.flush(done, 0))).isEqualTo(Status.WRITE_ERROR);
    assertThat(ended(store, done -> store.write(0, block, 0, BLOCK, true, done, 0)))
        .isEqualTo(Status.WRITE_ERROR);
    assertThat(ended(store, done -> store.writeZeroes(0, BLOCK, true, done, 0)))
        .isEqualTo(Status.WRITE_ERROR);
    assertThat(ended(store, done -> store.write(0, block, 0, BLOCK, false, done, 0)))
        .isEqualTo(Status.OK);
    store.close();
  }

  @Test
  void aDurableWriteThatFailsMayHaveHeardOfAnothersLoss() throws Exception {
    FileStore store = store("a");
    MemorySegment block = Arena.ofAuto().allocate(BLOCK, 4096);
    ring.failing = Operation.WRITE;
    ring.failure = Errno.EIO;
    assertThat(ended(store, done -> store.write(0, block, 0, BLOCK, true, done, 0)))
        .isEqualTo(Status.WRITE_ERROR);
    ring.failing = null;
    assertThat(ended(store, done -> store.flush(done, 0))).isEqualTo(Status.WRITE_ERROR);
    store.close();
  }

  @Test
  void errorsSayWhatTheyAre() throws Exception {
    FileStore store = store("a");
    MemorySegment block = Arena.ofAuto().allocate(BLOCK, 4096);
    int[] numbers = {Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EIO, Errno.EAGAIN};
    Status[] meanings = {
      Status.NO_SPACE,
      Status.NO_SPACE,
      Status.READ_ONLY,
      Status.WRITE_ERROR,
      Status.WRITE_ERROR // once it has asked to try again too often
    };
    for (int i = 0; i < numbers.length; i++) {
      ring.failing = Operation.WRITE;
      ring.failure = numbers[i];
      assertThat(ended(store, done -> store.write(0, block, 0, BLOCK, false, done, 0)))
          .isEqualTo(meanings[i]);
      ring.failing = Operation.READ;
      assertThat(ended(store, done -> store.read(0, block, 0, BLOCK, done, 0)))
          .isEqualTo(Status.READ_ERROR);
    }
    ring.failing = null;
    assertThat(ended(store, done -> store.flush(done, 0))).isEqualTo(Status.OK);
    store.close();
  }

  @Test
  void whatAFileSystemDoesNotKnowIsDoneAnotherWay() throws Exception {
    FileStore store = store("a");
    MemorySegment block = Arena.ofAuto().allocate(BLOCK, 4096).fill((byte) 1);
    assertThat(ended(store, done -> store.write(0, block, 0, BLOCK, false, done, 0)))
        .isEqualTo(Status.OK);
    ring.failure = Errno.EOPNOTSUPP;
    ring.failing = Operation.ZERO_RANGE;
    assertThat(ended(store, done -> store.writeZeroes(0, 100, true, done, 0))).isEqualTo(Status.OK);
    ring.failing = Operation.PUNCH_HOLE;
    assertThat(ended(store, done -> store.deallocate(100, 100, done, 0))).isEqualTo(Status.OK);
    ring.failing = null;
    assertThat(ended(store, done -> store.writeZeroes(200, 100, false, done, 0)))
        .isEqualTo(Status.OK);
    byte[] bytes = Files.readAllBytes(dir.resolve("a"));
    assertThat(Arrays.copyOf(bytes, 300)).containsOnly(0);
    assertThat(Arrays.copyOfRange(bytes, 300, BLOCK)).containsOnly(1);
    store.close();
  }
}
