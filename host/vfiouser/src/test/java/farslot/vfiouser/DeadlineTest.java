package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.info;
import static farslot.vfiouser.TestClient.unmap;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.vfiouser.TestClient.Message;
import farslot.vfiouser.VfioUserCounters.Counter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cards that do not answer, functions that take nothing, clients that do not read. */
@Timeout(300)
class DeadlineTest {
  private static final byte[] ONES = {-1, -1, -1, -1};

  @TempDir Path dir;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served =
        new Served(
            dir.resolve("f.sock"), VfioUserOptions.defaults().withReplyDeadlineNs(200_000_000L));
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void aCardThatDoesNotAnswerReadsAsAllOnes() throws Exception {
    try (TestClient client = served.connect()) {
      served.run(() -> served.function.hold = true);
      Message read = client.call(9, access(4, 0, 4));
      assertThat(read.payload()).isEqualTo(access(4, 0, 4, ONES));
      assertThat(client.call(10, access(4, 7, 4, new byte[4])).payload())
          .isEqualTo(access(4, 7, 4));
      assertThat(client.call(13, new byte[0]).isError()).isFalse();
      assertThat(served.server.counters().get(Counter.OVERDUE)).isEqualTo(3);
      served.run(() -> served.function.held.forEach(Runnable::run));
      served.run(() -> served.function.hold = false);
      assertThat(client.call(9, access(4, 0, 4)).body().getInt(16)).isEqualTo(0x07060504);
      assertThat(client.call(13, new byte[0]).isError()).isFalse();
    }
  }

  @Test
  void whatWaitsBehindAWriteThatTheFunctionDoesNotTakeIsAnsweredToo() throws Exception {
    try (TestClient client = served.connect()) {
      served.run(() -> served.function.room = false);
      served.events();
      byte[] doorbell = Bytes.of().u32(0xAB).done();
      client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, doorbell));
      int read = client.send(9, 0, access(0, 0, 4));
      int write = client.send(10, 0, access(4, 7, 4, doorbell));
      int asked = client.send(4, 0, info());
      int unmapped = client.send(3, 0, unmap(2, 0, 0));
      int[] expected = {read, write, asked, unmapped};
      for (int id : expected) {
        Message reply = client.receive();
        assertThat(reply.id()).isEqualTo(id);
        assertThat(reply.isError()).isFalse();
        if (id == read) {
          assertThat(reply.payload()).isEqualTo(access(0, 0, 4, ONES));
        }
      }
      assertThat(served.events()).isEmpty();
      served.run(
          () -> {
            served.function.room = true;
            served.function.listener.onRoom();
          });
      assertThat(served.events())
          .containsExactly("write 0 4096 4 000000ab", "write 7 4 4 000000ab");
      assertThat(client.call(4, info()).isError()).isFalse();
    }
  }

  @Test
  void theSocketIsNotReadWhileTheFunctionTakesNothing() throws Exception {
    try (TestClient client = served.connect()) {
      served.run(
          () -> {
            served.function.room = false;
            served.function.recordWrites = false;
          });
      byte[] posted =
          Bytes.of().u16(1).u16(10).u32(36).u32(0x10).u32(0).raw(access(0x1000, 0, 4, ONES)).done();
      byte[] many = new byte[posted.length * 1000];
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(posted, 0, many, i * posted.length, posted.length);
      }
      long sent = 0;
      int sentNow;
      int refused = 0;
      int whole = 0;
      while (refused < 50 && sent < 100_000_000) {
        int from = (int) (sent % many.length);
        sentNow = client.trySend(Arrays.copyOfRange(many, from, many.length));
        sent += sentNow;
        refused = sentNow == 0 ? refused + 1 : 0;
        if (sentNow == 0) {
          Thread.sleep(1);
        }
        whole++;
      }
      assertThat(sent).as("bytes taken, in %d calls", whole).isLessThan(10_000_000);
      served.run(
          () -> {
            served.function.room = true;
            served.function.listener.onRoom();
          });
      int rest = (int) (sent % posted.length);
      if (rest > 0) {
        client.sendRaw(Arrays.copyOfRange(posted, rest, posted.length));
      }
      assertThat(client.call(9, access(0x1000, 0, 4)).payload()).hasSize(20);
      long writes = (sent + posted.length - 1) / posted.length;
      assertThat(served.server.counters().get(Counter.REGION_WRITES)).isEqualTo(writes);
    }
  }

  @Test
  void aClientThatReadsNothingIsNotServedFurther() throws Exception {
    served.run(() -> served.function.regions[1] = new byte[1 << 20]);
    try (TestClient client = served.connect()) {
      byte[] request =
          Bytes.of().u16(5).u16(9).u32(32).u32(0).u32(0).raw(access(0, 1, 1 << 20)).done();
      int sent = 0;
      for (int i = 0; i < 100; i++) {
        client.sendRaw(request);
        sent++;
      }
      Thread.sleep(100);
      assertThat(served.server.counters().get(Counter.REGION_READS)).isLessThan(10);
      for (int i = 0; i < sent; i++) {
        assertThat(client.receive().payload()).hasSize(16 + (1 << 20));
      }
    }
  }

  @Test
  void aClientThatDiesWhileTheCardIsStuckIsNoticed() throws Exception {
    served.run(() -> served.function.room = false);
    TestClient client = served.connect();
    client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, ONES));
    client.close();
    served.awaitNoClient();
    served.run(() -> served.function.hold = true);
    TestClient second = served.connect();
    second.send(9, 0, access(0, 0, 4));
    second.close();
    served.awaitNoClient();
    served.run(() -> served.function.held.forEach(Runnable::run));
    assertThat(served.events()).doesNotContain("write 0 4096 4 ffffffff");
  }

  @Test
  void progressIsNotTakenForDelay() throws Exception {
    try (TestClient client = served.connect()) {
      long untilNs = System.nanoTime() + 600_000_000L;
      while (System.nanoTime() < untilNs) {
        for (int i = 0; i < 20; i++) {
          client.send(10, TestClient.NO_REPLY, access(0x1000, 0, 4, ONES));
        }
        assertThat(client.call(9, access(4, 0, 4)).body().getInt(16)).isEqualTo(0x07060504);
      }
      assertThat(served.server.counters().get(Counter.OVERDUE)).isZero();
    }
  }
}
