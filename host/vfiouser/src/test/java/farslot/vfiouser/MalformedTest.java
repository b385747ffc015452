package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.info;
import static farslot.vfiouser.TestClient.irqInfo;
import static farslot.vfiouser.TestClient.map;
import static farslot.vfiouser.TestClient.regionInfo;
import static farslot.vfiouser.TestClient.setIrqs;
import static farslot.vfiouser.TestClient.unmap;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.linux.EventFd;
import farslot.linux.Fd;
import farslot.linux.MemFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients must not send, and the errno that they get for it. */
@Timeout(300)
class MalformedTest {
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EEXIST = 17;
  private static final int EINVAL = 22;
  private static final int ENOTSUP = 95;

  @TempDir Path dir;
  private Served served;
  private TestClient client;

  @BeforeEach
  void serve() throws Exception {
    served = new Served(dir.resolve("f.sock"));
    client = served.connect();
  }

  @AfterEach
  void close() throws Exception {
    // Whatever was refused, the session goes on and nothing was left open.
    assertThat(client.call(4, info()).isError()).isFalse();
    client.close();
    served.close();
  }

  private void refused(int errno, int command, byte[] payload, int... fds) throws IOException {
    long before = Served.openFds();
    assertThat(client.errno(command, payload, fds)).isEqualTo(errno);
    assertThat(Served.openFds()).as("descriptors").isEqualTo(before);
  }

  private static byte[] cut(byte[] payload) {
    return Arrays.copyOf(payload, payload.length - 1);
  }

  @Test
  void structuresThatAreTooShort() throws Exception {
    refused(EINVAL, 2, cut(map(3, 0, 0, 4096)));
    refused(EINVAL, 3, cut(unmap(0, 0, 4096)));
    refused(EINVAL, 4, cut(info()));
    refused(EINVAL, 5, cut(regionInfo(32, 0)));
    refused(EINVAL, 6, cut(Bytes.of().u32(16).u32(0).u32(0).u32(0).done()));
    refused(EINVAL, 7, cut(irqInfo(0)));
    refused(EINVAL, 8, cut(setIrqs(0x21, 2, 0, 0)));
    refused(EINVAL, 9, cut(access(0, 0, 4)));
    refused(EINVAL, 10, access(0, 0, 4, new byte[3]));
    refused(EINVAL, 15, new byte[7]);
    refused(EINVAL, 15, Bytes.of().u64(1).raw(new byte[23]).done());
    for (int command = 2; command <= 10; command++) {
      refused(EINVAL, command, new byte[0]);
    }
  }

  @Test
  void argszSmallerThanTheStructure() throws Exception {
    for (int command = 2; command <= 8; command++) {
      int bytes = new int[] {0, 0, 32, 24, 16, 32, 16, 16, 20}[command];
      byte[] payload = new byte[bytes];
      payload[0] = (byte) (bytes - 1);
      if (command == 2 || command == 3) {
        payload[4] = (byte) (command == 2 ? 3 : 0);
        payload[command == 2 ? 25 : 17] = 0x10;
      }
      refused(EINVAL, command, payload);
    }
  }

  @Test
  void windowsThatCannotBe() throws Exception {
    int fd = MemFd.create("ram", 1 << 20);
    refused(EINVAL, 2, map(3, 0, 1, 4096), fd);
    refused(EINVAL, 2, map(3, 0, 0, 4095), fd);
    refused(EINVAL, 2, map(3, 1, 0, 4096), fd);
    refused(EINVAL, 2, map(3, 0, 0, 0), fd);
    refused(EINVAL, 2, map(3, 0, -4096, 8192), fd);
    refused(EINVAL, 2, map(3, 0, 0, Long.MIN_VALUE), fd);
    refused(EINVAL, 2, map(3, -4096, 0, 4096), fd);
    refused(EINVAL, 2, map(0, 0, 0, 4096), fd);
    refused(EINVAL, 2, map(0x80000003, 0, 0, 4096), fd);
    refused(EINVAL, 2, map(3, 0, 0, (1 << 20) + 4096), fd);
    refused(EINVAL, 2, map(3, 1 << 20, 0, 4096), fd);
    refused(EINVAL, 2, map(3, 0, 0, 4096), fd, fd);
    refused(EINVAL, 2, map(7, 0, 0, 4096));
    int event = EventFd.create();
    refused(EINVAL, 2, map(3, 0, 0, 4096), event);
    Fd.close(event);

    assertThat(client.errno(2, map(3, 0, 0x10000, 0x10000), fd)).isZero();
    refused(EEXIST, 2, map(3, 0, 0x10000, 0x10000), fd);
    refused(EEXIST, 2, map(3, 0, 0x1F000, 0x2000));
    refused(EEXIST, 2, map(3, 0, 0, 0x11000), fd);
    refused(ENOENT, 3, unmap(0, 0x30000, 0x1000));
    refused(EINVAL, 3, unmap(0, 0x10000, 0x1000));
    refused(EINVAL, 3, unmap(0, 0x11000, 0x1000));
    refused(EINVAL, 3, unmap(0, 0x0, 0x30000));
    refused(EINVAL, 3, unmap(0, 0x10000, 0));
    refused(EINVAL, 3, unmap(2, 0x10000, 0x10000));
    refused(EINVAL, 3, unmap(8, 0x10000, 0x10000));
    refused(ENOTSUP, 3, unmap(1, 0x10000, 0x10000));
    assertThat(served.on(served.function.windows::count)).isEqualTo(1);
    refused(0, 3, unmap(0, 0x10000, 0x10000), fd);
    Fd.close(fd);
  }

