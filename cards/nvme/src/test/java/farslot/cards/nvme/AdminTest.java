package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Completion;
import farslot.cards.nvme.Host.Entry;
import farslot.testkit.TestStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminTest {
  private final TestStore first = new TestStore(1 << 20);
  private final TestStore second = new TestStore((1 << 20) + 1536);
  private final Host host = new Host(first, second);
  private long page;

  @BeforeEach
  void enable() {
    host.enable();
    page = host.allocate(4096);
  }

  private static ByteBuffer le(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int status(Entry entry) {
    return host.run(0, entry).code();
  }

  // ---- Identify

  @Test
  void identifiesTheController() {
    ByteBuffer id = le(host.identify(1, 0));
    assertThat(id.getShort(0) & 0xFFFF).as("VID").isEqualTo(0xFA51);
    assertThat(text(id, 4, 20)).isEqualTo("TEST0001            ");
    assertThat(text(id, 24, 12)).isEqualTo("Farslot NVMe");
    assertThat(text(id, 64, 8)).isEqualTo("1.0     ");
    assertThat(id.get(77)).as("MDTS").isEqualTo((byte) 7);
    assertThat(id.getInt(80)).as("VER").isEqualTo(0x20000);
    assertThat(id.get(111)).as("CNTRLTYPE").isEqualTo((byte) 1);
    assertThat(id.getShort(256)).as("OACS").isEqualTo((short) 2);
    assertThat(id.get(512)).as("SQES").isEqualTo((byte) 0x66);
    assertThat(id.get(513)).as("CQES").isEqualTo((byte) 0x44);
    assertThat(id.getInt(516)).as("NN").isEqualTo(2);
    assertThat(id.getShort(520)).as("ONCS").isEqualTo((short) 0b1101_1101);
    assertThat(id.get(522)).as("FUSES").isEqualTo((byte) 1);
    assertThat(id.get(525)).as("VWC").isEqualTo((byte) 7);
    assertThat(id.getInt(536)).as("SGLS").isEqualTo(1 | 1 << 16 | 1 << 18);
    assertThat(text(id, 768, 32)).isEqualTo("nqn.2014-08.org.nvmexpress:uuid:");
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    return new String(bytes.array(), at, length, StandardCharsets.US_ASCII);
  }

  @Test
  void identifiesNamespaces() {
    ByteBuffer id = le(host.identify(0, 2));
    assertThat(id.getLong(0)).as("NSZE").isEqualTo((1 << 11) + 3);
    assertThat(id.get(25)).as("NLBAF").isEqualTo((byte) 1);
    assertThat(id.get(26)).as("FLBAS").isEqualTo((byte) 0);
    assertThat(id.get(33)).as("DLFEAT").isEqualTo((byte) 9);
    assertThat(id.getInt(128) >> 16 & 0xFF).as("LBADS 0").isEqualTo(9);
    assertThat(id.getInt(132) >> 16 & 0xFF).as("LBADS 1").isEqualTo(12);
    assertThat(host.identify(0, 1)).isNotEqualTo(host.identify(0, 2));
    assertThat(host.identify(0x11, 2)).isEqualTo(host.identify(0, 2));
    assertThat(le(host.identify(8, 1)).get(14)).as("NSTAT").isEqualTo((byte) 1);
  }

  @Test
  void listsNamespacesAndControllers() {
    for (int cns : new int[] {0x02, 0x07, 0x10, 0x1A}) {
      assertThat(le(host.identify(cns, 0)).getLong(0)).as("CNS %x", cns).isEqualTo(2L << 32 | 1);
      assertThat(le(host.identify(cns, 1)).getLong(0)).isEqualTo(2);
      assertThat(le(host.identify(cns, 2)).getLong(0)).isZero();
      assertThat(status(new Entry(6).nsid(-2).prp(page, 0).cdw(10, cns))).isEqualTo(0x0B);
    }
    assertThat(le(host.identify(0x12, 1)).getInt(0)).isEqualTo(1);
    assertThat(le(host.identify(0x13, 0)).getInt(0)).isEqualTo(1);
    assertThat(le(host.identify(0x1C, 0)).getLong(0)).isEqualTo(1);
    assertThat(le(host.identify(0x13 | 1 << 16, 0)).getInt(0)).isZero();
  }

  @Test
  void describesNamespaces() {
    byte[] list = host.identify(3, 1);
    assertThat(list[0]).as("UUID").isEqualTo((byte) 3);
    assertThat(list[1]).isEqualTo((byte) 16);
    assertThat(Arrays.copyOfRange(list, 4, 20)).isNotEqualTo(new byte[16]);
    assertThat(list[20]).as("NGUID").isEqualTo((byte) 2);
    assertThat(list[40]).as("CSI").isEqualTo((byte) 4);
    assertThat(list[41]).isEqualTo((byte) 1);
    assertThat(list[44]).as("NVM").isZero();
    assertThat(Arrays.copyOfRange(list, 45, 4096)).containsOnly(0);
    assertThat(Arrays.copyOfRange(list, 24, 40))
        .isEqualTo(Arrays.copyOfRange(host.identify(0, 1), 104, 120));
  }

  @Test
  void identifyRefusesWhatIsNotThere() {
    for (int nsid : new int[] {0, 3, -1, -2}) {
      for (int cns : new int[] {0, 3, 5, 8, 0x11, 0x12, 0x1B}) {
        assertThat(status(new Entry(6).nsid(nsid).prp(page, 0).cdw(10, cns)))
            .as("CNS %x of %d", cns, nsid)
            .isEqualTo(0x0B);
      }
    }
    for (int cns : new int[] {4, 9, 0x14, 0x20, 0xFF}) {
      assertThat(status(new Entry(6).nsid(1).prp(page, 0).cdw(10, cns))).isEqualTo(2);
    }
    assertThat(status(new Entry(6).nsid(1).prp(page, 0).cdw(10, 6).cdw(11, 2 << 24))).isEqualTo(2);
    assertThat(host.identify(6, 0)).containsOnly(0);
    assertThat(host.identify(5, 1)).containsOnly(0);
  }

  @Test
  void anIdentifyPageMayLieAcrossTwo() {
    long two = host.allocate(8192);
    byte[] whole = host.identify(1, 0);
    assertThat(status(new Entry(6).prp(two + 0x300, two + 0x1000).cdw(10, 1))).isZero();
    assertThat(host.memory.getBytes(two + 0x300, 4096)).isEqualTo(whole);
  }

  // ---- fields that no admin command may have

  @Test
  void adminCommandsHaveTheirRules() {
    assertThat(status(new Entry(0x7F))).as("no such opcode").isEqualTo(1);
    assertThat(status(new Entry(0x18))).as("Keep Alive").isEqualTo(1);
    assertThat(status(new Entry(0x0D))).as("Namespace Management").isEqualTo(1);
    assertThat(status(new Entry(6).flags(1).prp(page, 0).cdw(10, 1))).as("fused").isEqualTo(2);
    assertThat(status(new Entry(6).sgl(0, page, 4096).cdw(10, 1))).as("SGL").isEqualTo(2);
    assertThat(status(new Entry(6).prp(page + 2, 0).cdw(10, 1))).as("PRP1").isEqualTo(0x13);
    assertThat(status(new Entry(6).prp(page + 4, page + 8).cdw(10, 1))).as("PRP2").isEqualTo(0x13);
    assertThat(status(new Entry(9).nsid(1).cdw(10, 6))).isEqualTo(0x10F);
  }

  // ---- features

  private Completion get(int fid, int select, int cdw11) {
    return host.run(0, new Entry(0x0A).prp(page, 0).cdw(10, fid | select << 8).cdw(11, cdw11));
  }

  private Completion set(int fid, int cdw11) {
    return host.run(0, new Entry(0x09).prp(page, 0).cdw(10, fid).cdw(11, cdw11));
  }

  @Test
  void featuresKeepWhatIsSetUntilReset() {
    int[][] values = {
      {1, 0x0102_0304, 6},
      {6, 0, 1},
      {8, 0x0507, 0},
      {0x0A, 1, 0},
      {0x0B, 0x1FF, 0},
      {4, 400, 343}
    };
    for (int[] value : values) {
      assertThat(get(value[0], 0, 0).dw0()).as("feature %x", value[0]).isEqualTo(value[2]);
      assertThat(set(value[0], value[1]).status()).isZero();
      assertThat(get(value[0], 0, 0).dw0()).as("feature %x", value[0]).isEqualTo(value[1]);
      assertThat(get(value[0], 1, 0).dw0()).as("default of %x", value[0]).isEqualTo(value[2]);
      assertThat(get(value[0], 2, 0).dw0()).as("saved of %x", value[0]).isEqualTo(value[2]);
      assertThat(get(value[0], 3, 0).dw0()).as("capabilities of %x", value[0]).isEqualTo(4);
    }
    host.disable();
    host.enable();
    for (int[] value : values) {
      assertThat(get(value[0], 0, 0).dw0()).as("feature %x", value[0]).isEqualTo(value[2]);
    }
  }

  @Test
  void featuresRefuseWhatCannotBe() {
    assertThat(get(0x0C, 0, 0).code()).isEqualTo(2);
    assertThat(get(0x0F, 0, 0).code()).isEqualTo(2);
    assertThat(get(0, 0, 0).code()).isEqualTo(2);
    assertThat(get(6, 4, 0).code()).isEqualTo(2);
    assertThat(set(0xC0, 0).code()).isEqualTo(2);
    assertThat(set(6 | 1 << 31, 1).code()).as("not saveable").isEqualTo(0x10D);
    assertThat(set(2, 1).code()).as("no such power state").isEqualTo(2);
    assertThat(set(2, 0).code()).isZero();
    assertThat(set(4, 3 << 16).code()).as("no such sensor").isEqualTo(2);
    assertThat(set(9, 9).code()).as("no such vector").isEqualTo(2);
    assertThat(get(9, 0, 9).code()).isEqualTo(2);
    assertThat(set(0x19, 1).code()).isEqualTo(0x12B);
    assertThat(set(0x19, 0).code()).isZero();
    Entry everywhere = new Entry(9).cdw(10, 6);
    assertThat(status(everywhere.nsid(-1))).isZero();
    assertThat(status(new Entry(9).nsid(9).cdw(10, 6))).isEqualTo(0x0B);
  }

  @Test
  void errorRecoveryBelongsToANamespace() {
    assertThat(status(new Entry(9).nsid(1).cdw(10, 5).cdw(11, 20))).isZero();
    assertThat(host.run(0, new Entry(0x0A).nsid(1).cdw(10, 5)).dw0()).isEqualTo(20);
    assertThat(host.run(0, new Entry(0x0A).nsid(2).cdw(10, 5)).dw0()).isZero();
    assertThat(host.run(0, new Entry(0x0A).nsid(1).cdw(10, 5 | 3 << 8)).dw0()).isEqualTo(6);
    assertThat(status(new Entry(9).nsid(-1).cdw(10, 5).cdw(11, 30))).isZero();
    assertThat(host.run(0, new Entry(0x0A).nsid(2).cdw(10, 5)).dw0()).isEqualTo(30);
    assertThat(status(new Entry(0x0A).nsid(-1).cdw(10, 5))).isEqualTo(0x0B);
    assertThat(status(new Entry(9).nsid(0).cdw(10, 5))).isEqualTo(0x0B);
    assertThat(status(new Entry(9).nsid(1).cdw(10, 5).cdw(11, 1 << 16))).as("DULBE").isEqualTo(2);
  }

  @Test
  void theNumberOfQueuesIsSetBeforeThereAreAny() {
    assertThat(set(7, 3 << 16 | 3).dw0()).isEqualTo(7 << 16 | 7);
    assertThat(set(7, 0xFFFF).code()).isEqualTo(2);
    assertThat(set(7, 0xFFFF << 16).code()).isEqualTo(2);
    host.pair(1, 16);
    assertThat(set(7, 3 << 16 | 3).code()).isEqualTo(0x0C);
    assertThat(get(7, 0, 0).dw0()).isEqualTo(7 << 16 | 7);
  }

  @Test
  void theClockRuns() {
    host.memory.putLong(page, 1_700_000_000_000L);
    assertThat(set(0x0E, 0).status()).isZero();
    host.root.advance(1_500_000_000L);
    host.memory.putLong(page, 0);
    assertThat(get(0x0E, 0, 0).status()).isZero();
    assertThat(host.memory.getLong(page)).isEqualTo(1_700_000_001_500L | 1L << 49);
  }

  // ---- log pages

  private int log(int lid, int bytes, long offset, int nsid, int more) {
    return status(
        new Entry(2)
            .nsid(nsid)
            .prp(page, 0)
            .cdw(10, lid | (bytes / 4 - 1) << 16 | more)
            .cdw(12, (int) offset)
            .cdw(13, (int) (offset >>> 32)));
  }

  @Test
  void logPagesSayWhatIsSupported() {
    assertThat(log(0, 1024, 0, 0, 0)).isZero();
    for (int lid = 0; lid < 256; lid++) {
      boolean there = host.memory.getInt(page + lid * 4L) == 1;
      byte[] listed = host.memory.getBytes(page, 1024);
      assertThat(log(lid, 512, 0, -1, 0)).as("page %x", lid).isEqualTo(there ? 0 : 0x109);
      host.memory.putBytes(page, listed);
    }
    assertThat(log(5, 4096, 0, 0, 0)).isZero();
    assertThat(host.memory.getInt(page + 6 * 4) & 1).as("Identify").isEqualTo(1);
    assertThat(host.memory.getInt(page + 0x80 * 4) & 7).as("Format").isEqualTo(7);
    assertThat(host.memory.getInt(page + 1024 + 4) & 3).as("Write").isEqualTo(3);
    assertThat(host.memory.getInt(page + 1024 + 8) & 3).as("Read").isEqualTo(1);
    assertThat(host.memory.getInt(page + 1024 + 4 * 4) & 1).as("Write Uncorrectable").isZero();
    assertThat(log(0x12, 1024, 0, 0, 0)).isZero();
    assertThat(host.memory.getInt(page + 6 * 4) & 1).as("write cache").isEqualTo(1);
    assertThat(host.memory.getInt(page + 3 * 4)).as("LBA ranges").isZero();
  }

  @Test
  void logPagesHaveOffsetsAndLengths() {
    assertThat(log(3, 512, 0, 0, 0)).isZero();
    assertThat(host.memory.getBytes(page + 8, 4)).isEqualTo("1.0 ".getBytes());
    assertThat(log(3, 8, 8, 0, 0)).isZero();
    assertThat(host.memory.getBytes(page, 4)).isEqualTo("1.0 ".getBytes());
    host.memory.putBytes(page, "stale here".getBytes());
    assertThat(log(3, 512, 508, 0, 0)).isZero();
    assertThat(host.memory.getBytes(page, 512)).as("past the end").containsOnly(0);
    assertThat(log(3, 4, 512, 0, 0)).isZero();
    assertThat(log(3, 4, 516, 0, 0)).isEqualTo(2);
    assertThat(log(3, 4, 2, 0, 0)).isEqualTo(2);
    assertThat(log(3, 4, -4, 0, 0)).isEqualTo(2);
    assertThat(log(2, 512, 0, 1, 0)).as("not per namespace").isEqualTo(2);
    Entry huge = new Entry(2).prp(page, 0).cdw(10, 2 | 0xFFFF << 16).cdw(11, 0xFFFF);
    assertThat(status(huge)).isEqualTo(2);
  }

  @Test
  void failedCommandsAreLogged() {
    Completion failed = host.run(0, new Entry(6).nsid(77).prp(page, 0).cdw(10, 0));
    assertThat(failed.status() & 0x2000).as("More").isNotZero();
    assertThat(failed.status() & 0x4000).as("Do Not Retry").isNotZero();
    host.pair(1, 16);
    Completion io = host.run(1, host.io(2, 1, 5000, 1, page, 512));
    assertThat(io.code()).isEqualTo(0x80);
    assertThat(log(1, 4096, 0, 0, 0)).isZero();
    assertThat(host.memory.getLong(page)).isEqualTo(2);
    assertThat(host.memory.getInt(page + 8)).isEqualTo(io.cid() << 16 | 1);
    assertThat(host.memory.getInt(page + 12)).isEqualTo(io.status() << 1 | 0xFFFF << 16);
    assertThat(host.memory.getLong(page + 16)).as("LBA").isEqualTo(5000);
    assertThat(host.memory.getInt(page + 24)).as("NSID").isEqualTo(1);
    assertThat(host.memory.getLong(page + 64)).isEqualTo(1);
    assertThat(host.memory.getInt(page + 64 + 8)).isEqualTo(failed.cid() << 16);
    assertThat(host.memory.getLong(page + 128)).as("no third").isZero();
    for (int i = 0; i < 100; i++) {
      status(new Entry(0x7F));
    }
    assertThat(log(1, 4096, 0, 0, 0)).isZero();
    assertThat(host.memory.getLong(page)).isEqualTo(102);
    assertThat(host.memory.getLong(page + 63 * 64)).isEqualTo(39);
  }

  @Test
  void smartCounts() {
    host.pair(1, 16);
    long buffer = host.allocate(64 << 10);
    for (int i = 0; i < 20; i++) {
      assertThat(host.run(1, host.io(1, 1, 0, 128, buffer, 64 << 10)).status()).isZero();
    }
    assertThat(host.run(1, host.io(2, 1, 0, 1, buffer, 512)).status()).isZero();
    first.next = farslot.function.BlockStore.Status.READ_ERROR;
    assertThat(host.run(1, host.io(2, 1, 0, 1, buffer, 512)).code()).isEqualTo(0x281);
    first.next = farslot.function.BlockStore.Status.OK;
    assertThat(log(2, 512, 0, -1, 0)).isZero();
    assertThat(host.memory.getInt(page) >> 8 & 0xFFFF).as("temperature").isEqualTo(313);
    assertThat(host.memory.getLong(page + 32)).as("units read").isEqualTo(1);
    assertThat(host.memory.getLong(page + 48)).as("units written").isEqualTo(3);
    assertThat(host.memory.getLong(page + 64)).as("reads").isEqualTo(1);
    assertThat(host.memory.getLong(page + 80)).as("writes").isEqualTo(20);
    assertThat(host.memory.getLong(page + 160)).as("media errors").isEqualTo(1);
    assertThat(host.memory.getLong(page + 176)).as("error entries").isEqualTo(1);
  }

  // ---- events and aborts

  @Test
  void smartEventsComeOnceUntilTheirPageIsRead() {
    int cid = host.put(0, new Entry(0x0C));
    host.ring(0);
    assertThat(host.peek(0)).isNull();
    assertThat(set(4, 300).status()).as("nobody asked for SMART events").isZero();
    assertThat(set(4, 343).status()).isZero();
    assertThat(set(0x0B, 2).status()).isZero();
    host.put(0, new Entry(9).cdw(10, 4).cdw(11, 300));
    host.ring(0);
    Completion event = host.take(0);
    assertThat(event.cid()).isEqualTo(cid);
    assertThat(event.dw0()).isEqualTo(0x02_01_01);
    assertThat(host.take(0).status()).isZero();
    host.put(0, new Entry(0x0C));
    set(4, 343);
    set(4, 300);
    assertThat(host.peek(0)).as("silent until the page is read").isNull();
    assertThat(log(2, 512, 0, 0, 1 << 15)).isZero();
    assertThat(host.peek(0)).as("retained").isNull();
    assertThat(host.memory.getInt(page) & 0xFF).as("critical warning").isEqualTo(2);
    assertThat(log(2, 512, 0, 0, 0)).isZero();
    assertThat(host.take(0).dw0()).isEqualTo(0x02_01_01);
  }

  @Test
  void eventRequestsAreLimited() {
    for (int i = 0; i < 8; i++) {
      host.put(0, new Entry(0x0C));
    }
    host.ring(0);
    assertThat(host.peek(0)).isNull();
    assertThat(status(new Entry(0x0C))).isEqualTo(0x105);
  }

  @Test
  void eventRequestsCanBeAborted() {
    int cid = host.put(0, new Entry(0x0C));
    host.put(0, new Entry(8).cdw(10, cid << 16));
    host.ring(0);
    Completion aborted = host.take(0);
    assertThat(aborted.cid()).isEqualTo(cid);
    assertThat(aborted.code()).isEqualTo(7);
    Completion abort = host.take(0);
    assertThat(abort.status()).isZero();
    assertThat(abort.dw0()).isZero();
    assertThat(host.run(0, new Entry(8).cdw(10, 99 << 16 | 5)).dw0()).as("not there").isEqualTo(1);
  }

  @Test
  void aTinyAdminCompletionQueueIsEnough() {
    host.disable();
    host.enable(16, 2);
    for (int i = 0; i < 3; i++) {
      host.put(0, new Entry(0x0C));
      host.put(0, new Entry(0x0A).cdw(10, 6));
    }
    host.ring(0);
    for (int i = 0; i < 3; i++) {
      assertThat(host.take(0).dw0()).isEqualTo(1);
    }
    assertThat(host.peek(0)).isNull();
  }
}
