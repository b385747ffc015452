package farslot.cards.nvme.guide;

import static farslot.cards.nvme.guide.GuideBench.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class NvmeGuideTest {
  private static final int WRITE = 0x01;
  private static final int READ = 0x02;
  private static final int COMPARE = 0x05;
  private static final long DATA = RAM + 0x1_0000;
  private static final long LIST = RAM + 0x8000;
  private static final String SQE = "push 3000+40";

  private final GuideBench bench = new GuideBench().ready();

  /** One I/O command of so many blocks of 512 bytes. */
  private List<String> io(int dw0, long prp1, long prp2, int blocks) {
    bench.sqe(SQ, dw0, 1, prp1, prp2, 0, 0, blocks - 1);
    return bench.ring(1);
  }

  @Test
  void knowsControllersByTheirClass() {
    NvmeGuideProvider provider = new NvmeGuideProvider();
    assertThat(provider.name()).isEqualTo("nvme");
    assertThat(provider.knows(0x144D, 0xA80A, 0x010802)).isTrue();
    assertThat(provider.knows(0x1AF4, 0x1001, 0x010000)).isFalse();
  }

  @Test
  void aReadNeedsItsEntryOnly() {
    assertThat(io(READ, DATA, 0, 8)).containsExactly(SQE);
    assertThat(bench.ring(1)).isEmpty();
  }

  @Test
  void aLongReadNeedsItsList() {
    assertThat(io(READ, DATA + 0x200, LIST, 24)).containsExactly(SQE, "push 8000+18");
    assertThat(io(READ, DATA, DATA + 0x1000, 16)).isEmpty(); // Not rung for.
  }

  @Test
  void aWriteNeedsItsDataToo() {
    assertThat(io(WRITE, DATA, 0, 8)).containsExactly(SQE, "push 10000+1000");
  }

  @Test
  void aWriteOfTwoPages() {
    assertThat(io(WRITE, DATA + 0xA00, DATA + 0x9000, 8))
        .containsExactly(SQE, "push 10a00+600", "push 19000+a00");
  }

  @Test
  void aWriteByList() {
    bench.qw(LIST + 0x800, DATA + 0x1000);
    bench.qw(LIST + 0x808, DATA + 0x5000);
    assertThat(io(WRITE, DATA + 0x200, LIST + 0x800, 16))
        .containsExactly(SQE, "push 8800+10", "push 10200+1e00", "push 15000+200");
  }

  @Test
  void listsGoOnInOtherPages() {
    bench.qw(LIST + 0xFF0, DATA + 0x2000);
    bench.qw(LIST + 0xFF8, LIST + 0x2000);
    bench.qw(LIST + 0x2000, DATA + 0x4000);
    bench.qw(LIST + 0x2008, DATA + 0x6000);
    assertThat(io(WRITE, DATA, LIST + 0xFF0, 32))
        .containsExactly(
            SQE,
            "push 8ff0+10",
            "push 10000+1000",
            "push a000+10",
            "push 12000+1000",
            "push 14000+1000",
            "push 16000+1000");
  }

  @Test
  void aListThatPointsToItselfEnds() {
    bench.qw(LIST + 0xFF8, LIST);
    for (int i = 0; i < 512; i++) {
      bench.qw(LIST + 8 * i, LIST);
    }
    bench.reads = 0;
    assertThat(io(WRITE, DATA, LIST + 0xFF8, 64)).hasSizeLessThan(16).startsWith(SQE);
    assertThat(bench.reads).isLessThan(8);
  }

  @Test
  void compareAndFusedCommandsAreCommands() {
    bench.sqe(SQ, COMPARE | 1 << 8, 1, DATA, 0, 0, 0, 0);
    bench.sqe(SQ + 64, WRITE | 2 << 8, 1, DATA + 0x1000, 0, 0, 0, 0);
    assertThat(bench.ring(2)).containsExactly("push 3000+80", "push 10000+200", "push 11000+200");
  }

  @Test
  void theRingsEndIsTwoPushes() {
    bench.ring(62);
    for (int i = 0; i < 64; i++) {
      bench.sqe(SQ + 64 * i, READ, 1, DATA, 0, 0, 0, 0);
    }
    assertThat(bench.ring(2)).containsExactly("push 3f80+80", "push 3000+80");
  }

  @Test
  void dataThatIsLeftIsNamedFirst() {
    for (int i = 0; i < 15; i++) {
      bench.qw(LIST + 8 * i, DATA + 0x1000 * (i + 1));
    }
    bench.sqe(SQ, WRITE, 1, DATA + 0x4_0000, 0, 0, 0, 0);
    bench.sqe(SQ + 64, WRITE, 1, DATA, LIST, 0, 0, 127);
    assertThat(bench.ring(2))
        .containsExactly("leave 10000+10000", "push 3000+80", "push 50000+200", "push 8000+78");
  }

  @Test
  void oneDoorbellPushesSoMuchAndNamesTheRest() {
    bench.ready(64);
    for (int i = 0; i < 63; i++) {
      for (int page = 0; page < 7; page++) {
        bench.qw(LIST + 64 * i + 8 * page, DATA + 0x1000 * (page + 1));
      }
      bench.sqe(SQ + 64 * i, WRITE, 1, DATA, LIST + 64 * i, 0, 0, 63);
    }
    List<String> log = bench.ring(63);
    assertThat(log.subList(0, 47)).containsOnly("leave 10000+8000");
    assertThat(log.get(47)).isEqualTo("push 3000+fc0");
    assertThat(log.stream().filter("push 10000+8000"::equals)).hasSize(16);
  }

  @Test
  void rangesToDeallocate() {
    bench.sqe(SQ, 0x09, 1, DATA + 0x10, 0, 2, 4, 0);
    assertThat(bench.ring(1)).containsExactly(SQE, "push 10010+30");
  }

  @Test
  void commandsWithoutData() {
    int at = 0;
    for (int opcode : new int[] {0x00, 0x04, 0x08, 0x0C}) {
      bench.sqe(SQ + 64 * at++, opcode, 1, DATA, 0, 0, 0, 7);
    }
    assertThat(bench.ring(at)).containsExactly("push 3000+100");
  }

  @Test
  void commandsThatNobodyKnows() {
    bench.sqe(SQ, READ, 1, DATA, 0, 0, 0, 7);
    bench.sqe(SQ + 64, 0x93, 1, DATA, 0, 0, 0, 7);
    assertThat(bench.ring(2)).containsExactly("leave all", "push 3000+80");
  }

  @Test
  void blocksOfUnknownSize() {
    bench.sqe(SQ, WRITE, 2, DATA, 0, 0, 0, 7);
    assertThat(bench.ring(1)).containsExactly("leave all", SQE);
    bench.sqe(SQ + 64, WRITE, -1, DATA, 0, 0, 0, 7);
    assertThat(bench.ring(2)).containsExactly("leave all", "push 3040+40");
  }

  @Test
  void blockSizesAreLearnedAndForgotten() {
    bench.identify(2, namespace(1, 0));
    bench.sqe(SQ, WRITE, 2, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(1)).containsExactly(SQE, "push 10000+1000");
    assertThat(bench.watching).isFalse();
    bench.admin(0x0080, 2, 0, 0, 0); // Format NVM
    bench.sqe(SQ + 64, WRITE, 2, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(2)).containsExactly("leave all", "push 3040+40");
  }

  @Test
  void anIdentifyCountsWhenItHasSucceeded() {
    bench.admin(0x0009_0006, 3, IDENTIFY, 0, 0);
    bench.cardWrites(IDENTIFY, namespace(0, 0));
    bench.sqe(SQ, WRITE, 3, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(1)).containsExactly("leave all", SQE);
    bench.complete(8, 0);
    assertThat(bench.watching).isTrue();
    bench.complete(9, 0x0B);
    assertThat(bench.watching).isFalse();
    bench.sqe(SQ + 64, WRITE, 3, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(2)).containsExactly("leave all", "push 3040+40");
  }

  @Test
  void metadataIsNotCounted() {
    bench.identify(1, namespace(0, 8));
    bench.sqe(SQ, WRITE, 1, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(1)).containsExactly("leave all", SQE);
  }

  @Test
  void manyIdentifiesAtATime() {
    for (int i = 0; i < 40; i++) {
      bench.admin(0x0100_0006 | i << 16, 1, IDENTIFY, 0, 0);
    }
    bench.sqe(SQ, WRITE, 1, DATA, 0, 0, 0, 0);
    assertThat(bench.ring(1)).containsExactly("leave all", SQE);
  }

  @Test
  void scatterGatherLists() {
    descriptor(SQ + 24, DATA, 0x200, 0);
    bench.dw(SQ, WRITE | 1 << 14);
    bench.dw(SQ + 4, 1);
    assertThat(bench.ring(1)).containsExactly(SQE, "push 10000+200");
    // A segment: a block, a bit bucket that means nothing here, and on to the last segment.
    descriptor(SQ + 64 + 24, LIST, 48, 2);
    bench.dw(SQ + 64, WRITE | 1 << 14);
    bench.dw(SQ + 64 + 4, 1);
    bench.dw(SQ + 64 + 48, 3);
    descriptor(LIST, DATA, 0x100, 0);
    descriptor(LIST + 16, 0, 0x100, 1);
    descriptor(LIST + 32, LIST + 0x100, 32, 3);
    descriptor(LIST + 0x100, DATA + 0x100, 0x300, 0);
    descriptor(LIST + 0x110, DATA + 0x1000, 0x1000, 0);
    assertThat(bench.ring(2))
        .containsExactly(
            "push 3040+40", "push 8000+30", "push 8100+20", "push 10000+400", "push 11000+400");
  }

  @Test
  void scatterGatherListsOfReads() {
    descriptor(SQ + 24, LIST, 32, 3);
    bench.dw(SQ, READ | 1 << 14);
    bench.dw(SQ + 4, 1);
    descriptor(LIST, 0, 0x100, 1);
    descriptor(LIST + 16, DATA, 0x100, 0);
    assertThat(bench.ring(1)).containsExactly(SQE, "push 8000+20");
  }

  @Test
  void scatterGatherListsThatNobodyKnowsOrThatGoInCircles() {
    descriptor(SQ + 24, DATA, 0x200, 4); // keyed
    bench.dw(SQ, WRITE | 1 << 14);
    bench.dw(SQ + 4, 1);
    assertThat(bench.ring(1)).containsExactly(SQE, "leave all");
    descriptor(SQ + 64 + 24, LIST, 16, 2);
    bench.dw(SQ + 64, WRITE | 1 << 14);
    bench.dw(SQ + 64 + 4, 1);
    descriptor(LIST, LIST, 16, 2);
    bench.reads = 0;
    assertThat(bench.ring(2)).hasSizeLessThan(300).endsWith("leave all");
    assertThat(bench.reads).isLessThan(300);
  }

  private void descriptor(long at, long address, int bytes, int type) {
    bench.qw(at, address);
    bench.qw(at + 8, bytes & 0xFFFF_FFFFL | (long) type << 60);
  }

  @Test
  void doorbellsOutOfRange() {
    assertThat(bench.ring(64)).containsExactly("leave all");
    assertThat(bench.ring(0xFFFF)).containsExactly("leave all");
    bench.log.clear();
    bench.write(0x1010, 4, 1); // no such queue
    assertThat(bench.log).containsExactly("leave all");
    bench.log.clear();
    bench.write(0x100C, 4, 1); // a completion queue
    bench.write(0x1004, 4, 3);
    assertThat(bench.log).isEmpty();
  }

  @Test
  void queuesThatAreDeletedOrMadeTwice() {
    bench.admin(0x0001, 0, DATA, 15 << 16 | 1, 1 << 16 | 1);
    assertThat(bench.ring(1)).containsExactly("leave all");
    bench.admin(0x0001, 0, DATA, 15 << 16 | 1, 1 << 16 | 1);
    assertThat(bench.ring(2)).containsExactly("leave all");
    bench.admin(0x0000, 0, 0, 1, 0);
    assertThat(bench.ring(2)).containsExactly("leave all");
    bench.admin(0x0001, 0, DATA, 15 << 16 | 1, 1 << 16 | 1);
    assertThat(bench.ring(1)).contains("push 10000+40");
  }

  @Test
  void queuesInPieces() {
    bench.log.clear();
    bench.admin(0x0001, 0, DATA, 15 << 16 | 2, 1 << 16);
    assertThat(bench.log).contains("leave all");
    bench.log.clear();
    bench.write(0x1010, 4, 1);
    assertThat(bench.log).containsExactly("leave all");
  }

  @Test
  void manyEntriesAtOnce() {
    bench.ready(4096);
    assertThat(bench.ring(4095)).hasSizeLessThan(1500).startsWith("leave all");
    assertThat(bench.reads).isLessThan(600);
  }

  @Test
  void memoryThatIsNotThere() {
    bench.admin(0x0001, 0, RAM + (1 << 20) - 64, 15 << 16 | 2, 1 << 16 | 1);
    bench.log.clear();
    bench.write(0x1010, 4, 2);
    assertThat(bench.log).containsExactly("leave all");
    assertThat(io(WRITE, DATA, RAM - 4096, 24)).contains("leave all", SQE);
  }

  @Test
  void adminCommands() {
    bench.log.clear();
    bench.admin(0x000A, 0, DATA, 7, 0); // Get Features
    bench.admin(0x0009, 0, DATA + 4, 0x0E, 0); // Set Features, Timestamp
    bench.admin(0x0009, 0, 0, 7, 0x3003F);
    bench.admin(0x000C, 0, 0, 0, 0);
    assertThat(bench.log)
        .containsExactly(
            "push 1080+40", "push 10c0+40", "push 10004+8", "push 1100+40", "push 1140+40");
    bench.log.clear();
    bench.admin(0x0009, 0, 0, 0x0D, 1); // a host memory buffer
    assertThat(bench.log).containsExactly("leave all", "push 1180+40");
  }

  @Test
  void doorbellsInMemoryAreNotSeen() {
    bench.admin(0x007C, 0, DATA, 0, 0);
    assertThat(bench.ring(1)).containsExactly("leave all");
  }

  @Test
  void theDistanceOfDoorbellsShowsItself() {
    GuideBench wide = new GuideBench().up();
    wide.identify(1, namespace(0, 0));
    wide.write(0x1020, 4, 1); // The head of completion queue 0: 32 bytes apart.
    wide.admin(0x0001, 0, SQ, 15 << 16 | 1, 1 << 16 | 1);
    wide.sqe(SQ, READ, 1, DATA, 0, 0, 0, 0);
    wide.log.clear();
    wide.write(0x1008, 4, 1);
    assertThat(wide.log).containsExactly("leave all");
    wide.log.clear();
    wide.write(0x1040, 4, 1);
    assertThat(wide.log).containsExactly(SQE);
    assertThat(wide.guide.lastCounts(0, 0x1040, 4)).isTrue();
    assertThat(wide.guide.lastCounts(0, 0x1008, 4)).isFalse();
  }

  @Test
  void whoSkipsAcknowledgementsIsNotGuided() {
    GuideBench lazy = new GuideBench().up();
    lazy.admin(0x0001, 0, SQ, 15 << 16 | 1, 1 << 16 | 1);
    lazy.sqe(SQ, READ, 1, DATA, 0, 0, 0, 0);
    assertThat(lazy.ring(1)).containsExactly("leave all");
  }

  @Test
  void whichWritesReplaceEarlierOnes() {
    assertThat(bench.guide.lastCounts(0, 0x1008, 4)).isTrue();
    assertThat(bench.guide.lastCounts(0, 0x1004, 4)).isTrue();
    assertThat(bench.guide.lastCounts(0, 0x1000, 4)).isTrue();
    assertThat(bench.guide.lastCounts(0, 0x1008, 8)).isFalse();
    assertThat(bench.guide.lastCounts(0, 0x1006, 4)).isFalse();
    assertThat(bench.guide.lastCounts(1, 0x1008, 4)).isFalse();
    assertThat(bench.guide.lastCounts(0, 0x14, 4)).isFalse();
    bench.write(0x14, 4, 0);
    assertThat(bench.guide.lastCounts(0, 0x1008, 4)).isFalse();
  }

  @Test
  void headsOfIoCompletionQueuesMayWait() {
    assertThat(bench.guide.mayWait(0, 0x100C)).isTrue();
    assertThat(bench.guide.mayWait(0, 0x1008)).isFalse();
    assertThat(bench.guide.mayWait(0, 0x1004)).isFalse();
    assertThat(bench.guide.mayWait(0, 0x1000)).isFalse();
    assertThat(new GuideBench().up().guide.mayWait(0, 0x100C)).isFalse();
  }

  @Test
  void anOddWriteEndsAllKnowledge() {
    bench.log.clear();
    bench.write(0x1009, 2, 1);
    assertThat(bench.log).containsExactly("leave all");
    assertThat(bench.ring(1)).containsExactly("leave all");
  }

  @Test
  void aControllerThatIsSwitchedOffReadsNothing() {
    bench.write(0x14, 4, 0);
    assertThat(bench.ring(1)).containsExactly("leave all");
    bench.ready();
    assertThat(io(READ, DATA, 0, 8)).containsExactly(SQE);
    bench.guide.reset();
    assertThat(bench.ring(2)).containsExactly("leave all");
  }

  @Test
  void otherBarsAreNothingToIt() {
    bench.log.clear();
    bench.guide.onWrite(2, 0x1008, MemorySegment.ofArray(new byte[4]), 0, 4);
    assertThat(bench.log).isEmpty();
  }
}