  @Test
  void aReadOnlyFileIsNotWritten() throws Exception {
    Path file = dir.resolve("ram");
    java.nio.file.Files.write(file, new byte[8192]);
    int fd = Fd.open(file.toString(), Fd.READ_ONLY, 0);
    refused(EACCES, 2, map(3, 0, 0, 8192), fd);
    assertThat(client.errno(2, map(1, 0, 0, 8192), fd)).isZero();
    refused(EACCES, 2, map(2, 0, 0x10000, 4096), fd);
    int better = Fd.open(file.toString(), Fd.READ_WRITE, 0);
    assertThat(client.errno(2, map(3, 0, 0x10000, 4096), better)).isZero();
    Fd.close(fd);
    Fd.close(better);
  }

  @Test
  void regionsAndInterruptsThatAreNotThere() throws Exception {
    refused(EINVAL, 5, regionInfo(32, 9));
    refused(EINVAL, 5, regionInfo(32, -1));
    refused(EINVAL, 6, Bytes.of().u32(16).u32(0).u32(9).u32(0).done());
    refused(EINVAL, 6, Bytes.of().u32(16).u32(1).u32(0).u32(0).done());
    refused(EINVAL, 7, irqInfo(5));
    refused(EINVAL, 7, irqInfo(-1));
    refused(EINVAL, 9, access(0, 9, 4));
    refused(EINVAL, 9, access(0, -1, 4));
    refused(EINVAL, 9, access(0, 1, 4));
    refused(EINVAL, 9, access(0x3FFD, 0, 4));
    refused(EINVAL, 9, access(-1, 0, 4));
    refused(EINVAL, 9, access(Long.MAX_VALUE, 0, 4));
    refused(EINVAL, 9, access(0, 0, 0));
    refused(EINVAL, 9, access(0, 0, -1));
    refused(EINVAL, 9, access(0, 0, (1 << 20) + 1));
    refused(EINVAL, 10, access(0x3FFD, 0, 4, new byte[4]));
    refused(EINVAL, 10, access(0, 2, 4, new byte[4]));
    refused(EINVAL, 15, Bytes.of().u64(1).u64(0).u32(0).u32(9).u64(0).done());
    refused(EINVAL, 15, Bytes.of().u64(1).u64(0x3FFF).u32(0).u32(4).u64(0).done());
    refused(EINVAL, 15, Bytes.of().u64(-1).u64(0).u32(0).u32(4).u64(0).done());
  }

