package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import farslot.function.endpoint.EndpointOptions;
import farslot.pcie.FlowClass;
import farslot.pcie.config.CapabilityId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads that are answered from what the server has pushed. */
class EndpointPushTest {
  private static final long IOVA = 0x12_3456_7000L;
  private static final int BYTES = 1 << 20;

  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);
  private final MemorySegment to = MemorySegment.ofArray(new byte[BYTES]);
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

  private long asked() {
    return counter(EndpointCounter.DMA_READS);
  }

  private void assertRead(long at, int bytes) {
    assertThat(card.takeDone()).containsExactly("1:SC");
    assertThat(MemorySegment.mismatch(to, 0, bytes, memory, at, at + bytes)).isEqualTo(-1);
  }

  /** Reads an int as the card sees it now. */
  private int readInt(long address) {
    card.read(address, to, 0, 4, 9);
    root.run();
    assertThat(card.takeDone()).containsExactly("9:SC");
    return to.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
  }

  /** Pushes a 1 that becomes a 2 behind the card's back. */
  private void pushOne(boolean steady) {
    root.memory().putInt(IOVA, 1);
    assertThat(root.push(IOVA, 4, steady)).isTrue();
    root.run();
    root.memory().putInt(IOVA, 2);
  }

  @Test
  void aDoorbellWithItsBytesAsksForNothing() {
    card.onWrite = () -> card.read(IOVA + 100, to, 0, 6000, 1);
    assertThat(root.push(IOVA + 100, 6000, true)).isTrue();
    root.write(0, 0, 4, 1);
    assertRead(100, 6000);
    assertThat(asked()).isZero();
    assertThat(counter(EndpointCounter.PUSHED_READ_BYTES)).isEqualTo(6000);
    assertThat(counter(EndpointCounter.DMA_READ_BYTES)).isEqualTo(6000);
  }

  @Test
  void anAnswerOfTheServerIsNewerThanWhatWasPushedAndMayChange() {
    for (boolean steady : new boolean[] {true, false}) {
      root.holdReads(true);
      card.read(IOVA + 8192, to, 0, 4, 1);
      root.run();
      pushOne(steady);
      // The answer may be what tells the card that there is something new at IOVA.
      root.holdReads(false);
      root.releaseReads(false);
      assertThat(card.takeDone()).containsExactly("1:SC");
      assertThat(readInt(IOVA)).isEqualTo(steady ? 1 : 2);
    }
  }

  @Test
  void aRegisterWriteThatNoGuideHasSeenVoidsEverything() {
    pushOne(true);
    int at = root.found().capability(CapabilityId.VENDOR_SPECIFIC);
    root.configWrite(at + 12, 4, 4);
    card.onWrite = () -> card.read(IOVA, to, 0, 4, 1);
    root.configWrite(at + 16, 4, 7);
    assertThat(card.takeDone()).containsExactly("1:SC");
    assertThat(to.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(2);
  }

  @Test
  void doneNeverComesFromInsideTheCall() {
    root.push(IOVA, 64, true);
    root.run();
    card.read(IOVA, to, 0, 64, 1);
    assertThat(card.takeDone()).isEmpty();
    root.run();
    assertRead(0, 64);
  }

  @Test
  void whatIsMissingIsAskedFor() {
    for (int readBytes = 128; readBytes <= 4096; readBytes *= 2) {
      root.payload(256, readBytes);
      root.push(IOVA + 4096, 4096, true);
      root.push(IOVA + 3 * 4096, 4096, true);
      root.run();
      long before = asked();
      card.read(IOVA + 50, to, 0, 5 * 4096, 1);
      root.run();
      assertRead(50, 5 * 4096);
      // 4046 bytes, two pages, 50 bytes; what begins off a boundary ends on the next one.
      assertThat(asked() - before).isEqualTo(3 * 4096 / readBytes + 1);
      assertThat(counter(EndpointCounter.PUSH_MISSES)).isEqualTo(asked());
    }
  }

  @Test
  void anythingAtAnyPlaceInAnyMixture() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      int at = random.nextInt(40_000);
      int bytes = 1 + random.nextInt(20_000);
      for (int k = random.nextInt(5); k > 0; k--) {
        root.push(IOVA + random.nextInt(50_000), 1 + random.nextInt(9000), random.nextBoolean());
      }
      root.run();
      card.read(IOVA + at, to, 0, bytes, 1);
      root.run();
      assertRead(at, bytes);
    }
    assertThat(counter(EndpointCounter.PUSHED_READS)).isGreaterThan(300);
    assertThat(asked()).isGreaterThan(300);
  }

  @Test
  @Tag("PCIEOE-97")
  void aSecondReadLooksAtTheServer() {
    pushOne(true);
    assertThat(readInt(IOVA)).isEqualTo(1);
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-97")
  void theServerRevokes() {
    pushOne(true);
    root.revoke();
    root.run();
    assertThat(readInt(IOVA)).isEqualTo(2);
    assertThat(counter(EndpointCounter.PUSH_REVOKES)).isOne();
  }

  @Test
  @Tag("PCIEOE-97")
  void theCardsOwnWriteIsSeen() {
    pushOne(true);
    card.writeInt(IOVA + 2, 0);
    root.run();
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  void steadyBytesOutliveWhatTheCardSends() {
    root.enableMsix();
    pushOne(true);
    card.writeInt(IOVA + 4, 0);
    card.port.interrupts().signal(0);
    root.run();
    assertThat(readInt(IOVA)).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-97")
  void othersDoNotOutliveAWrite() {
    pushOne(false);
    card.writeInt(IOVA + 8000, 0);
    assertThat(readInt(IOVA)).isEqualTo(2);
    pushOne(false);
    assertThat(readInt(IOVA)).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-97")
  void othersDoNotOutliveAnInterrupt() {
    pushOne(false);
    card.port.interrupts().level(true);
    root.run();
    assertThat(root.interrupts().intxAsserted()).isTrue();
    assertThat(readInt(IOVA)).isEqualTo(2);
    root.enableMsix();
    pushOne(false);
    card.port.interrupts().signal(3);
    root.run();
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-97")
  void othersDoNotOutliveAnAnswer() {
    pushOne(false);
    root.read(0, 0, 4);
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-97")
  void othersDoNotOutliveAWriteThatHadToWait() {
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(IOVA + 8000, 0);
    pushOne(false);
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-97")
  void aPushThatIsTooOldVoidsWhatIsOlder() {
    pushOne(true);
    root.endpoint().onStalePush(IOVA + 2, 4);
    assertThat(readInt(IOVA)).isEqualTo(2);
    // The same when it is this end that knows: what it says waits for credits.
    pushOne(true);
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(IOVA + 0x8000, 9);
    assertThat(root.push(IOVA, 4, false)).isTrue();
    root.run();
    root.up().block(FlowClass.POSTED, false);
    assertThat(readInt(IOVA)).isEqualTo(2);
  }

  @Test
  @Tag("PCIEOE-97")
  void busMasteringOffVoidsAndIgnores() {
    pushOne(true);
    root.busMaster(false);
    root.push(IOVA, 4, true);
    root.run();
    card.read(IOVA, to, 0, 4, 1);
    root.run();
    assertThat(card.takeDone()).as("nothing is read, pushed or not").containsExactly("1:UR");
    root.busMaster(true);
    root.memory().putInt(IOVA, 5);
    assertThat(readInt(IOVA)).isEqualTo(5);
  }

  @Test
  @Tag("PCIEOE-97")
  void everyResetVoids() {
    List<Runnable> resets =
        List.of(
            root::flr,
            root::hotReset,
            () -> {
              root.surpriseRemove();
              root.connect();
            });
    for (Runnable reset : resets) {
      pushOne(true);
      card.read(IOVA, to, 0, 4, 7);
      pushOne(true);
      reset.run();
      assertThat(card.takeDone()).as("abandoned, or ended before the reset").isIn(ONE_OR_NONE);
      root.setUp();
      assertThat(readInt(IOVA)).isEqualTo(2);
    }
  }

  private static final List<List<String>> ONE_OR_NONE = List.of(List.of(), List.of("7:SC"));

  @Test
  void aReadThatHasEndedButIsNotReportedIsAbandonedByAReset() {
    pushOne(true);
    card.read(IOVA, to, 0, 4, 7);
    root.endpoint().onHotReset();
    root.run();
    assertThat(card.takeDone()).isEmpty();
  }

  @Test
  void pushedBytesNeedNoTag() {
    root.payload(128, 128);
    root.holdReads(true);
    card.read(IOVA + 8192, to, 0, BYTES - 8192, 2);
    pushOne(true);
    card.read(IOVA, to, 0, 4, 1);
    root.run();
    assertThat(root.heldReads()).isEqualTo(256);
    assertThat(card.takeDone()).containsExactly("1:SC");
    root.holdReads(false);
    root.releaseReads(true);
    assertThat(card.takeDone()).containsExactly("2:SC");
  }

  @Test
  void whatComesWhileAReadWaitsServesIt() {
    root.payload(128, 128);
    root.holdReads(true);
    int bytes = 256 * 128;
    card.read(IOVA, to, 0, bytes, 2);
    card.read(IOVA + bytes, to, bytes, 8192, 1);
    root.push(IOVA + bytes, 8192, true);
    root.run();
    long before = asked();
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(card.takeDone()).containsExactlyInAnyOrder("1:SC", "2:SC");
    assertThat(asked()).isEqualTo(before);
    assertThat(MemorySegment.mismatch(to, 0, bytes + 8192, memory, 0, bytes + 8192)).isEqualTo(-1);
  }

  @Test
  void aRefusedReadIsRefusedWhateverWasPushed() {
    long beyond = IOVA + BYTES;
    root.push(beyond - 4096, 4096, true);
    root.run();
    card.read(beyond - 4096, to, 0, 8192, 1);
    root.run();
    assertThat(card.takeDone()).containsExactly("1:UR");
  }

  @Test
  void aPushWithoutCreditsIsRefusedAndTheCardAsks() {
    root.down().limit(FlowClass.POSTED, 8, 100);
    assertThat(root.push(IOVA, 4096, true)).isFalse();
    card.read(IOVA, to, 0, 4096, 1);
    root.run();
    assertRead(0, 4096);
    assertThat(asked()).isOne();
  }

  @Test
  void moreThanThereIsRoomForIsAskedFor() {
    ProbeCard small = new ProbeCard();
    FakeRootComplex little =
        new FakeRootComplex(small, new EndpointOptions(1_000_000_000L, 256, 64 << 10, 8192), 1);
    little.enumerate();
    little.memory().map(IOVA, 4 * 4096);
    little.push(IOVA, 4 * 4096, true);
    little.run();
    small.read(IOVA, to, 0, 4 * 4096, 1);
    little.run();
    assertThat(small.takeDone()).containsExactly("1:SC");
    assertThat(little.endpoint().counters().get(EndpointCounter.PUSHES_WITHOUT_ROOM)).isEqualTo(2);
    assertThat(little.endpoint().counters().get(EndpointCounter.DMA_READS)).isEqualTo(2);
  }
}
