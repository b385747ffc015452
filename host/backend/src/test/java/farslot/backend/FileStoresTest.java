package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.BlockStore;
import farslot.function.BlockStore.Status;
import farslot.function.CardConfig;
import farslot.function.CardUnavailableException;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files are, and what the machine permits. */
class FileStoresTest {
  @TempDir Path dir;

  private FileConfig config(Path path, Map<String, ?> more) throws Exception {
    Map<String, Object> values = new HashMap<>(more);
    values.put("file", path.toString());
    values.putIfAbsent("size", "1MiB");
    return FileConfig.read(new CardConfig("namespaces[0]", values));
  }

  private static void works(BlockStore store) throws Exception {
    byte[] data = new byte[3 * 4096];
    new Random(5).nextBytes(data);
    StoreDriver driver = new StoreDriver(store);
    assertThat(driver.write(4096, data, false)).isEqualTo(Status.OK);
    assertThat(driver.write(32768, Arrays.copyOf(data, 512), true)).isEqualTo(Status.OK);
    assertThat(driver.flush()).isEqualTo(Status.OK);
    assertThat(driver.read(4096, data.length)).isEqualTo(data);
    assertThat(driver.read(32768, 512)).isEqualTo(Arrays.copyOf(data, 512));
    assertThat(driver.deallocate(4096, 4096)).isEqualTo(Status.OK);
    assertThat(driver.read(4096, 4096)).containsOnly(0);
  }

  @Test
  void whereIoUringIsRefusedThreadsDoIt() throws Exception {
    int[] asked = new int[1];
    FileStores.Rings refusing =
        () -> {
          asked[0]++;
          throw new ErrnoException("io_uring_setup(128)", Errno.EPERM);
        };
    try (EventLoop loop = new EventLoop("refused", 0);
        FileStores stores = new FileStores(1, loop, refusing)) {
      try (BlockStore store = stores.open(config(dir.resolve("a"), Map.of()))) {
        works(store);
      }
      assertThatThrownBy(() -> stores.open(config(dir.resolve("b"), Map.of("io", "uring"))))
          .isInstanceOf(CardUnavailableException.class)
          .hasMessageContaining("EPERM")
          .hasMessageContaining("kernel.io_uring_disabled")
          .hasMessageContaining("io: auto");
      assertThat(asked[0]).as("asked once for all").isEqualTo(1);
      // It did not keep the file that it could not serve.
      try (BlockStore store = stores.open(config(dir.resolve("b"), Map.of("io", "pool")))) {
        works(store);
      }
    }
  }

  @Test
  void aFileSystemWithoutDirectAccessIsNamed() throws Exception {
    Path mount = Files.createDirectory(dir.resolve("ramfs"));
    mounted("aFileSystemWithoutDirectAccessIsNamed", "-t", "ramfs", "farslot-test", mount);
    try (FileStores stores = new FileStores(1, null, KernelRing::new)) {
      Path path = mount.resolve("disk");
      assertThatThrownBy(() -> stores.open(config(path, Map.of("direct", true))))
          .isInstanceOf(CardUnavailableException.class)
          .hasMessageContaining("past the page cache")
          .hasMessageContaining("leave 'direct' out");
      try (BlockStore store = stores.open(config(path, Map.of()))) {
        works(store);
      }
    } finally {
      assertThat(run("umount", mount.toString())).isTrue();
    }
  }

  @Test
  void aBlockDeviceIsADiskToo() throws Exception {
    String device = loop("aBlockDeviceIsADiskToo", "512");
    try (FileStores stores = new FileStores(1, null, KernelRing::new)) {
      for (boolean direct : new boolean[] {false, true}) {
        Map<String, Object> how = Map.of("size", 0, "direct", direct);
        try (BlockStore store = stores.open(config(Path.of(device), how))) {
          assertThat(store.sizeBytes()).isEqualTo(1 << 20);
          works(store);
        }
      }
    } finally {
      assertThat(run("losetup", "-d", device)).isTrue();
    }
  }

  @Test
  void aDiskOfLargeSectorsCannotBeDirect() throws Exception {
    String device = loop("aDiskOfLargeSectorsCannotBeDirect", "4096");
    try (FileStores stores = new FileStores(1, null, KernelRing::new)) {
      Map<String, Object> direct = Map.of("size", 0, "direct", true);
      assertThatThrownBy(() -> stores.open(config(Path.of(device), direct)))
          .isInstanceOf(CardUnavailableException.class)
          .hasMessageContaining("blocks of 512 bytes");
      try (BlockStore store = stores.open(config(Path.of(device), Map.of("size", 0)))) {
        works(store);
      }
    } finally {
      assertThat(run("losetup", "-d", device)).isTrue();
    }
  }

  private void mounted(String test, String t, String type, String what, Path where)
      throws Exception {
    boolean mounted = run("mount", t, type, what, where.toString());
    if (!mounted) {
      System.err.println("SKIPPED " + test + ": " + type + " cannot be mounted (not root?)");
    }
    assumeTrue(mounted, type + " cannot be mounted");
  }

  /** A loop device of 1 MiB. */
  private String loop(String test, String sectorBytes) throws Exception {
    Path image = dir.resolve("image");
    Files.write(image, new byte[1 << 20]);
    String device = "";
    try {
      Process losetup =
          new ProcessBuilder(
                  "losetup", "--sector-size", sectorBytes, "--show", "-f", image.toString())
              .start();
      device = new String(losetup.getInputStream().readAllBytes()).trim();
      losetup.waitFor();
    } catch (IOException e) {
      // No such program: as good as not permitted.
    }
    if (device.isEmpty()) {
      System.err.println("SKIPPED " + test + ": no loop device can be had (not root?)");
    }
    assumeTrue(!device.isEmpty(), "no loop device can be had");
    return device;
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }
}