  @Test
  void interruptsThatCannotBeSet() throws Exception {
    int[] events = ServerTest.eventFds(3);
    int other = MemFd.create("no event", 4096);
    refused(EINVAL, 8, setIrqs(0x24, 5, 0, 1), events[0]);
    refused(EINVAL, 8, setIrqs(0x24, 2, 0, 2), events[0]);
    refused(EINVAL, 8, setIrqs(0x24, 2, 64, 1), events[0]);
    refused(EINVAL, 8, setIrqs(0x24, 2, -1, 1), events[0]);
    refused(EINVAL, 8, setIrqs(0x21, 2, 0, 65));
    refused(EINVAL, 8, setIrqs(0x21, 2, 0, -1));
    refused(EINVAL, 8, setIrqs(0x21, 2, 0, 0), events[0]);
    refused(EINVAL, 8, setIrqs(0x22, 2, 0, 4, new byte[3]));
    refused(EINVAL, 8, setIrqs(0, 2, 0, 0));
    refused(EINVAL, 8, setIrqs(0x20, 2, 0, 0));
    refused(EINVAL, 8, setIrqs(0x01, 2, 0, 0));
    refused(EINVAL, 8, setIrqs(0x25, 2, 0, 1), events[0]);
    refused(EINVAL, 8, setIrqs(0x31, 2, 0, 1));
    refused(EINVAL, 8, setIrqs(0x121, 2, 0, 1));
    refused(EINVAL, 8, setIrqs(0x24, 2, 0, 1), other);
    refused(EINVAL, 8, setIrqs(0x14, 0, 0, 1), other);
    refused(ENOTSUP, 8, setIrqs(0x09, 2, 0, 1));
    refused(EINVAL, 8, setIrqs(0x24, 2, 0, 3), events[0], events[1], other);
    served.run(() -> served.function.listener.onInterrupt(2, 0));
    assertThat(ServerTest.signalled(events)).as("all or none").isEqualTo("...");
    Fd.closeAll(events, 3);
    Fd.close(other);
  }

  @Test
  void commandsThatAreNotOffered() throws Exception {
    for (int command : new int[] {14, 16, 17, 18}) {
      refused(ENOTSUP, command, new byte[16]);
    }
    for (int command : new int[] {0, 11, 12, 19, 0xFFFF}) {
      refused(EINVAL, command, new byte[16]);
    }
    int event = EventFd.create();
    refused(ENOTSUP, 16, new byte[8], event, event, event);
    refused(EINVAL, 99, new byte[8], event);
    refused(EINVAL, 1, Bytes.of().u16(0).u16(0).done(), event);
    Fd.close(event);
  }

  @Test
  void aRefusalThatNobodyWantsIsNotSent() throws Exception {
    client.send(10, TestClient.NO_REPLY, access(0x3FFD, 0, 4, new byte[4]));
    client.send(9, TestClient.NO_REPLY, access(0, 0, 4));
    client.send(4, TestClient.NO_REPLY, info());
    client.send(5, TestClient.NO_REPLY, regionInfo(32, 0));
    client.send(77, TestClient.NO_REPLY, new byte[0]);
    assertThat(client.call(4, info()).isError()).isFalse();
  }

  @Test
  void descriptorsWithCommandsThatHaveNoneAreClosed() throws Exception {
    int event = EventFd.create();
    refused(0, 4, info(), event, event);
    refused(0, 9, access(0, 0, 4), event);
    refused(0, 13, new byte[0], event);
    Fd.close(event);
  }

  @Test
  void repliesThatNobodyAskedForAreIgnored() throws Exception {
    int event = EventFd.create();
    long before = Served.openFds();
    byte[] stray = Bytes.of().u16(7).u16(11).u32(36).u32(1).u32(0).raw(new byte[20]).done();
    client.sendRaw(stray, event);
    client.sendRaw(Bytes.of().u16(8).u16(12).u32(16).u32(0x21).u32(19).done());
    assertThat(client.call(4, info()).isError()).isFalse();
    assertThat(Served.openFds()).isEqualTo(before);
    assertThat(served.server.counters().get(VfioUserCounters.Counter.DMA_REPLIES_STRAY))
        .isEqualTo(2);
    Fd.close(event);
  }

  @Test
  void bytesThatAreNoMessageEndTheSession() throws Exception {
    byte[][] bad = {
      Bytes.of().u16(1).u16(4).u32(15).u32(0).u32(0).done(),
      Bytes.of().u16(1).u16(4).u32(0).u32(0).u32(0).done(),
      Bytes.of().u16(1).u16(4).u32((1 << 20) + 33).u32(0).u32(0).done(),
      Bytes.of().u16(1).u16(4).u32(-1).u32(0).u32(0).done(),
      Bytes.of().u16(1).u16(4).u32(16).u32(2).u32(0).done(),
      Bytes.of().u16(1).u16(4).u32(16).u32(0xF).u32(0).done(),
    };
    int event = EventFd.create();
    long before = Served.openFds();
    for (byte[] each : bad) {
      client.sendRaw(each, event);
      assertThat(client.isEnded()).isTrue();
      served.awaitNoClient();
      client.close();
      client = served.connect();
      assertThat(Served.openFds()).isEqualTo(before);
    }
    assertThat(served.server.counters().get(VfioUserCounters.Counter.SESSIONS_BROKEN)).isEqualTo(6);
    Fd.close(event);
  }

