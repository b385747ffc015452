package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.chance.Fuzz;
import farslot.function.BlockStore;
import farslot.function.BlockStore.Status;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final int MIB = 1 << 20;

  @TempDir Path dir;
  private BackEndFactory factory;

  @BeforeEach
  void open() throws Exception {
    factory = factory();
  }

  @AfterEach
  void close() throws Exception {
    factory.close();
  }

  /** Another kind of test has another one. */
  BackEndFactory factory() throws Exception {
    return new BackEndFactory(2);
  }

  /** What is said of every file besides. */
  Map<String, ?> how() {
    return Map.of("io", "pool");
  }

  StoreDriver driver(BlockStore store) {
    return new StoreDriver(store);
  }

  final BlockStore store(Map<String, ?> values) throws CardConfigException {
    Map<String, Object> all = new HashMap<>(values);
    if (values.containsKey("file")) {
      how().forEach(all::putIfAbsent);
    }
    CardConfig config = new CardConfig("namespaces[0]", all);
    return opened(config);
  }

  /** Opens it where that should be done. */
  BlockStore opened(CardConfig config) throws CardConfigException {
    BlockStore store = factory.block(config);
    config.finish();
    return store;
  }

  final BlockStore image(String name, long bytes) throws CardConfigException {
    return store(Map.of("file", dir.resolve(name).toString(), "size", bytes));
  }

  @Test
  void aFileBehavesAsAnArrayOfBytes() throws Exception {
    try (BlockStore store = image("a", 3 * MIB + 512)) {
      likeAnArray(store);
    }
  }

  @Test
  void memoryBehavesAsAnArrayOfBytes() throws Exception {
    try (BlockStore store = store(Map.of("ram", 3 * MIB + 512))) {
      likeAnArray(store);
    }
  }

  private void likeAnArray(BlockStore store) throws Exception {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    byte[] model = new byte[(int) store.sizeBytes()];
    StoreDriver driver = driver(store);
    for (int i = 0; i < Fuzz.iterations(400); i++) {
      int blocks = model.length / 512;
      int first = random.nextInt(blocks);
      int count = 1 + random.nextInt(Math.min(blocks - first, random.nextBoolean() ? 16 : 6000));
      int from = first * 512;
      int to = from + count * 512;
      Status status = Status.OK;
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          byte[] data = new byte[to - from];
          random.nextBytes(data);
          System.arraycopy(data, 0, model, from, data.length);
          status = driver.write(from, data, random.nextInt(8) == 0);
        }
        case 2 -> {
          Arrays.fill(model, from, to, (byte) 0);
          status = driver.deallocate(from, to - from);
        }
        case 3 -> {
          Arrays.fill(model, from, to, (byte) 0);
          status = driver.writeZeroes(from, to - from, random.nextInt(8) == 0);
        }
        case 4 -> {
          status = random.nextInt(8) == 0 ? driver.flush() : Status.OK;
          inPlace(store, model, from, to - from, random);
        }
        default -> {
          byte[] data = new byte[to - from];
          if (random.nextBoolean()) {
            driver.readAtOnce(from, data);
          } else {
            data = driver.read(from, to - from);
          }
          assertThat(data)
              .as("seed %d step %d", seed, i)
              .isEqualTo(Arrays.copyOfRange(model, from, to));
        }
      }
      assertThat(status).as("seed %d step %d", seed, i).isEqualTo(Status.OK);
    }
    assertThat(driver.read(0, model.length)).isEqualTo(model);
  }

  /** A store that is memory shows in place what it would read, and takes what is put there. */
  private static void inPlace(BlockStore store, byte[] model, int from, int bytes, Random random) {
    MemorySegment memory = store.memory(from, bytes);
    if (memory != null) {
      long at = store.memoryOffset(from);
      MemorySegment whole = MemorySegment.ofArray(model);
      assertThat(MemorySegment.mismatch(memory, at, at + bytes, whole, from, from + bytes))
          .isEqualTo(-1);
      byte[] data = new byte[bytes];
      random.nextBytes(data);
      MemorySegment.copy(
          data, 0, store.memoryToWrite(from, bytes), ValueLayout.JAVA_BYTE, at, bytes);
      System.arraycopy(data, 0, model, from, bytes);
    }
  }

  @Test
  void onlyMemoryIsReachedInPlaceAndOnlyInOnePiece() throws Exception {
    try (BlockStore ram = store(Map.of("ram", 3 * MIB));
        BlockStore file = image("b", 3 * MIB)) {
      assertThat(ram.memory(MIB - 4096, 4096)).isNotNull();
      assertThat(ram.memory(MIB - 4096, 4097)).isNull();
      assertThat(ram.memoryToWrite(2 * MIB - 512, 1024)).isNull();
      assertThat(((RamStore) ram).chunksHeld()).isZero();
      assertThat(file.memory(0, 512)).isNull();
      assertThat(file.memoryToWrite(0, 512)).isNull();
    }
  }

  @Test
  void anImageIsCreatedSparseAndDeallocationPunchesHoles() throws Exception {
    try (BlockStore store = image("sparse", 64L * MIB)) {
      StoreDriver driver = driver(store);
      assertThat(store.sizeBytes()).isEqualTo(64L * MIB);
      assertThat(allocatedBytes("sparse")).isLessThan(MIB);
      assertThat(driver.write(8L * MIB, new byte[4 * MIB], true)).isEqualTo(Status.OK);
      assertThat(allocatedBytes("sparse")).isGreaterThanOrEqualTo(4L * MIB);
      assertThat(driver.deallocate(8L * MIB, 4L * MIB)).isEqualTo(Status.OK);
      assertThat(allocatedBytes("sparse")).isLessThan(MIB);
      assertThat(Files.size(dir.resolve("sparse"))).isEqualTo(64L * MIB);
    }
  }

  @Test
  void memoryIsGivenBack() throws Exception {
    try (RamStore store = (RamStore) store(Map.of("ram", "16MiB"))) {
      StoreDriver driver = driver(store);
      driver.write(0, new byte[8 * MIB], false);
      assertThat(store.chunksHeld()).isEqualTo(8);
      driver.deallocate(0, 16L * MIB);
      assertThat(store.chunksHeld()).isZero();
    }
  }

  @Test
  void whatIsInMemoryIsReadAtOnceAndNobodyIsTold() throws Exception {
    boolean inline = !Boolean.FALSE.equals(how().get("inline")) && how().get("direct") == null;
    byte[] data = new byte[8192];
    new Random(3).nextBytes(data);
    try (BlockStore store = image("once", MIB)) {
      StoreDriver driver = driver(store);
      assertThat(driver.write(4096, data, true)).isEqualTo(Status.OK);
      byte[] read = new byte[data.length];
      boolean atOnce = driver.readAtOnce(4096, read);
      assertThat(read).isEqualTo(data);
      if (!inline) {
        assertThat(atOnce).isFalse();
      }
      assertThat(driver.flush()).as("told of the next request only").isEqualTo(Status.OK);
    }
  }

  @Test
  void anImageKeepsItsBlockSize() throws Exception {
    try (BlockStore store = image("formatted", MIB)) {
      assumeTrue(store.keepsBlockBytes(), "this filesystem has no extended attributes");
      assertThat(store.blockBytes()).isZero();
      store.blockBytes(4096);
      assertThat(driver(store).flush()).isEqualTo(Status.OK);
    }
    try (BlockStore store = image("formatted", MIB)) {
      assertThat(store.blockBytes()).isEqualTo(4096);
    }
  }

  @Test
  void aReadOnlyImageRefusesChangesAndLetsOthersRead() throws Exception {
    byte[] data = new byte[MIB];
    new Random(1).nextBytes(data);
    Files.write(dir.resolve("ro"), data);
    Map<String, ?> values = Map.of("file", dir.resolve("ro").toString(), "read-only", true);
    try (BlockStore store = store(values);
        BlockStore second = store(values)) {
      StoreDriver driver = driver(store);
      assertThat(store.readOnly()).isTrue();
      assertThat(driver.write(0, new byte[512], false)).isEqualTo(Status.READ_ONLY);
      assertThat(driver.deallocate(0, 512)).isEqualTo(Status.READ_ONLY);
      assertThat(driver.writeZeroes(0, 512, true)).isEqualTo(Status.READ_ONLY);
      assertThat(driver.flush()).isEqualTo(Status.OK);
      assertThat(driver.read(0, MIB)).isEqualTo(data);
      assertThat(driver(second).read(512, 512)).isEqualTo(Arrays.copyOfRange(data, 512, 1024));
    }
  }

  @Test
  void oneImageHasOneWriter() throws Exception {
    try (BlockStore first = image("one", MIB)) {
      assertThat(first.readOnly()).isFalse();
      assertThatThrownBy(() -> image("one", MIB))
          .isInstanceOf(CardConfigException.class)
          .hasMessageContaining("in use");
    }
    image("one", MIB).close();
  }

  @Test
  void whatCannotBeHadIsRefusedWithAdvice() throws Exception {
    Files.write(dir.resolve("short"), new byte[512]);
    Files.write(dir.resolve("empty"), new byte[0]);
    assertThatThrownBy(() -> image("short", MIB)).hasMessageContaining("too short");
    assertThatThrownBy(() -> store(Map.of("file", dir.resolve("empty").toString())))
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> store(Map.of("file", dir.resolve("none").toString())))
        .hasMessageContaining("size: 10GiB");
    assertThatThrownBy(() -> image("no/such/dir", MIB)).hasMessageContaining("open(");
    assertThatThrownBy(() -> store(Map.of("file", dir.toString()))).hasMessageContaining("open(");
    assertThatThrownBy(() -> store(Map.of())).hasMessageContaining("either");
    assertThatThrownBy(() -> store(Map.of("file", "x", "ram", 1))).hasMessageContaining("either");
    assertThatThrownBy(() -> store(Map.of("ram", "2TiB"))).hasMessageContaining("1TiB");
    assertThatThrownBy(() -> store(Map.of("file", "x", "io", "fast")))
        .hasMessageContaining("auto, uring or pool");
    assertThatThrownBy(() -> store(Map.of("file", "x", "direct", true, "inline", true)))
        .hasMessageContaining("no page cache");
    assertThatThrownBy(() -> store(Map.of("ram", 512, "szie", 1))).hasMessageContaining("szie");
    assertThat(dir.resolve("none")).doesNotExist();
  }

  @Test
  void anImageThatIsCutShortIsAReadError() throws Exception {
    try (BlockStore store = image("cut", MIB)) {
      StoreDriver driver = driver(store);
      try (RandomAccessFile cut = new RandomAccessFile(dir.resolve("cut").toFile(), "rw")) {
        cut.setLength(MIB / 2 + 100);
      }
      assertThat(driver.readStatus(0, MIB / 2)).isEqualTo(Status.OK);
      assertThat(driver.readStatus(MIB / 2, 512)).isEqualTo(Status.READ_ERROR);
      assertThat(driver.readStatus(MIB - 512, 512)).isEqualTo(Status.READ_ERROR);
    }
  }

  @Test
  void aFullDiskIsNoSpaceAndHeals() throws Exception {
    Path mount = Files.createDirectory(dir.resolve("full"));
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=1m", "farslot-test", mount.toString());
    if (!mounted) {
      System.err.println("SKIPPED aFullDiskIsNoSpaceAndHeals: tmpfs cannot be mounted (not root?)");
    }
    assumeTrue(mounted, "tmpfs cannot be mounted");
    try (BlockStore store = image("full/disk", 8L * MIB)) {
      StoreDriver driver = driver(store);
      assertThat(driver.write(0, new byte[512 << 10], false)).isEqualTo(Status.OK);
      assertThat(driver.write(MIB, new byte[2 * MIB], false)).isEqualTo(Status.NO_SPACE);
      assertThat(driver.deallocate(0, 8L * MIB)).isEqualTo(Status.OK);
      assertThat(driver.write(4L * MIB, new byte[512 << 10], true)).isEqualTo(Status.OK);
      // tmpfs knows no FALLOC_FL_ZERO_RANGE, so this goes the other way round.
      assertThat(driver.writeZeroes(4L * MIB + 512, 8192, true)).isEqualTo(Status.OK);
      assertThat(driver.read(4L * MIB, 16384)).containsOnly(0);
      assertThat(driver.flush()).isEqualTo(Status.OK);
    } finally {
      assertThat(run("umount", mount.toString())).isTrue();
    }
  }

  @Test
  void whatWasFlushedOutlivesAKilledProcess() throws Exception {
    Path image = dir.resolve("killed");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FlushAndDie.class.getName(),
                image.toString(),
                how().get("io").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("flushed");
      process.destroyForcibly();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    try (BlockStore store = image("killed", MIB)) {
      StoreDriver driver = driver(store);
      assertThat(driver.read(4096, 8192)).isEqualTo(FlushAndDie.data());
      assertThat(driver.read(MIB - 8192, 8192)).isEqualTo(FlushAndDie.data());
    }
  }

  private long allocatedBytes(String name) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", dir.resolve(name).toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes()).trim()) * 512;
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }
}
