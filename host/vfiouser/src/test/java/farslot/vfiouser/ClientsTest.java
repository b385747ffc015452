package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.info;
import static farslot.vfiouser.TestClient.irqInfo;
import static farslot.vfiouser.TestClient.map;
import static farslot.vfiouser.TestClient.regionInfo;
import static farslot.vfiouser.TestClient.setIrqs;
import static farslot.vfiouser.TestClient.unmap;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.linux.Fd;
import farslot.linux.Mapping;
import farslot.linux.MemFd;
import farslot.memory.Access;
import farslot.vfiouser.TestClient.Message;
import farslot.vfiouser.VfioUserCounters.Counter;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sequences of the real clients, as captured or read from their sources. */
@Timeout(300)
class ClientsTest {
  private static final String QEMU_CAPABILITIES =
      "{\"capabilities\": {\"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096},"
          + " \"pgsizes\": 4096, \"max_msg_fds\": 16, \"max_dma_maps\": 65535,"
          + " \"max_data_xfer_size\": 1048576, \"write_multiple\": true}}";

  @TempDir Path dir;

  @Test
  void qemuStartsAProbeAndAFirmwareThatMovesMemory() throws Exception {
    int ram = MemFd.create("ram", 256 << 20);
    int[] events = ServerTest.eventFds(3);
    try (Served served = new Served(dir.resolve("f.sock"));
        TestClient client = new TestClient(served.path)) {
      assertThat(client.version(0, 0, QEMU_CAPABILITIES).body().getShort(2)).isZero();
      ArrayDeque<Integer> pipelined = new ArrayDeque<>();
      pipelined.add(client.send(2, 0, map(3, 0, 0, 0xA0000), ram));
      pipelined.add(client.send(2, 0, map(3, 0xC0000, 0xC0000, (256 << 20) - 0xC0000), ram));
      pipelined.add(client.send(2, 0, map(1, 0, 0xFFFC0000L, 0x40000)));
      expect(client, pipelined);
      assertThat(client.call(4, info()).payload()).hasSize(16);
      for (int index : new int[] {0, 1, 2, 3, 4, 5, 7}) {
        assertThat(client.call(5, regionInfo(32, index)).isError()).isFalse();
      }
      assertThat(client.call(7, irqInfo(3)).body().getInt(12)).isEqualTo(1);
      assertThat(client.call(9, access(0, 7, 4096)).payload()).hasSize(16 + 4096);
      assertThat(client.errno(10, access(0x30, 7, 4, new byte[] {0, -8, -1, -1}))).isZero();
      assertThat(client.call(9, access(0x30, 7, 4)).payload()).hasSize(20);
      assertThat(client.call(7, irqInfo(2)).body().getInt(12)).isEqualTo(64);
      assertThat(client.errno(8, setIrqs(0x24, 0, 0, 1), events[0])).isZero();
      assertThat(client.errno(8, setIrqs(0x09, 0, 0, 1))).isZero();
      assertThat(client.errno(8, setIrqs(0x14, 0, 0, 1), events[1])).isZero();
      assertThat(client.errno(8, setIrqs(0x11, 0, 0, 1))).isZero();
      assertThat(client.errno(8, setIrqs(0x24, 3, 0, 1), events[2])).isZero();
      assertThat(client.errno(8, setIrqs(0x21, 0, 0, 0))).isZero();
      assertThat(client.errno(13, new byte[0])).isZero();
      firmwareMovesMemory(client, ram);
      served.run(
          () -> {
            assertThat(served.function.windows.find(0xC4000, 4, Access.WRITE)).isNotNull();
            assertThat(served.function.windows.find(0xFFFC0000L, 4, Access.READ)).isNotNull();
          });
    }
    Fd.closeAll(events, 3);
    Fd.close(ram);
  }

  /** PAM programming: the large range is cut down to 12 KiB pieces and put together again. */
  private static void firmwareMovesMemory(TestClient client, int ram) throws Exception {
    long end = 256 << 20;
    long low = 0xC0000;
    for (int round = 0; round < 14; round++) {
      ArrayDeque<Integer> pipelined = new ArrayDeque<>();
      long cut = low + 0x3000L * (round % 4 + 1);
      pipelined.add(client.send(3, 0, unmap(0, low, end - low)));
      pipelined.add(client.send(2, 0, map(1, low, low, cut - low), ram));
      pipelined.add(client.send(2, 0, map(3, cut, cut, end - cut), ram));
      expect(client, pipelined);
      pipelined.add(client.send(3, 0, unmap(0, low, cut - low)));
      pipelined.add(client.send(3, 0, unmap(0, cut, end - cut)));
      pipelined.add(client.send(2, 0, map(3, low, low, end - low), ram));
      expect(client, pipelined);
    }
  }

