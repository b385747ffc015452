package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Completion;
import farslot.cards.nvme.Host.Entry;
import farslot.chance.Fuzz;
import farslot.function.BlockStore.Status;
import farslot.pcie.CompletionStatus;
import farslot.testkit.TestStore;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IoTest {
  private static final int FLUSH = 0;
  private static final int WRITE = 1;
  private static final int READ = 2;
  private static final int COMPARE = 5;
  private static final int ZEROES = 8;
  private static final int DSM = 9;
  private static final int VERIFY = 0x0C;

  final TestStore store = new TestStore(2 << 20);
  final TestStore readOnly = new TestStore(1 << 20);
  final Host host = new Host(store, readOnly);
  private long buffer;

  /** Another kind of test does the same things otherwise. */
  void mode() {}

  @BeforeEach
  void enable() {
    mode();
    readOnly.readOnly = true;
    host.enable().pair(1, 64);
    buffer = host.allocate(1 << 20);
  }

  private int code(Entry entry) {
    return host.run(1, entry).code();
  }

  private Entry io(int opcode, long lba, int blocks) {
    return host.io(opcode, 1, lba, blocks, buffer, blocks * 512);
  }

  private byte[] random(int bytes, long seed) {
    byte[] data = new byte[bytes];
    new Random(seed).nextBytes(data);
    return data;
  }

  @Test
  void writesAndReadsAllSizesUpToTheMaximum() {
    for (int blocks : new int[] {1, 8, 9, 16, 17, 100, 1024}) {
      byte[] data = random(blocks * 512, blocks);
      host.memory.putBytes(buffer, data);
      assertThat(code(io(WRITE, 3, blocks))).isZero();
      assertThat(Arrays.copyOfRange(store.data, 1536, 1536 + data.length)).isEqualTo(data);
      host.memory.putBytes(buffer, new byte[data.length + 1]);
      assertThat(code(io(READ, 3, blocks))).isZero();
      assertThat(host.memory.getBytes(buffer, data.length)).isEqualTo(data);
      assertThat(host.memory.getBytes(buffer + data.length, 1)).containsOnly(0);
    }
    assertThat(code(io(READ, 0, 1025))).as("above MDTS").isEqualTo(2);
    assertThat(code(io(WRITE, 0, 1025))).as("above MDTS").isEqualTo(2);
    assertThat(code(io(COMPARE, 0, 1025))).as("above MDTS").isEqualTo(2);
  }

  @Test
  void rangesAreChecked() {
    long blocks = 4096;
    for (int opcode : new int[] {READ, WRITE, COMPARE, ZEROES, VERIFY}) {
      assertThat(code(io(opcode, blocks, 1))).isEqualTo(0x80);
      assertThat(code(io(opcode, blocks - 1, 2))).isEqualTo(0x80);
      assertThat(code(io(opcode, -1, 1))).isEqualTo(0x80);
      assertThat(code(io(opcode, Long.MIN_VALUE, 1))).isEqualTo(0x80);
      assertThat(code(io(opcode, Long.MAX_VALUE, 8))).isEqualTo(0x80);
      assertThat(code(io(opcode, 1L << 55, 1))).isEqualTo(0x80);
      assertThat(code(io(opcode, blocks - 1, 1))).isZero();
    }
    assertThat(store.log).allMatch(line -> !line.contains(" -"));
  }

  @Test
  void namespacesAreChecked() {
    for (int nsid : new int[] {0, 3, -1, -2, 0x7FFF_FFFF}) {
      for (int opcode : new int[] {READ, WRITE, COMPARE, ZEROES, VERIFY, DSM}) {
        assertThat(code(host.io(opcode, nsid, 0, 1, buffer, 512))).isEqualTo(0x0B);
      }
    }
    assertThat(code(new Entry(FLUSH).nsid(3))).isEqualTo(0x0B);
    assertThat(code(new Entry(FLUSH).nsid(0))).isEqualTo(0x0B);
    for (int opcode : new int[] {3, 4, 6, 7, 0x0D, 0x10, 0x19, 0x80, 0xFF}) {
      assertThat(code(host.io(opcode, 1, 0, 1, buffer, 512))).isEqualTo(1);
    }
  }

  @Test
  void aReadOnlyNamespaceRefusesChanges() {
    for (int opcode : new int[] {WRITE, ZEROES}) {
      assertThat(code(host.io(opcode, 2, 0, 1, buffer, 512))).isEqualTo(0x20);
    }
    assertThat(code(new Entry(DSM).nsid(2).prp(buffer, 0).cdw(11, 4))).isEqualTo(0x20);
    assertThat(code(host.io(READ, 2, 0, 1, buffer, 512))).isZero();
    assertThat(code(new Entry(FLUSH).nsid(2))).isZero();
    assertThat(host.identify(0, 2)[99]).as("NSATTR").isEqualTo((byte) 1);
    assertThat(host.admin(0x80, 2, 0, 0, 0).code()).isEqualTo(0x20);
  }

  @Test
  void reservedFieldsAreRefused() {
    assertThat(code(io(READ, 0, 1).flags(0xC0))).as("PSDT 11b").isEqualTo(2);
    assertThat(code(io(READ, 0, 1).flags(3))).as("FUSE 11b").isEqualTo(2);
    assertThat(code(io(WRITE, 0, 1).cdw(12, 1 << 20))).as("a directive").isEqualTo(2);
    assertThat(code(io(READ, 0, 1).cdw(12, 1 << 31))).as("LR changes nothing").isZero();
  }

  @Test
  void durabilityReachesTheStore() {
    assertThat(code(io(WRITE, 0, 1).cdw(12, 1 << 30))).isZero();
    assertThat(code(io(ZEROES, 0, 1).cdw(12, 1 << 30))).isZero();
    assertThat(code(io(WRITE, 0, 1))).isZero();
    assertThat(code(new Entry(FLUSH).nsid(1))).isZero();
    assertThat(host.admin(9, 0, 0, 6, 0).status()).as("write cache off").isZero();
    assertThat(code(io(WRITE, 0, 1))).isZero();
    assertThat(code(io(ZEROES, 4, 8).cdw(12, 1 << 25))).as("DEAC").isZero();
    assertThat(store.log)
        .containsExactly(
            "write 0+512 durable",
            "zeroes 0+512 durable",
            "write 0+512",
            "flush",
            "write 0+512 durable",
            "deallocate 2048+4096",
            "flush");
    assertThat(code(new Entry(FLUSH).nsid(-1))).isZero();
    assertThat(readOnly.log).containsExactly("flush");
  }

  @Test
  void storeFailuresHaveTheirStatus() {
    int[][] expected = {
      {Status.READ_ERROR.ordinal(), 0x281},
      {Status.WRITE_ERROR.ordinal(), 0x280},
      {Status.NO_SPACE.ordinal(), 0x81},
      {Status.READ_ONLY.ordinal(), 0x182}
    };
    for (int[] each : expected) {
      store.next = Status.values()[each[0]];
      assertThat(code(io(READ, 0, 8))).isEqualTo(each[1]);
      assertThat(code(io(WRITE, 0, 8))).isEqualTo(each[1]);
      assertThat(code(io(COMPARE, 0, 8))).isEqualTo(each[1]);
      assertThat(code(io(VERIFY, 0, 8))).isEqualTo(each[1]);
      assertThat(code(io(ZEROES, 0, 8))).isEqualTo(each[1]);
      assertThat(code(new Entry(FLUSH).nsid(1))).isEqualTo(each[1]);
      assertThat(code(new Entry(DSM).nsid(1).prp(buffer + 4096, 0).cdw(11, 4))).isZero();
    }
  }

  @Test
  void aFullStoreRaisesAnEventAndHeals() {
    host.admin(9, 0, 0, 0x0B, 1);
    host.put(0, new Entry(0x0C));
    host.ring(0);
    store.next = Status.NO_SPACE;
    assertThat(code(io(WRITE, 0, 8))).isEqualTo(0x81);
    assertThat(host.take(0).dw0()).isEqualTo(0x02_02_01);
    assertThat(spare()).isZero();
    store.next = Status.OK;
    assertThat(code(io(WRITE, 0, 8))).isZero();
    assertThat(spare()).isEqualTo((byte) 100);
  }

  private byte spare() {
    long page = host.allocate(4096);
    assertThat(host.admin(2, 0, page, 2 | 127 << 16, 0).status()).isZero();
    return host.memory.getBytes(page + 3, 1)[0];
  }

  @Test
  void comparesEveryByte() {
    byte[] data = random(100 * 512, 5);
    System.arraycopy(data, 0, store.data, 0, data.length);
    host.memory.putBytes(buffer, data);
    assertThat(code(io(COMPARE, 0, 100))).isZero();
    for (int wrong : new int[] {0, 511, 16383, 16384, 32768, 100 * 512 - 1}) {
      store.data[wrong] ^= 1;
      assertThat(code(io(COMPARE, 0, 100))).as("byte %d", wrong).isEqualTo(0x285);
      store.data[wrong] ^= 1;
    }
    store.data[100 * 512] ^= 1;
    assertThat(code(io(COMPARE, 0, 100))).as("beyond the range").isZero();
  }

  @Test
  void verifyReadsEverything() {
    assertThat(code(new Entry(VERIFY).nsid(1).lba(0, 4096))).isZero();
    assertThat(store.log.getFirst()).isEqualTo("read 0+524288");
    assertThat(store.log.getLast()).isEqualTo("read 1572864+524288");
  }

  @Test
  void deallocatesEachRangeAfterAllWereChecked() {
    range(0, 8, 0);
    range(1, 0, 100);
    range(2, 16, 4080);
    assertThat(code(new Entry(DSM).nsid(1).prp(buffer, 0).cdw(10, 2).cdw(11, 4))).isZero();
    assertThat(store.log).containsExactly("deallocate 0+4096", "deallocate 2088960+8192");
    store.log.clear();
    assertThat(code(new Entry(DSM).nsid(1).prp(buffer, 0).cdw(10, 2).cdw(11, 3))).isZero();
    range(2, 17, 4080);
    assertThat(code(new Entry(DSM).nsid(1).prp(buffer, 0).cdw(10, 2).cdw(11, 4))).isEqualTo(0x80);
    range(2, 1, -1);
    assertThat(code(new Entry(DSM).nsid(1).prp(buffer, 0).cdw(10, 2).cdw(11, 4))).isEqualTo(0x80);
    range(2, -1, 1);
    assertThat(code(new Entry(DSM).nsid(1).prp(buffer, 0).cdw(10, 2).cdw(11, 4))).isEqualTo(0x80);
    assertThat(store.log).isEmpty();
  }

  private void range(int index, int blocks, long lba) {
    host.memory.putInt(buffer + index * 16L, 0);
    host.memory.putInt(buffer + index * 16L + 4, blocks);
    host.memory.putLong(buffer + index * 16L + 8, lba);
  }

  @Test
  void writesNothingBeforeAllDataIsThere() {
    host.put(1, io(WRITE, 0, 64));
    host.root.holdReads(true);
    host.ring(1);
    host.root.releaseReads(false); // the entry
    host.root.releaseReads(false); // the list
    assertThat(host.root.heldReads()).isGreaterThan(1);
    assertThat(store.log).isEmpty();
    host.root.answerReads(CompletionStatus.UR);
    host.root.holdReads(false);
    host.root.releaseReads(true);
    assertThat(store.log).isEmpty();
    assertThat(host.take(1).code()).isEqualTo(4);
  }

  @Test
  void refusedDataIsATransferError() {
    assertThat(code(host.io(WRITE, 1, 0, 1, 0x9000_0000L, 512))).isEqualTo(4);
    assertThat(store.log).isEmpty();
    Entry list = new Entry(READ).nsid(1).lba(0, 64).prp(buffer, 0x9000_0000L);
    assertThat(code(list)).isEqualTo(4);
    assertThat(code(host.io(READ, 1, 0, 1, 0x9000_0000L, 512)))
        .as("a posted write: nobody says that it was refused")
        .isZero();
  }

  @Test
  void misalignedPrpsAreRefused() {
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).prp(buffer + 1, 0))).isEqualTo(0x13);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 16).prp(buffer, buffer + 4100))).isEqualTo(0x13);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 32).prp(buffer, buffer + 4))).isEqualTo(0x13);
    host.memory.putLong(buffer, buffer + 0x2000);
    host.memory.putLong(buffer + 8, buffer + 0x3008);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 24).prp(buffer, buffer))).isEqualTo(0x13);
    long list = host.allocate(8192);
    host.memory.putLong(list + 4088, list + 4096 + 8);
    host.memory.putLong(list + 4096 + 8, buffer + 0x1000);
    host.memory.putLong(list + 4096 + 16, buffer + 0x2000);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 24).prp(buffer, list + 4088)))
        .as("a further list begins where its page does")
        .isEqualTo(0x13);
    host.memory.putLong(list + 4088, list + 4088);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 24).prp(buffer, list + 4088)))
        .as("a list that is its own next")
        .isEqualTo(0x13);
  }

  @Test
  void scatterGatherListsWork() {
    byte[] data = random(6 * 512, 9);
    System.arraycopy(data, 0, store.data, 0, data.length);
    long list = host.allocate(4096);
    long last = host.allocate(4096);
    descriptor(list, 0, buffer + 1, 1000);
    descriptor(list + 16, 1, 0, 72);
    descriptor(list + 32, 2, last, 32);
    // Not legal: a segment descriptor has to be the last of its segment.
    assertThat(code(new Entry(READ).nsid(1).lba(0, 6).sgl(2, list, 64))).isEqualTo(0x0D);
    descriptor(list + 32, 3, last, 32);
    descriptor(last, 0, buffer + 5001, 1000);
    descriptor(last + 16, 0, buffer + 9000, 5000);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 6).sgl(2, list, 48))).isZero();
    assertThat(host.memory.getBytes(buffer + 1, 1000)).isEqualTo(Arrays.copyOf(data, 1000));
    assertThat(host.memory.getBytes(buffer + 5001, 1000))
        .isEqualTo(Arrays.copyOfRange(data, 1072, 2072));
    assertThat(host.memory.getBytes(buffer + 9000, 1000))
        .isEqualTo(Arrays.copyOfRange(data, 2072, 3072));
    assertThat(host.memory.getBytes(buffer + 10000, 4000)).as("not a byte more").containsOnly(0);
    assertThat(code(new Entry(COMPARE).nsid(1).lba(0, 6).sgl(2, list, 48)))
        .as("a bit bucket gives no data to compare")
        .isEqualTo(0x285);
    descriptor(list + 16, 0, 0, 0);
    descriptor(last + 16, 0, buffer + 9000, 1071);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 6).sgl(2, list, 48))).isEqualTo(0x0F);
  }

  private void descriptor(long at, int type, long address, int bytes) {
    host.memory.putLong(at, address);
    host.memory.putLong(at + 8, bytes & 0xFFFF_FFFFL | (long) type << 60);
  }

  @Test
  void wildLengthsAndAddressesOfData() {
    long list = host.allocate(4096);
    long nowhere = 0x7000_0000_0000L;
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(0, buffer, -1))).as("4 GiB").isZero();
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(0, buffer, 0))).isEqualTo(0x0F);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(3, list, -16))).isNotZero();
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(2, nowhere, 32))).isEqualTo(4);
    assertThat(code(new Entry(WRITE).nsid(1).lba(0, 1).sgl(0, nowhere, 512))).isEqualTo(4);
    assertThat(code(new Entry(WRITE).nsid(1).lba(0, 1).prp(nowhere, 0))).isEqualTo(4);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).prp(buffer, 0))).isZero();
  }

  @Test
  void wrongScatterGatherListsAreRefused() {
    long list = host.allocate(4096);
    Entry none = new Entry(READ).nsid(1).lba(0, 1);
    assertThat(code(none.sgl(4, buffer, 512))).as("keyed").isEqualTo(0x11);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(0, buffer, 511))).isEqualTo(0x0F);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(0, buffer, 600))).isZero();
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(3, list, 0))).isEqualTo(0x0D);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(3, list, 24))).isEqualTo(0x0D);
    descriptor(list, 0, buffer, 100);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(2, list, 16)))
        .as("a segment without a next")
        .isEqualTo(0x0D);
    descriptor(list, 2, list, 16);
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(2, list, 16)))
        .as("a segment that is its own next ends all the same")
        .isEqualTo(0x0E);
    for (int i = 0; i < 256; i++) {
      descriptor(list + i * 16, 0, buffer + i * 2L, 1);
    }
    assertThat(code(new Entry(READ).nsid(1).lba(0, 1).sgl(3, list, 4096))).isEqualTo(0x0F);
  }

  @Test
  void behavesAsAnArrayOfBlocks() {
    likeAnArray(512, 1);
    likeAnArray(4096, 2);
  }

  private static void likeAnArray(int blockBytes, long salt) {
    long seed = Fuzz.seed() + salt;
    int steps = Fuzz.iterations(600);
    Random random = new Random(seed);
    TestStore store = new TestStore(1 << 20);
    byte[] model = new byte[store.data.length];
    Host host = new Host(Map.of("block-size", blockBytes), seed, store);
    host.enable().pair(1, 32).pair(2, 7);
    Transfers transfers = new Transfers(host, random);
    for (int step = 0; step < steps; step++) {
      int blocks = model.length / blockBytes;
      int first = random.nextInt(blocks);
      int most = Math.min(blocks - first, random.nextInt(4) == 0 ? 131072 / blockBytes : 9);
      int count = 1 + random.nextInt(most);
      int from = first * blockBytes;
      int to = from + count * blockBytes;
      int queue = 1 + random.nextInt(2);
      String where = "seed " + seed + " step " + step;
      byte[] data = new byte[to - from];
      random.nextBytes(data);
      int opcode = new int[] {WRITE, WRITE, READ, READ, COMPARE, ZEROES, DSM}[random.nextInt(7)];
      Entry entry = new Entry(opcode).nsid(1).lba(first, count);
      int expected = 0;
      switch (opcode) {
        case WRITE -> {
          System.arraycopy(data, 0, model, from, data.length);
          transfers.out(entry, data);
        }
        case READ -> transfers.in(entry, data.length);
        case COMPARE -> {
          if (random.nextBoolean()) {
            data = Arrays.copyOfRange(model, from, to);
          }
          expected = Arrays.equals(data, 0, data.length, model, from, to) ? 0 : 0x285;
          transfers.out(entry, data);
        }
        case ZEROES -> {
          Arrays.fill(model, from, to, (byte) 0);
          entry.cdw(12, random.nextInt(2) << 25);
        }
        default -> {
          Arrays.fill(model, from, to, (byte) 0);
          entry = transfers.deallocate(first, count);
        }
      }
      Completion completion = host.run(queue, entry);
      assertThat(completion.code()).as(where).isEqualTo(expected);
      if (opcode == READ) {
        assertThat(transfers.result()).as(where).isEqualTo(Arrays.copyOfRange(model, from, to));
      }
      transfers.assertNothingElseWasTouched(where);
      if (step % 100 == 0) {
        assertThat(store.data).as(where).isEqualTo(model);
      }
    }
    assertThat(store.data).isEqualTo(model);
  }
}
