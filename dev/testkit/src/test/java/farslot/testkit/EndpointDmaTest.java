package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import farslot.function.endpoint.EndpointOptions;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requester half of an endpoint: cutting, ordering, parking, failing. */
class EndpointDmaTest {
  private static final long IOVA = 0x12_3456_7000L;
  private static final int BYTES = 1 << 20;
  private static final CompletionStatus SC = CompletionStatus.SC;

  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);
  private MemorySegment memory;

  @BeforeEach
  void setUp() {
    root.enumerate();
    memory = root.memory().map(IOVA, BYTES);
    byte[] bytes = new byte[BYTES];
    new Random(1).nextBytes(bytes);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, BYTES);
  }

  private long counter(EndpointCounter counter) {
    return root.endpoint().counters().get(counter);
  }

  @Test
  void readsOfAnyAddressAndLengthArriveWhole() {
    Random random = new Random(7);
    for (int payload = 128; payload <= 4096; payload *= 2) {
      root.payload(payload, 4096 * 128 / payload);
      for (int i = 0; i < 50; i++) {
        int at = random.nextInt(BYTES / 2);
        int bytes = 1 + random.nextInt(i < 40 ? 9000 : 200_000);
        MemorySegment to = MemorySegment.ofArray(new byte[bytes + 16]);
        card.read(IOVA + at, to, 8, bytes, i);
        root.run();
        assertThat(card.takeDone()).containsExactly(i + ":SC");
        assertThat(MemorySegment.mismatch(memory, at, at + bytes, to, 8, 8 + bytes))
            .as("read of %d at %d", bytes, at)
            .isEqualTo(-1);
        assertThat(to.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isZero();
        assertThat(to.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 + bytes)).isZero();
      }
    }
  }

  @Test
  void writesOfAnyAddressAndLengthArriveWholeAndTouchNothingElse() {
    Random random = new Random(9);
    for (int i = 0; i < 300; i++) {
      root.payload(128 << random.nextInt(6), 128);
      int at = 64 + random.nextInt(4096 * 3);
      int bytes = 1 + random.nextInt(5000);
      byte[] before = root.memory().getBytes(IOVA, 32768);
      byte[] data = new byte[bytes];
      random.nextBytes(data);
      card.dma().write(IOVA + at, MemorySegment.ofArray(data), 0, bytes);
      root.run();
      System.arraycopy(data, 0, before, at, bytes);
      assertThat(root.memory().getBytes(IOVA, 32768)).isEqualTo(before);
    }
  }

  @Test
  void manyReadsAreUnderWayButNoMoreThanTheLimit() {
    root.holdReads(true);
    root.payload(128, 128);
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 1);
    root.run();
    assertThat(root.heldReads()).isEqualTo(256);
    root.holdReads(false);
    root.releaseReads(true);
    assertThat(card.takeDone()).containsExactly("1:SC");
  }

  @Test
  void withoutExtendedTagsThereAreThirtyTwo() {
    root.configChange(root.found().capability(0x10) + 8, 2, 0x100, 0);
    root.holdReads(true);
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 1);
    root.run();
    assertThat(root.heldReads()).isEqualTo(32);
    root.holdReads(false);
    root.releaseReads(true);
    assertThat(card.takeDone()).containsExactly("1:SC");
  }

  @Test
  void tenBitTagsBeginAt256() {
    root.configChange(root.found().capability(0x10) + 0x28, 2, 0, 0x1000);
    int[] least = {Integer.MAX_VALUE};
    root.up()
        .tap(
            (segment, offset, bytes) -> {
              int high = segment.get(ValueLayout.JAVA_BYTE, offset + 1) & 0xFF;
              int tag = segment.get(ValueLayout.JAVA_BYTE, offset + 6) & 0xFF;
              tag |= (high & 0x80) << 2 | (high & 8) << 5;
              least[0] = Math.min(least[0], tag);
            });
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 1);
    root.run();
    assertThat(card.takeDone()).containsExactly("1:SC");
    assertThat(least[0]).isEqualTo(256);
  }

  @Test
  void whatTheServerRefusesIsAStatus() {
    card.read(0x6666_0000L, MemorySegment.ofArray(new byte[8192]), 0, 8192, 5);
    root.run();
    assertThat(card.takeDone()).containsExactly("5:UR");
    assertThat(root.configRead(6, 2) & 0x2000).as("Received Master Abort").isNotZero();
    root.answerReads(CompletionStatus.CA);
    card.read(IOVA, MemorySegment.ofArray(new byte[8192]), 0, 8192, 6);
    root.run();
    assertThat(card.takeDone()).containsExactly("6:CA");
    assertThat(root.configRead(6, 2) & 0x1000).as("Received Target Abort").isNotZero();
    assertThat(counter(EndpointCounter.DMA_READ_ERRORS)).isGreaterThanOrEqualTo(2);
  }

  @Test
  void doneNeverComesFromInsideRead() {
    root.busMaster(false);
    card.read(IOVA, MemorySegment.ofArray(new byte[64]), 0, 64, 1);
    assertThat(card.takeDone()).isEmpty();
    root.run();
    assertThat(card.takeDone()).containsExactly("1:UR");
    card.dma().write(IOVA, MemorySegment.ofArray(new byte[64]), 0, 64);
    root.run();
    assertThat(counter(EndpointCounter.BUS_MASTER_OFF_DROPS)).isEqualTo(1);
  }

  @Test
  void withoutCreditsWritesWaitInOrderAndReadsBehindThem() {
    root.up().block(FlowClass.POSTED, true);
    assertThat(card.dma().hasRoom()).isTrue();
    for (int i = 0; i < 100; i++) {
      root.memory().putInt(IOVA, -1);
      card.writeInt(IOVA, i);
    }
    assertThat(card.dma().hasRoom()).isFalse();
    MemorySegment to = MemorySegment.ofArray(new byte[4]);
    card.read(IOVA, to, 0, 4, 1);
    root.run();
    assertThat(root.memory().getInt(IOVA)).isEqualTo(-1);
    assertThat(card.takeDone()).isEmpty();
    assertThat(card.roomCalls).isZero();
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(to.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(99);
    assertThat(card.takeDone()).containsExactly("1:SC");
    assertThat(card.roomCalls).isEqualTo(1);
    assertThat(card.dma().hasRoom()).isTrue();
  }

  @Test
  void completionsDoNotPassWritesThatWereThereBefore() {
    card.onRead = () -> card.writeInt(IOVA, 4711);
    root.up().block(FlowClass.POSTED, true);
    root.up().limit(FlowClass.COMPLETION, 1, 1);
    int[] seen = new int[1];
    root.up()
        .tap(
            (segment, offset, bytes) -> {
              boolean completion = segment.get(ValueLayout.JAVA_BYTE, offset) == 0x4A;
              seen[0] = completion ? seen[0] * 10 + 2 : seen[0] * 10 + 1;
            });
    root.agent().execute(() -> root.up().block(FlowClass.POSTED, false));
    root.read(0, 0, 4);
    assertThat(seen[0]).as("the write (1), then the completion (2)").isEqualTo(12);
  }

  @Test
  void tooMuchParkedFailsTheFunctionUntilItIsReset() {
    ProbeCard small = new ProbeCard();
    FakeRootComplex rude =
        new FakeRootComplex(small, new EndpointOptions(1_000_000_000L, 256, 64 << 10, 64 << 10), 1);
    rude.enumerate();
    rude.memory().map(IOVA, BYTES);
    rude.up().block(FlowClass.POSTED, true);
    for (int i = 0; i < 100; i++) {
      small.dma().write(IOVA + 4096L * i, MemorySegment.ofArray(new byte[4096]), 0, 4096);
    }
    rude.run();
    assertThat(small.busMaster).isFalse();
    assertThat(rude.endpoint().counters().get(EndpointCounter.PARK_OVERFLOWS)).isPositive();
    rude.up().block(FlowClass.POSTED, false);
    rude.run();
    int status = rude.configRead(rude.found().extendedCapability(1) + 4, 4);
    assertThat(status & 1 << 22).as("Uncorrectable Internal Error").isNotZero();
    rude.flr();
    rude.setUp();
    assertThat(small.busMaster).isTrue();
    small.writeInt(IOVA, 77);
    rude.run();
    assertThat(rude.memory().getInt(IOVA)).isEqualTo(77);
  }

  @Test
  void aReadThatNobodyAnswersTimesOutAndItsLateCompletionIsHarmless() {
    root.holdReads(true);
    MemorySegment to = MemorySegment.ofArray(new byte[64]);
    card.read(IOVA, to, 0, 64, 3);
    root.advance(9_999_999_999L);
    assertThat(card.takeDone()).isEmpty();
    root.advance(1);
    assertThat(card.takeDone()).containsExactly("3:UR");
    assertThat(counter(EndpointCounter.COMPLETION_TIMEOUTS)).isEqualTo(1);
    int aer = root.found().extendedCapability(1);
    assertThat(root.configRead(aer + 4, 4) & 1 << 14).as("Completion Timeout").isNotZero();
    assertThat(root.interrupts().errors()).containsExactly(0x31);
    root.releaseReads(false);
    assertThat(counter(EndpointCounter.ABANDONED_COMPLETIONS)).isEqualTo(1);
    assertThat(counter(EndpointCounter.UNEXPECTED_COMPLETIONS)).isZero();
    assertThat(to.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isZero();
  }

  @Test
  void flrAbandonsAndNoDoneOfBeforeComes() {
    root.holdReads(true);
    MemorySegment to = MemorySegment.ofArray(new byte[BYTES]);
    card.read(IOVA, to, 0, BYTES, 1);
    card.read(IOVA, to, 0, 100, 2);
    root.run();
    int status = root.found().capability(0x10) + 0xA;
    assertThat(root.configRead(status, 2) & 0x20).as("Transactions Pending").isNotZero();
    root.flr();
    assertThat(root.configRead(status, 2) & 0x20).as("Transactions Pending").isNotZero();
    root.holdReads(false);
    root.releaseReads(true);
    assertThat(root.configRead(status, 2) & 0x20).as("Transactions Pending").isZero();
    root.advance(60_000_000_000L);
    assertThat(card.takeDone()).isEmpty();
    assertThat(MemorySegment.mismatch(to, 0, BYTES, ZERO, 0, BYTES)).isEqualTo(-1);
    root.setUp();
    card.read(IOVA, to, 0, BYTES, 3);
    root.run();
    assertThat(card.takeDone()).containsExactly("3:SC");
    assertThat(MemorySegment.mismatch(to, 0, BYTES, memory, 0, BYTES)).isEqualTo(-1);
  }

  private static final MemorySegment ZERO = MemorySegment.ofArray(new byte[BYTES]);

  @Test
  void writesThatWaitForRoomAreForgottenByFlr() {
    root.memory().putInt(IOVA, 1);
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(IOVA, 2);
    root.configWrite(root.found().capability(0x10) + 8, 2, 0x8000);
    assertThat(root.lastStatus()).as("answered without room for the write").isEqualTo(SC);
    root.setUp();
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(root.memory().getInt(IOVA)).isEqualTo(1);
    card.writeInt(IOVA, 3);
    root.run();
    assertThat(root.memory().getInt(IOVA)).isEqualTo(3);
  }

  @Test
  void writesThatWaitForRoomAreDroppedWithBusMastering() {
    root.memory().putInt(IOVA, 1);
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(IOVA, 2);
    root.configWrite(4, 2, 0x103);
    assertThat(root.lastStatus()).as("answered without room for the write").isEqualTo(SC);
    root.up().block(FlowClass.POSTED, false);
    root.run();
    root.busMaster(true);
    assertThat(root.memory().getInt(IOVA)).isEqualTo(1);
    assertThat(counter(EndpointCounter.BUS_MASTER_OFF_DROPS)).isEqualTo(1);
  }

  @Test
  void busMasterOffInMidTransferEndsIt() {
    root.holdReads(true);
    root.payload(128, 128);
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 1);
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 2);
    root.run();
    root.busMaster(false);
    assertThat(card.takeDone()).containsExactly("2:UR");
    root.releaseReads(true);
    assertThat(card.takeDone()).containsExactly("1:UR");
  }

  @Test
  void removalAbandonsEverything() {
    root.holdReads(true);
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 1);
    root.run();
    root.surpriseRemove();
    root.advance(60_000_000_000L);
    assertThat(card.takeDone()).isEmpty();
    root.holdReads(false);
    root.connect();
    root.setUp();
    card.read(IOVA, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES, 2);
    root.run();
    assertThat(card.takeDone()).containsExactly("2:SC");
  }
}