  private static void expect(TestClient client, ArrayDeque<Integer> ids) throws Exception {
    while (!ids.isEmpty()) {
      Message reply = client.receive();
      assertThat(reply.id()).isEqualTo(ids.remove());
      assertThat(reply.errno()).isZero();
    }
  }

  @Test
  void qemuAddsVectorsOneByOneAndTearsThemDown() throws Exception {
    int[] events = ServerTest.eventFds(5);
    try (Served served = new Served(dir.resolve("f.sock"));
        TestClient client = served.connect()) {
      assertThat(client.errno(8, setIrqs(0x24, 2, 0, 1))).as("no vector yet").isZero();
      for (int count = 1; count <= 5; count++) {
        assertThat(client.errno(8, setIrqs(0x21, 2, 0, 0))).isZero();
        assertThat(client.errno(8, setIrqs(0x24, 2, 0, count), Arrays.copyOf(events, count)))
            .isZero();
        int last = count - 1;
        served.run(() -> served.function.listener.onInterrupt(2, last));
        assertThat(ServerTest.signalled(events).indexOf('x')).isEqualTo(last);
      }
    }
    Fd.closeAll(events, 5);
  }

  @Test
  void cloudHypervisorReadsRepliesOfExactSizes() throws Exception {
    int ram = MemFd.create("ram", 1 << 20);
    try (Served served =
            new Served(
                dir.resolve("f.sock"),
                VfioUserOptions.defaults().withDoorbells(VfioUserOptions.Doorbells.MAPPED));
        TestClient client = new TestClient(served.path)) {
      Message version =
          client.version(
              0, 1, "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576}}");
      assertThat(version.body().getShort(2)).isEqualTo((short) 1);
      assertThat(version.payload().length).isGreaterThan(5);
      assertThat(client.call(4, info()).payload()).hasSize(16);
      for (int i = 0; i < 9; i++) {
        Message first = client.call(5, regionInfo(32, i));
        assertThat(first.payload()).hasSize(32);
        assertThat(first.isError()).isFalse();
        int argsz = first.body().getInt(0);
        if (argsz > 32) {
          assertThat(first.fds()).hasSize(1);
          Fd.close(first.fds()[0]);
          Message second = client.call(5, regionInfo(argsz, i));
          assertThat(second.payload()).hasSize(argsz);
          assertThat(second.fds()).as("again").hasSize(1);
          Fd.close(second.fds()[0]);
        }
      }
      for (int i = 0; i < 5; i++) {
        assertThat(client.call(7, irqInfo(i)).payload()).hasSize(16);
      }
      assertThat(client.call(13, new byte[0]).payload()).as("always accepted").isEmpty();
      assertThat(client.call(2, map(3, 0, 0, 1 << 20), ram).payload()).isEmpty();
      assertThat(client.call(3, unmap(0, 0, 1 << 20)).payload()).hasSize(24);
    }
    Fd.close(ram);
  }

  @Test
  void spdkMapsTheDoorbellsAndWritesThem() throws Exception {
    Path spdk = Files.createDirectory(dir.resolve("spdk"));
    int ram = MemFd.create("ram", 4 << 20);
    try (Served served = new Served(spdk)) {
      assertThat(served.path).isEqualTo(spdk.resolve("cntrl"));
      try (TestClient client = new TestClient(served.path)) {
        assertThat(client.version(0, 0, null).isError()).isFalse();
        assertThat(client.call(4, info()).body().getInt(8)).isEqualTo(9);
        int doorbells = -1;
        for (int i = 0; i < 9; i++) {
          Message reply = client.call(5, regionInfo(4064, i));
          assertThat(reply.isError()).isFalse();
          if (i == 0) {
            doorbells = checkSparse(reply);
          }
        }
        assertThat(client.errno(2, map(3, 0, 0x200000, 2 << 20), ram)).isZero();
        assertThat(client.errno(10, access(4, 7, 2, new byte[] {4, 4}))).isZero();
        assertThat(client.call(9, access(0, 0, 8)).payload()).hasSize(24);
        ringDoorbells(served, client, doorbells);
        assertThat(client.errno(3, unmap(0, 0x200000, 2 << 20), ram)).as("with its fd").isZero();
        Fd.close(doorbells);
      }
      served.awaitNoClient();
    }
    assertThat(spdk.resolve("cntrl")).doesNotExist();
    Fd.close(ram);
  }

