package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.info;
import static farslot.vfiouser.TestClient.irqInfo;
import static farslot.vfiouser.TestClient.map;
import static farslot.vfiouser.TestClient.regionInfo;
import static farslot.vfiouser.TestClient.setIrqs;
import static farslot.vfiouser.TestClient.unmap;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.linux.EventFd;
import farslot.linux.Fd;
import farslot.linux.Mapping;
import farslot.linux.MemFd;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.vfiouser.TestClient.Message;
import farslot.vfiouser.wire.Json;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command over the real socket, doing what it should. */
@Timeout(300)
class ServerTest {
  @TempDir Path dir;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = new Served(dir.resolve("f.sock"));
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void versionIsAgreedWithAndWithoutCapabilities() throws Exception {
    try (TestClient client = new TestClient(served.path)) {
      Message reply = client.version(0, 0, "{\"capabilities\":{\"max_msg_fds\":16}}");
      assertThat(reply.body().getShort(0)).isZero();
      assertThat(reply.body().getShort(2)).as("minor, as proposed").isZero();
      String text = new String(reply.payload(), StandardCharsets.UTF_8).substring(4);
      assertThat(text).endsWith("\0").startsWith("{\"capabilities\":{");
      assertThat(Json.parse(text.strip().replace("\0", "")))
          .isEqualTo(
              Json.parse(
                  "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
                      + "\"max_dma_maps\":65535,\"pgsizes\":4096}}"));
    }
    served.awaitNoClient();
    try (TestClient client = new TestClient(served.path)) {
      Message reply = client.version(0, 1, null);
      assertThat(reply.body().getShort(2)).isEqualTo((short) 1);
      assertThat(reply.payload().length).isGreaterThan(5);
    }
    served.awaitNoClient();
    try (TestClient client = new TestClient(served.path)) {
      assertThat(client.version(0, 9, "{}").body().getShort(2)).isEqualTo((short) 1);
    }
  }

  @Test
  void deviceRegionsAndInterruptsAreDescribed() throws Exception {
    try (TestClient client = served.connect()) {
      ByteBuffer device = client.call(4, info()).body();
      assertThat(
              new int[] {device.getInt(0), device.getInt(4), device.getInt(8), device.getInt(12)})
          .containsExactly(16, 3, 9, 5);
      for (int i = 0; i < 9; i++) {
        Message reply = client.call(5, regionInfo(32, i));
        assertThat(reply.payload()).hasSize(32);
        assertThat(reply.fds()).isEmpty();
        ByteBuffer region = reply.body();
        assertThat(region.getInt(0)).isEqualTo(32);
        assertThat(region.getInt(4)).isEqualTo(i == 0 || i == 7 ? 3 : 0);
        assertThat(region.getInt(8)).isEqualTo(i);
        assertThat(region.getLong(16)).isEqualTo(i == 0 ? 0x4000 : i == 7 ? 4096 : 0);
      }
      int[] counts = {1, 32, 64, 1, 1};
      int[] flags = {7, 9, 1, 9, 9};
      for (int i = 0; i < 5; i++) {
        ByteBuffer irq = client.call(7, irqInfo(i)).body();
        assertThat(new int[] {irq.getInt(0), irq.getInt(4), irq.getInt(8), irq.getInt(12)})
            .containsExactly(16, flags[i], i, counts[i]);
      }
      Message io = client.call(6, Bytes.of().u32(16).u32(0).u32(0).u32(0).done());
      assertThat(io.payload()).isEqualTo(Bytes.of().u32(16).u32(0).u32(0).u32(0).done());
    }
  }

  @Test
  void settingUpLastsUntilTheResetOrTheFirstRegister() throws Exception {
    try (TestClient client = served.connect()) {
      client.call(9, access(0, 7, 256));
      assertThat(served.<Boolean>on(() -> served.function.settingUp)).isTrue();
      client.call(13, new byte[0]);
      assertThat(served.<Boolean>on(() -> served.function.settingUp)).isFalse();
    }
    served.awaitNoClient();
    try (TestClient client = served.connect()) {
      client.call(9, access(0, 7, 4));
      assertThat(served.<Boolean>on(() -> served.function.settingUp)).isTrue();
      client.call(9, access(0, 0, 4));
      assertThat(served.<Boolean>on(() -> served.function.settingUp)).isFalse();
    }
  }