  @Test
  void versionsThatCannotBeAgreedEndTheSessionWithAnErrno() throws Exception {
    String[] json = {
      "[]",
      "{",
      "{}}",
      "nonsense",
      "{\"capabilities\":1}",
      "{\"capabilities\":{\"max_msg_fds\":-1}}",
      "{\"capabilities\":{\"max_msg_fds\":\"1\"}}",
      "{\"capabilities\":{\"max_data_xfer_size\":0}}",
      "{\"a\":\"\\q\"}",
      "[".repeat(100),
      "",
    };
    client.close();
    served.awaitNoClient();
    for (String text : json) {
      first(1, Bytes.of().u16(0).u16(0).raw((text + "\0").getBytes()).done());
    }
    first(1, Bytes.of().u16(0).u16(0).raw("{}".getBytes()).done());
    first(1, Bytes.of().u16(1).u16(0).done());
    first(1, Bytes.of().u16(0).raw((byte) 0).done());
    first(1, new byte[0]);
    first(4, info());
    first(99, new byte[0]);
    client = served.connect();
  }

  private void first(int command, byte[] payload) throws IOException {
    try (TestClient bad = new TestClient(served.path)) {
      assertThat(bad.errno(command, payload)).isEqualTo(EINVAL);
      assertThat(bad.isEnded()).isTrue();
    }
    served.awaitNoClient();
  }

  @Test
  void halfMessagesWaitAndHarmNobody() throws Exception {
    byte[] whole = Bytes.of().u16(9).u16(9).u32(32).u32(0).u32(0).raw(access(0, 0, 4)).done();
    try (Served other = new Served(dir.resolve("other.sock"));
        TestClient neighbour = other.connect()) {
      for (int cut = 1; cut < whole.length; cut++) {
        client.sendRaw(Arrays.copyOf(whole, cut));
        assertThat(neighbour.call(4, info()).isError()).isFalse();
        client.sendRaw(Arrays.copyOfRange(whole, cut, whole.length));
        assertThat(client.receive().payload()).hasSize(20);
      }
    }
    client.sendRaw(Arrays.copyOf(whole, 20));
    client.close();
    served.awaitNoClient();
    client = served.connect();
  }

  @Test
  void garbageNeverHarmsTheServer() throws Exception {
    long seed = Fuzz.seed();
    int iterations = Fuzz.iterations(3000);
    Random random = new Random(seed);
    served.run(() -> served.function.recordWrites = false);
    int event = EventFd.create();
    int ram = MemFd.create("ram", 1 << 20);
    long before = Served.openFds();
    try {
      for (int i = 0; i < iterations; i++) {
        int command = random.nextInt(20) + (random.nextInt(50) == 0 ? 1000 : 0);
        byte[] payload = new byte[random.nextInt(64)];
        random.nextBytes(payload);
        if (random.nextBoolean() && payload.length >= 8) {
          sensible(random, command, payload);
        }
        int[] fds =
            random.nextInt(3) == 0 ? new int[] {random.nextBoolean() ? event : ram} : new int[0];
        assertThat(client.call(command, payload, fds).isReply()).isTrue();
      }
      client.close();
      served.awaitNoClient();
      assertThat(Served.openFds()).isEqualTo(before - 2);
    } catch (AssertionError | IOException e) {
      throw new AssertionError("seed " + seed, e);
    }
    Fd.close(event);
    Fd.close(ram);
    client = served.connect();
  }

  /** Small numbers in the fields, so that some requests get past the checks. */
  private static void sensible(Random random, int command, byte[] payload) {
    for (int at = 0; at + 4 <= payload.length; at += 4) {
      int value = random.nextInt(4) << (command == 2 || command == 3 ? 12 : 0);
      Bytes.view(payload).putInt(at, at == 0 && command < 9 ? 4096 : value);
    }
    if (command == 2) {
      payload[4] = 3;
    }
    if (command == 8) {
      payload[4] = (byte) (1 << random.nextInt(3) | 8 << random.nextInt(3));
    }
  }
}