  private static int checkSparse(Message reply) {
    ByteBuffer body = reply.body();
    assertThat(reply.payload()).hasSize(64);
    assertThat(body.getInt(0)).isEqualTo(64);
    assertThat(body.getInt(4)).as("read, write, mmap, caps").isEqualTo(15);
    assertThat(body.getInt(12)).as("first capability").isEqualTo(32);
    assertThat(body.getLong(16)).isEqualTo(0x4000);
    assertThat(body.getLong(24)).as("file offset").isZero();
    assertThat(body.getInt(32)).as("sparse mmap, version 1").isEqualTo(0x10001);
    assertThat(body.getInt(36)).as("the last").isZero();
    assertThat(body.getInt(40)).as("areas").isEqualTo(1);
    assertThat(body.getLong(48)).isEqualTo(0x1000);
    assertThat(body.getLong(56)).isEqualTo(0x3000);
    assertThat(reply.fds()).hasSize(1);
    return reply.fds()[0];
  }

  private static void ringDoorbells(Served served, TestClient client, int fd) throws Exception {
    try (Mapping area = Mapping.shared(fd, 0x1000, 0x3000, true)) {
      assertThat(MemFd.seals(fd) & MemFd.SEAL_SHRINK).as("we cannot be cheated").isNotZero();
      served.events();
      int[][] rings = {{0, 1}, {4, 1}, {0, 2}, {0, 2}, {0x2FFC, 7}, {8, 0}, {0x2FFC, 7}};
      for (int[] ring : rings) {
        area.segment().set(ValueLayout.JAVA_INT, ring[0], ring[1]);
        while (served.on(served.function.events::isEmpty)) {
          Thread.yield();
        }
        assertThat(served.events())
            .containsExactly("write 0 %d 4 %08x".formatted(0x1000 + ring[0], ring[1]));
      }
      area.segment().set(ValueLayout.JAVA_INT, 12, 5);
      client.call(9, access(0, 0, 4));
      assertThat(served.events())
          .as("a doorbell before an access is seen before it")
          .containsExactly("write 0 4108 4 00000005", "read 0 0 4");
      served.run(() -> served.function.room = false);
      area.segment().set(ValueLayout.JAVA_INT, 12, 6);
      Thread.sleep(5);
      assertThat(served.events()).isEmpty();
      served.run(() -> served.function.room = true);
      while (served.on(served.function.events::isEmpty)) {
        Thread.yield();
      }
      assertThat(served.events()).containsExactly("write 0 4108 4 00000006");
    }
  }

  @Test
  void doorbellsAreTrappedForOtherClassesAndForClientsWithCapabilities() throws Exception {
    try (Served served = new Served(dir.resolve("f.sock"))) {
      try (TestClient client = served.connect()) {
        assertThat(client.call(5, regionInfo(4064, 0)).payload()).hasSize(32);
      }
      served.awaitNoClient();
      served.run(() -> served.function.classCode = 0x020000);
      try (TestClient client = new TestClient(served.path)) {
        client.version(0, 0, null);
        Message reply = client.call(5, regionInfo(4064, 0));
        assertThat(reply.payload()).hasSize(32);
        assertThat(reply.fds()).isEmpty();
      }
    }
  }