  @Test
  void regionsAreReadAndWrittenInAnySize() throws Exception {
    try (TestClient client = served.connect()) {
      for (int bytes : new int[] {1, 2, 4, 8, 3, 256}) {
        Message reply = client.call(9, access(0, 0, bytes));
        assertThat(reply.payload()).hasSize(16 + bytes);
        assertThat(Arrays.copyOf(reply.payload(), 16)).isEqualTo(access(0, 0, bytes));
        for (int i = 0; i < bytes; i++) {
          assertThat(reply.payload()[16 + i]).isEqualTo((byte) i);
        }
      }
      byte[] large = new byte[0x3001];
      for (int i = 0; i < large.length; i++) {
        large[i] = (byte) (i * 7);
      }
      served.events();
      Message written = client.call(10, access(0xFFF, 0, large.length, large));
      assertThat(written.payload()).isEqualTo(access(0xFFF, 0, large.length));
      assertThat(served.events()).hasSize(4).first().asString().startsWith("write 0 4095 1");
      Message read = client.call(9, access(0xFFF, 0, large.length));
      assertThat(Arrays.copyOfRange(read.payload(), 16, 16 + large.length)).isEqualTo(large);
      assertThat(client.call(9, access(0, 7, 4096)).payload()).hasSize(16 + 4096);
    }
  }

