package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.chance.Fuzz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoRingTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 64;

  @TempDir Path dir;
  private IoRing ring;
  private DiskFile file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(BLOCKS * BLOCK, 4096);

  @BeforeEach
  void open() throws ErrnoException {
    file = DiskFile.create(dir.resolve("file").toString());
    try {
      ring = IoRing.open(8, 16);
    } catch (ErrnoException e) {
      System.err.println("SKIPPED IoRingTest: " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
  }

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
    }
    file.close();
    arena.close();
  }

  private int one() throws ErrnoException {
    assertThat(ring.submit()).isZero();
    ring.await();
    assertThat(ring.next()).isTrue();
    int result = ring.result();
    assertThat(ring.next()).isFalse();
    return result;
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    memory.asSlice(0, BLOCK).fill((byte) 7);
    ring.write(file, 3 * BLOCK, memory, 0, BLOCK, DiskFile.DSYNC, 1);
    assertThat(one()).isEqualTo(BLOCK);
    assertThat(ring.tag()).isEqualTo(1);
    ring.sync(file, 2);
    assertThat(one()).isZero();
    ring.read(file, 3 * BLOCK - 1, memory, BLOCK, BLOCK, true, Long.MIN_VALUE);
    assertThat(one()).isEqualTo(BLOCK);
    assertThat(ring.tag()).isEqualTo(Long.MIN_VALUE);
    assertThat(memory.get(ValueLayout.JAVA_BYTE, BLOCK)).isZero();
    assertThat(memory.asSlice(BLOCK + 1, BLOCK - 1).toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
    assertThat(Files.size(dir.resolve("file"))).isEqualTo(4 * BLOCK);
  }

  @Test
  void theEndOfAFileIsShortThenNothing() throws Exception {
    file.truncate(100);
    ring.read(file, 0, memory, 0, BLOCK, false, 0);
    assertThat(one()).isEqualTo(100);
    ring.read(file, 100, memory, 0, BLOCK, true, 0);
    assertThat(one()).isZero();
  }

  @Test
  void errorsAreNumbers() throws Exception {
    file.truncate(BLOCK);
    DiskFile reader = DiskFile.open(dir.resolve("file").toString(), true);
    ring.write(reader, 0, memory, 0, BLOCK, 0, 0);
    assertThat(one()).isEqualTo(-Errno.EBADF);
    reader.close();
    ring.sync(reader, 0);
    assertThat(one()).isEqualTo(-Errno.EBADF);
  }

  @Test
  void holesArePunched() throws Exception {
    memory.fill((byte) 1);
    ring.write(file, 0, memory, 0, BLOCKS * BLOCK, 0, 0);
    assertThat(one()).isEqualTo(BLOCKS * BLOCK);
    ring.allocate(file, DiskFile.Allocation.PUNCH_HOLE, BLOCK, 2 * BLOCK, 0);
    int result = one();
    assumeTrue(result != -Errno.EOPNOTSUPP, "no holes in this file system");
    assertThat(result).isZero();
    byte[] bytes = Files.readAllBytes(dir.resolve("file"));
    for (int i = 0; i < bytes.length; i++) {
      assertThat(bytes[i])
          .as("byte %d", i)
          .isEqualTo((byte) (i / BLOCK == 1 || i / BLOCK == 2 ? 0 : 1));
    }
  }

  @Test
  void thereIsRoomForSoManyBetweenSubmissions() throws Exception {
    for (int i = 0; i < 8; i++) {
      assertThat(ring.hasRoom()).isTrue();
      ring.nothing(i);
    }
    assertThat(ring.hasRoom()).isFalse();
    assertThatThrownBy(() -> ring.nothing(8)).isInstanceOf(AssertionError.class);
    assertThat(ring.submit()).isZero();
    assertThat(ring.hasRoom()).isTrue();
    assertThat(reap(8).cardinality()).isEqualTo(8);
  }

  @Test
  void endsThatHaveNoRoomAreKept() throws Exception {
    int count = 4 * ring.endsMax() + 3;
    for (int i = 0; i < count; i++) {
      if (!ring.hasRoom()) {
        assertThat(ring.submit()).isZero();
      }
      ring.nothing(i);
    }
    assertThat(ring.submit()).isZero();
    assertThat(reap(count).cardinality()).isEqualTo(count);
    assertThat(ring.next()).isFalse();
  }

  /** Each once, in whatever order. */
  private BitSet reap(int count) throws ErrnoException {
    BitSet seen = new BitSet();
    for (int i = 0; i < count; i++) {
      ring.await();
      assertThat(ring.next()).isTrue();
      assertThat(ring.result()).isNotNegative();
      assertThat(seen.get((int) ring.tag())).as("twice: %d", ring.tag()).isFalse();
      seen.set((int) ring.tag());
    }
    return seen;
  }

  @Test
  void anEventLoopIsWoken() throws Exception {
    file.truncate(BLOCKS * BLOCK);
    CountDownLatch ended = new CountDownLatch(100);
    Thread thread;
    try (EventLoop loop = new EventLoop("ring", 0)) {
      loop.watch(
          ring.fd(),
          EventLoop.READ,
          ready -> {
            while (ring.next()) {
              ended.countDown();
              if (ended.getCount() > 0) {
                submitSync();
              }
            }
          });
      thread = loop.start();
      loop.execute(this::submitSync); // a worker of the kernel does it: the loop sleeps meanwhile
      assertThat(ended.await(120, TimeUnit.SECONDS)).isTrue();
    }
    thread.join();
  }

  private void submitSync() {
    try {
      ring.sync(file, 0);
      assertThat(ring.submit()).isZero();
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyUnderWayEndInAnyOrderAndNoneIsMixedUp() throws Exception {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    byte[] model = new byte[BLOCKS * BLOCK];
    file.truncate(model.length);
    boolean[] busy = new boolean[BLOCKS];
    boolean[] writes = new boolean[BLOCKS];
    int underWay = 0;
    int steps = Fuzz.iterations(2000);
    for (int step = 0; step < steps || underWay > 0; step++) {
      int block = random.nextInt(BLOCKS);
      if (step < steps && !busy[block] && ring.hasRoom() && underWay < ring.endsMax()) {
        begin(random, block, writes, model);
        busy[block] = true;
        underWay++;
      }
      if (random.nextInt(4) == 0 || !ring.hasRoom() || step >= steps) {
        assertThat(ring.submit()).isZero();
      }
      while (ring.next()) {
        int ended = (int) ring.tag();
        assertThat(busy[ended]).as("seed %d step %d", seed, step).isTrue();
        assertThat(ring.result()).as("seed %d step %d", seed, step).isEqualTo(BLOCK);
        if (!writes[ended]) {
          byte[] want = Arrays.copyOfRange(model, ended * BLOCK, (ended + 1) * BLOCK);
          assertThat(memory.asSlice((long) ended * BLOCK, BLOCK).toArray(ValueLayout.JAVA_BYTE))
              .as("seed %d step %d", seed, step)
              .isEqualTo(want);
        }
        busy[ended] = false;
        underWay--;
      }
    }
    assertThat(Files.readAllBytes(dir.resolve("file"))).isEqualTo(model);
  }

  private void begin(Random random, int block, boolean[] writes, byte[] model) {
    int at = block * BLOCK;
    writes[block] = random.nextBoolean();
    if (writes[block]) {
      byte[] data = new byte[BLOCK];
      random.nextBytes(data);
      System.arraycopy(data, 0, model, at, BLOCK);
      MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, at, BLOCK);
      int flags = random.nextInt(16) == 0 ? DiskFile.DSYNC : 0;
      ring.write(file, at, memory, at, BLOCK, flags, block);
    } else {
      memory.asSlice(at, BLOCK).fill((byte) 0x5A);
      ring.read(file, at, memory, at, BLOCK, random.nextBoolean(), block);
    }
  }
}