  @Test
  void msixCanBeHidden() throws Exception {
    try (Served served =
            new Served(
                dir.resolve("f.sock"),
                VfioUserOptions.defaults().withMsix(VfioUserOptions.Msix.HIDDEN));
        TestClient client = served.connect()) {
      byte[] config = client.call(9, access(0, 7, 4096)).payload();
      assertThat(config[16 + 0x34]).isEqualTo((byte) 0x40);
      assertThat(config[16 + 0x41]).as("PM is followed by MSI").isEqualTo((byte) 0x60);
      for (int i = 0x50; i < 0x5C; i++) {
        assertThat(config[16 + i]).isZero();
      }
      assertThat(client.call(9, access(0x41, 7, 1)).payload()[16]).isEqualTo((byte) 0x60);
      assertThat(client.call(9, access(0x40, 7, 2)).payload()[17]).isEqualTo((byte) 0x60);
      assertThat(client.call(9, access(0x52, 7, 2)).payload()[16]).isZero();
      served.events();
      assertThat(client.errno(10, access(0x52, 7, 2, new byte[] {0, -128}))).isZero();
      assertThat(client.errno(10, access(0x62, 7, 2, new byte[] {1, 0}))).isZero();
      assertThat(served.events()).containsExactly("write 7 98 2 0001");
      assertThat(client.call(7, irqInfo(2)).body().getInt(12)).isZero();
      assertThat(client.call(7, irqInfo(1)).body().getInt(12)).isEqualTo(32);
    }
  }

  @Test
  void aThousandClientsOneAfterTheOther() throws Exception {
    int ram = MemFd.create("ram", 1 << 20);
    try (Served served = new Served(dir.resolve("f.sock"))) {
      served.connect().close();
      served.awaitNoClient();
      long before = Served.openFds();
      for (int i = 0; i < 1000; i++) {
        try (TestClient client = served.connect()) {
          assertThat(client.errno(2, map(3, 0, 0, 1 << 20), ram)).isZero();
          if (i % 3 == 0) {
            client.send(9, 0, access(0, 0, 4));
          }
          if (i % 5 == 0) {
            client.sendRaw(new byte[7]);
          }
        }
      }
      served.awaitNoClient();
      assertThat(Served.openFds()).isEqualTo(before);
      assertThat(served.server.counters().get(Counter.SESSIONS)).isEqualTo(1001);
    }
    Fd.close(ram);
  }

  @Test
  void memoryThatAClientTakesAwayEndsItsSessionOnly() throws Exception {
    int ram = MemFd.create("ram", 1 << 20);
    try (Served served = new Served(dir.resolve("f.sock"))) {
      try (TestClient client = served.connect()) {
        assertThat(client.errno(2, map(3, 0, 0, 1 << 20), ram)).isZero();
        Fd.truncate(ram, 4096);
        served.loop.execute(
            () -> {
              var window = served.function.windows.find(0x80000, 4, Access.WRITE);
              for (int i = 0; i < 16; i++) {
                window.mapped().set(ValueLayout.JAVA_INT, 0x80000 + 4096 * i, 1);
              }
            });
        assertThat(client.isEnded()).isTrue();
      }
      served.run(() -> {}); // the turn that failed is over
      assertThat(served.failures).hasSize(1);
      assertThat(served.failures.removeFirst()).isInstanceOf(InternalError.class);
      served.connect().close();
    }
    Fd.close(ram);
  }

  @Test
  void twoServersDoNotShareAPathAndADeadOnesPathIsTaken() throws Exception {
    Path path = dir.resolve("f.sock");
    try (Served served = new Served(path)) {
      assertThat(served.path).exists();
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> new Served(path))
          .hasMessageContaining("EADDRINUSE");
      served.connect().close();
    }
    assertThat(path).doesNotExist();
    Fd.close(farslot.linux.UnixSocket.listen(path.toString(), 1));
    try (Served served = new Served(path)) {
      served.connect().close();
    }
  }

  @Test
  void doorbellWritesAndReadsAllocateNothing() throws Exception {
    try (Served served = new Served(dir.resolve("f.sock"));
        TestClient client = served.connect()) {
      served.run(() -> served.function.quiet = true);
      long id = served.on(() -> Thread.currentThread().threadId());
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      byte[] doorbell = access(0x1000, 0, 4, new byte[4]);
      byte[] read = access(0, 0, 4);
      long leastBytes = Long.MAX_VALUE;
      for (int round = 0; round < 60 && leastBytes > 2_000; round++) {
        long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < 1000; i++) {
          client.send(10, TestClient.NO_REPLY, doorbell);
          client.call(9, read);
        }
        leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(id) - before);
      }
      assertThat(leastBytes).as("bytes for 2000 requests").isLessThan(2_000);
    }
  }
}