  @Test
  void postedWritesHaveNoReplyAndStayInOrder() throws Exception {
    try (TestClient client = served.connect()) {
      served.events();
      for (int i = 0; i < 500; i++) {
        client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, Bytes.of().u32(i).done()));
      }
      assertThat(client.call(9, access(0x1000, 0, 4)).body().getInt(16)).isEqualTo(499);
      assertThat(served.events())
          .hasSize(501)
          .startsWith("write 0 4096 4 00000000", "write 0 4096 4 00000001");
    }
  }

  @Test
  void aBatchOfWritesIsCarriedOutEntryByEntry() throws Exception {
    try (TestClient client = served.connect()) {
      Bytes batch = Bytes.of().u64(3);
      for (int i = 0; i < 3; i++) {
        batch.u64(0x1000 + 8 * i).u32(0).u32(4).u64(0x11111111L * (i + 1));
      }
      served.events();
      assertThat(client.call(15, batch.done()).payload()).isEqualTo(Bytes.of().u64(3).done());
      assertThat(served.events())
          .containsExactly(
              "write 0 4096 4 11111111", "write 0 4104 4 22222222", "write 0 4112 4 33333333");
      assertThat(client.call(15, Bytes.of().u64(0).done()).payload())
          .isEqualTo(Bytes.of().u64(0).done());
    }
  }

  @Test
  void answersComeInTheOrderOfTheRequestsThoughTheCardTakesItsTime() throws Exception {
    try (TestClient client = served.connect()) {
      served.run(() -> served.function.hold = true);
      int first = client.send(9, 0, access(0, 0, 4));
      int second = client.send(4, 0, info());
      int third = client.send(13, 0, new byte[0]);
      int fourth = client.send(10, 0, access(4, 7, 4, new byte[4]));
      for (int id : new int[] {first, second, third, fourth}) {
        if (id != second) {
          awaitHeld();
          served.run(() -> served.function.held.removeFirst().run());
        }
        assertThat(client.receive().id()).isEqualTo(id);
      }
      assertThat(served.events()).containsExactly("read 0 0 4", "reset", "write 7 4 4 00000000");
    }
  }

  private void awaitHeld() {
    while (served.on(() -> served.function.held.isEmpty())) {
      Thread.yield();
    }
  }

  @Test
  void windowsAreMappedAndUnmapped() throws Exception {
    int fd = MemFd.create("ram", 1 << 20);
    try (Mapping ram = Mapping.shared(fd, 0, 1 << 20, true);
        TestClient client = served.connect()) {
      assertThat(client.call(2, map(3, 0, 0, 0xA0000), fd).payload()).isEmpty();
      assertThat(client.errno(2, map(1, 0xC0000, 0xC0000, 0x40000), fd)).isZero();
      assertThat(client.errno(2, map(1, 0, 0xFFFC0000L, 0x40000))).as("messaged").isZero();
      assertThat(client.errno(2, map(3, 0, -4096, 4096), fd)).as("the last page").isZero();
      ram.segment().set(ValueLayout.JAVA_INT, 0xC0010, 0xFEED);
      served.run(
          () -> {
            DmaWindow low = served.function.windows.find(0x9FFFC, 4, Access.WRITE);
            low.mapped().set(ValueLayout.JAVA_INT, 0x9FFFC, 0xBEEF);
            DmaWindow high = served.function.windows.find(0xC0010, 4, Access.READ);
            assertThat(high.mapped().get(ValueLayout.JAVA_INT, 0x10)).isEqualTo(0xFEED);
            assertThat(served.function.windows.find(0xC0010, 4, Access.WRITE)).isNull();
            assertThat(served.function.windows.find(0xFFFC0000L, 4, Access.READ).messaged())
                .isNotNull();
          });
      assertThat(ram.segment().get(ValueLayout.JAVA_INT, 0x9FFFC)).isEqualTo(0xBEEF);
      byte[] request = unmap(0, 0xC0000, 0x40000);
      assertThat(client.call(3, request).payload()).isEqualTo(request);
      assertThat(served.on(served.function.windows::count)).isEqualTo(3);
      assertThat(client.errno(3, unmap(2, 0, 0))).isZero();
      assertThat(served.on(served.function.windows::count)).isZero();
      assertThat(client.errno(3, unmap(2, 0, 0))).as("all of nothing").isZero();
    }
    served.awaitNoClient();
    Fd.close(fd);
  }

  @Test
  void manyWindowsOfOneFileAreOneMapping() throws Exception {
    int fd = MemFd.create("farslot-dedupe-test", 1 << 20);
    try (TestClient client = served.connect()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.errno(2, map(3, 4096L * i, 8192L * i, 4096), fd)).isZero();
      }
      assertThat(mappings("farslot-dedupe-test")).isEqualTo(1);
    }
    served.awaitNoClient();
    assertThat(mappings("farslot-dedupe-test")).isZero();
    Fd.close(fd);
  }

  private static long mappings(String name) throws Exception {
    return java.nio.file.Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(name))
        .count();
  }

  @Test
  void vectorsAreArmedSignalledAndDisarmed() throws Exception {
    int[] events = eventFds(4);
    try (TestClient client = served.connect()) {
      served.events();
      assertThat(client.errno(8, setIrqs(0x24, 2, 0, 3), events[0], events[1], events[2])).isZero();
      assertThat(client.errno(8, setIrqs(0x24, 2, 3, 1), events[3])).as("one more").isZero();
      assertThat(served.events()).containsExactly("arm 2 0 [true, true, true]", "arm 2 3 [true]");
      served.run(() -> served.function.listener.onInterrupt(2, 2));
      assertThat(signalled(events)).isEqualTo("..x.");
      assertThat(client.errno(8, setIrqs(0x21, 2, 0, 2))).as("looped back").isZero();
      assertThat(signalled(events)).isEqualTo("xx..");
      assertThat(client.errno(8, setIrqs(0x22, 2, 0, 4, (byte) 0, (byte) 1, (byte) 0, (byte) 1)))
          .isZero();
      assertThat(signalled(events)).isEqualTo(".x.x");
      assertThat(client.errno(8, setIrqs(0x24, 2, 1, 1))).as("takes one away").isZero();
      served.run(() -> served.function.listener.onInterrupt(2, 1));
      served.run(() -> served.function.listener.onInterrupt(2, 63));
      assertThat(signalled(events)).isEqualTo("....");
      assertThat(client.errno(8, setIrqs(0x21, 2, 0, 0))).as("disabled").isZero();
      served.run(() -> served.function.listener.onInterrupt(2, 0));
      assertThat(signalled(events)).isEqualTo("....");
      assertThat(served.events()).first().asString().isEqualTo("arm 2 1 [false]");
    }
    Fd.closeAll(events, 4);
  }

  @Test
  void intxIsALevel() throws Exception {
    int[] events = eventFds(2);
    try (TestClient client = served.connect()) {
      served.run(() -> served.function.pinAsserted = true);
      assertThat(client.errno(8, setIrqs(0x24, 0, 0, 1), events[0])).isZero();
      assertThat(signalled(events)).as("it was asserted before").isEqualTo("x.");
      served.run(() -> served.function.listener.onInterrupt(0, 0));
      assertThat(signalled(events)).as("masked by itself").isEqualTo("..");
      assertThat(client.errno(8, setIrqs(0x11, 0, 0, 1))).isZero();
      assertThat(signalled(events)).as("still asserted").isEqualTo("x.");
      served.run(() -> served.function.pinAsserted = false);
      assertThat(client.errno(8, setIrqs(0x11, 0, 0, 1))).isZero();
      assertThat(signalled(events)).isEqualTo("..");
      assertThat(client.errno(8, setIrqs(0x09, 0, 0, 1))).isZero();
      served.run(() -> served.function.listener.onInterrupt(0, 0));
      assertThat(signalled(events)).as("masked by message").isEqualTo("..");

      assertThat(client.errno(8, setIrqs(0x14, 0, 0, 1), events[1])).isZero();
      served.run(() -> served.function.pinAsserted = true);
      EventFd.signal(events[1]);
      while (!EventFd.drain(events[0])) {
        Thread.yield();
      }
      assertThat(served.on(() -> served.function.masked)).isTrue();
    }
    served.awaitNoClient();
    Fd.closeAll(events, 2);
  }

  @Test
  void unmaskingIntxWaitsForWhatTheCardHasToSay() throws Exception {
    int[] events = eventFds(1);
    try (TestClient client = served.connect()) {
      assertThat(client.errno(8, setIrqs(0x24, 0, 0, 1), events[0])).isZero();
      served.run(
          () -> {
            served.function.pinAsserted = true;
            served.function.listener.onInterrupt(0, 0);
            served.function.hold = true;
          });
      assertThat(signalled(events)).isEqualTo("x");
      client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, new byte[4]));
      assertThat(client.errno(8, setIrqs(0x11, 0, 0, 1))).isZero();
      assertThat(signalled(events)).as("the write may lower the pin yet").isEqualTo(".");
      served.run(
          () -> {
            served.function.pinAsserted = false;
            served.function.held.removeFirst().run();
          });
      assertThat(signalled(events)).isEqualTo(".");
      served.run(
          () -> {
            served.function.pinAsserted = true;
            served.function.listener.onInterrupt(0, 0);
          });
      assertThat(signalled(events)).isEqualTo("x");
      assertThat(client.errno(8, setIrqs(0x11, 0, 0, 1))).isZero();
      assertThat(client.errno(8, setIrqs(0x09, 0, 0, 1))).as("masked before it is known").isZero();
      served.run(() -> served.function.held.removeFirst().run());
      assertThat(signalled(events)).isEqualTo(".");
    }
    Fd.closeAll(events, 1);
  }

  @Test
  void errorAndReleaseReachTheClient() throws Exception {
    int[] events = eventFds(2);
    try (TestClient client = served.connect()) {
      assertThat(served.on(served.server::requestRelease)).isFalse();
      assertThat(client.errno(8, setIrqs(0x24, 3, 0, 1), events[0])).isZero();
      assertThat(client.errno(8, setIrqs(0x24, 4, 0, 1), events[1])).isZero();
      assertThat(served.on(served.server::requestRelease)).isTrue();
      assertThat(signalled(events)).isEqualTo(".x");
      served.run(() -> served.function.listener.onPresence(false, "test"));
      assertThat(signalled(events)).as("not by default").isEqualTo("..");
    }
    Fd.closeAll(events, 2);
  }

  @Test
  void whatTheClientHadGoesWithIt() throws Exception {
    long before = Served.openFds();
    for (int round = 0; round < 20; round++) {
      int fd = MemFd.create("ram", 1 << 20);
      int[] events = eventFds(5);
      try (TestClient client = served.connect()) {
        assertThat(client.errno(2, map(3, 0, 0, 1 << 20), fd)).isZero();
        assertThat(client.errno(8, setIrqs(0x24, 2, 0, 3), events[0], events[1], events[2]))
            .isZero();
        assertThat(client.errno(8, setIrqs(0x24, 0, 0, 1), events[3])).isZero();
        assertThat(client.errno(8, setIrqs(0x14, 0, 0, 1), events[4])).isZero();
        client.call(10, access(8, 0, 4, new byte[] {9, 9, 9, (byte) round}));
      }
      served.awaitNoClient();
      assertThat(served.on(served.function.windows::count)).isZero();
      Fd.close(fd);
      Fd.closeAll(events, 5);
    }
    assertThat(Served.openFds()).isEqualTo(before);
    assertThat(served.function.regions[0][11]).as("the card keeps its state").isEqualTo((byte) 19);
  }

  @Test
  void theSecondClientWaitsForTheFirst() throws Exception {
    try (TestClient first = served.connect()) {
      TestClient second = new TestClient(served.path);
      second.send(1, 0, Bytes.of().u16(0).u16(0).done());
      assertThat(first.call(4, info()).isError()).isFalse();
      first.endWriting();
      assertThat(second.receive().command()).isEqualTo(1);
      second.close();
    }
  }

  static int[] eventFds(int count) throws Exception {
    int[] fds = new int[count];
    for (int i = 0; i < count; i++) {
      fds[i] = EventFd.create();
    }
    return fds;
  }

  static String signalled(int[] events) throws Exception {
    StringBuilder result = new StringBuilder();
    for (int event : events) {
      result.append(EventFd.drain(event) ? 'x' : '.');
    }
    return result.toString();
  }
}
