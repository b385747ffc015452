package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.map;
import static farslot.vfiouser.TestClient.unmap;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.memory.Access;
import farslot.memory.MessagedMemory;
import farslot.vfiouser.TestClient.Message;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is reached by messages. */
@Timeout(300)
class DmaMessagesTest implements MessagedMemory.Done {
  private static final int ENODEV = 19;

  @TempDir Path dir;
  private Served served;
  private final List<String> outcomes = new ArrayList<>();
  private final MemorySegment page = Arena.ofShared().allocate(4096, 8);

  @BeforeEach
  void serve() throws Exception {
    served = new Served(dir.resolve("f.sock"));
    for (int i = 0; i < 4096; i++) {
      page.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 3));
    }
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Override
  public void done(long cookie, boolean ok, MemorySegment data, long offset) {
    String value = data == null ? "" : " " + data.get(ValueLayout.JAVA_BYTE, offset);
    outcomes.add(cookie + (ok ? " ok" : " failed") + value);
  }

  private List<String> outcomes() {
    return served.on(
        () -> {
          List<String> result = List.copyOf(outcomes);
          outcomes.clear();
          return result;
        });
  }

  private MessagedMemory memory() {
    return served.function.windows.find(0x100000, 4096, Access.READ_WRITE).messaged();
  }

  private TestClient connected(String json) throws Exception {
    TestClient client = new TestClient(served.path);
    assertThat(client.version(0, 0, json).isError()).isFalse();
    assertThat(client.errno(2, map(3, 0, 0x100000, 0x10000))).isZero();
    return client;
  }

  @Test
  void readsAndWritesAreMessagesInOrder() throws Exception {
    try (TestClient client = connected("{}")) {
      served.run(
          () -> {
            memory().read(0x100010, 100, this, 1);
            memory().write(0x100020, page, 8, 4, this, 2);
            memory().read(0x100030, 4096, this, 3);
          });
      Message first = client.receive();
      assertThat(first.command()).isEqualTo(11);
      assertThat(first.isReply()).isFalse();
      assertThat(first.payload()).isEqualTo(Bytes.of().u64(0x100010).u64(100).done());
      Message second = client.receive();
      assertThat(second.command()).isEqualTo(12);
      assertThat(second.payload())
          .isEqualTo(
              Bytes.of()
                  .u64(0x100020)
                  .u64(4)
                  .raw((byte) 24, (byte) 27, (byte) 30, (byte) 33)
                  .done());
      Message third = client.receive();
      assertThat(outcomes()).isEmpty();
      byte[] data = new byte[100];
      data[0] = 77;
      client.reply(first, 0, 0, Bytes.of().u64(0x100010).u64(100).raw(data).done());
      client.reply(second, 0, 0, new byte[0]);
      client.reply(third, TestClient.ERROR, ENODEV, new byte[0]);
      client.call(4, TestClient.info());
      assertThat(outcomes()).containsExactly("1 ok 77", "2 ok", "3 failed");
    }
  }

  @Test
  void aClientsSmallerLimitIsHonoured() throws Exception {
    try (TestClient client = connected("{\"capabilities\":{\"max_data_xfer_size\":1000}}")) {
      served.run(() -> memory().read(0x100000, 2500, this, 1));
      served.run(() -> memory().write(0x100000, page, 0, 1001, this, 2));
      int[][] expected = {
        {11, 0, 1000}, {11, 1000, 1000}, {11, 2000, 500}, {12, 0, 1000}, {12, 1000, 1}
      };
      for (int[] each : expected) {
        Message message = client.receive();
        assertThat(message.command()).isEqualTo(each[0]);
        assertThat(message.body().getLong(0)).isEqualTo(0x100000 + each[1]);
        assertThat(message.body().getLong(8)).isEqualTo(each[2]);
        byte[] data = new byte[each[0] == 11 ? each[2] : 0];
        Arrays.fill(data, (byte) (each[1] / 1000 + 1));
        client.reply(
            message, 0, 0, Bytes.of().u64(0x100000 + each[1]).u64(each[2]).raw(data).done());
      }
      client.call(4, TestClient.info());
      assertThat(outcomes()).containsExactly("1 ok 1", "2 ok");
    }
  }

  @Test
  void repliesAreTakenWhileAnAccessWaitsForTheCard() throws Exception {
    try (TestClient client = connected("{}")) {
      served.run(() -> served.function.hold = true);
      int read = client.send(9, 0, access(0, 0, 4));
      int write = client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, new byte[4]));
      assertThat(write).isNotEqualTo(read);
      while (served.on(() -> served.function.held.isEmpty())) {
        Thread.yield();
      }
      served.run(() -> memory().read(0x100000, 4, this, 5));
      Message message = client.receive();
      assertThat(message.command()).isEqualTo(11);
      client.reply(message, 0, 0, Bytes.of().u64(0x100000).u64(4).u32(42).done());
      while (served.on(outcomes::isEmpty)) {
        Thread.yield();
      }
      assertThat(outcomes()).containsExactly("5 ok 42");
      served.run(() -> served.function.held.removeFirst().run());
      assertThat(client.receive().id()).isEqualTo(read);
    }
  }

  @Test
  void anUnmapIsAnsweredWhenItsTransfersAreOver() throws Exception {
    try (TestClient client = connected("{}")) {
      assertThat(client.errno(2, map(3, 0, 0x200000, 0x1000))).isZero();
      served.run(() -> memory().read(0x100000, 4, this, 1));
      Message transfer = client.receive();
      int other = client.send(3, 0, unmap(0, 0x200000, 0x1000));
      assertThat(client.receive().id()).as("no transfer there").isEqualTo(other);
      int unmap = client.send(3, 0, unmap(0, 0x100000, 0x10000));
      while (served.on(served.function.windows::count) > 0) {
        Thread.yield();
      }
      client.reply(transfer, 0, 0, Bytes.of().u64(0x100000).u64(4).u32(7).done());
      Message reply = client.receive();
      assertThat(reply.id()).isEqualTo(unmap);
      assertThat(reply.payload()).isEqualTo(unmap(0, 0x100000, 0x10000));
      assertThat(outcomes()).containsExactly("1 ok 7");
    }
  }

  @Test
  void anUnmapDoesNotWaitForEver() throws Exception {
    try (TestClient client = connected("{}")) {
      served.run(() -> memory().write(0x100000, page, 0, 4, this, 1));
      Message transfer = client.receive();
      assertThat(client.call(3, unmap(2, 0, 0)).payload()).isEqualTo(unmap(2, 0, 0));
      assertThat(outcomes()).containsExactly("1 failed");
      client.reply(transfer, 0, 0, new byte[0]);
      client.call(4, TestClient.info());
      assertThat(outcomes()).as("too late").isEmpty();
    }
  }

  @Test
  void transfersEndWithTheSession() throws Exception {
    TestClient client = connected("{}");
    served.run(
        () -> {
          memory().read(0x100000, 4, this, 1);
          memory().write(0x100000, page, 0, 4, this, 2);
        });
    client.receive();
    client.close();
    served.awaitNoClient();
    assertThat(outcomes()).containsExactly("1 failed", "2 failed");
  }

  @Test
  void aClientThatAnswersNothingIsLeft() throws Exception {
    TestClient client = connected("{}");
    served.run(
        () -> {
          for (int i = 0; i <= MessagedDma.TRANSFERS_MAX; i++) {
            memory().read(0x100000, 4, this, i);
          }
          assertThat(outcomes).as("never from inside the call").isEmpty();
        });
    served.awaitNoClient();
    assertThat(outcomes())
        .hasSize(MessagedDma.TRANSFERS_MAX + 1)
        .allMatch(outcome -> outcome.endsWith("failed"));
    client.close();
  }

  @Test
  void wrongAnswersAreFailures() throws Exception {
    try (TestClient client = connected("{}")) {
      served.run(() -> memory().read(0x100000, 8, this, 1));
      client.reply(client.receive(), 0, 0, Bytes.of().u64(0x100000).u64(8).u32(1).done());
      served.run(() -> memory().read(0x100000, 8, this, 2));
      client.reply(client.receive(), 0, 0, Bytes.of().u64(0x100000).u64(4).u64(1).done());
      served.run(() -> memory().read(0x100000, 8, this, 3));
      client.reply(client.receive(), 0, 0, new byte[0]);
      client.call(4, TestClient.info());
      assertThat(outcomes()).containsExactly("1 failed", "2 failed", "3 failed");
    }
  }
}
