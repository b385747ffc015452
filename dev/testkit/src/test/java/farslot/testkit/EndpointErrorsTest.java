package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors: Device Status, AER, the Header Log, and the messages upstream. */
class EndpointErrorsTest {
  private static final int ERR_COR = 0x30;
  private static final int ERR_NONFATAL = 0x31;
  private static final int ERR_FATAL = 0x33;
  private static final int UNSUPPORTED = 1 << 20;
  private static final int NOWHERE = 0x7000_0000;

  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);
  private int aer;
  private int pcie;

  @BeforeEach
  void setUp() {
    root.enumerate();
    aer = root.found().extendedCapability(1);
    pcie = root.found().capability(0x10);
    root.configWrite(4, 2, 7);
  }

  private int deviceStatus() {
    return root.configRead(pcie + 0xA, 2) & 0xF;
  }

  private void clear() {
    root.configWrite(pcie + 0xA, 2, 0xF);
    root.configWrite(aer + 4, 4, -1);
    root.configWrite(aer + 0x10, 4, -1);
    root.configWrite(6, 2, 0xFFFF);
    root.interrupts().clear();
  }

  @Test
  void aPostedWriteToNowhereIsNonFatalAndItsHeaderIsKept() {
    root.memoryWrite(NOWHERE, new byte[] {1, 2, 3, 4});
    assertThat(deviceStatus()).as("non-fatal, unsupported").isEqualTo(0b1010);
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(UNSUPPORTED);
    assertThat(root.configRead(aer + 0x18, 4) & 0x1F).isEqualTo(20);
    assertThat(root.configRead(aer + 0x1C, 4)).isEqualTo(0x40000001);
    assertThat(root.configRead(aer + 0x20, 4)).isEqualTo(0x0000000F);
    assertThat(root.configRead(aer + 0x24, 4)).isEqualTo(NOWHERE);
    assertThat(root.configRead(aer + 0x28, 4)).isZero();
    assertThat(root.interrupts().errors()).containsExactly(ERR_NONFATAL);
  }

  @Test
  void theHeaderLogBelongsToTheFirstErrorUntilItIsCleared() {
    root.memoryWrite(NOWHERE, new byte[4]);
    root.memoryWrite(NOWHERE + 0x100, new byte[4]);
    assertThat(root.configRead(aer + 0x24, 4)).isEqualTo(NOWHERE);
    clear();
    assertThat(root.configRead(aer + 4, 4)).isZero();
    root.memoryWrite(NOWHERE + 0x200, new byte[4]);
    assertThat(root.configRead(aer + 0x24, 4)).isEqualTo(NOWHERE + 0x200);
  }

  @Test
  void aReadOfNowhereIsAdvisoryBecauseTheRequesterIsTold() {
    root.memoryRead(NOWHERE, 4);
    assertThat(deviceStatus()).as("correctable, unsupported").isEqualTo(0b1001);
    assertThat(root.configRead(aer + 4, 4)).isZero();
    assertThat(root.configRead(aer + 0x10, 4)).as("Advisory Non-Fatal").isEqualTo(1 << 13);
    assertThat(root.interrupts().errors()).as("masked by default").isEmpty();
    clear();
    root.configWrite(aer + 0x14, 4, 0);
    root.memoryRead(NOWHERE, 4);
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(UNSUPPORTED);
    assertThat(root.configRead(aer + 0x24, 4)).isEqualTo(NOWHERE);
    assertThat(root.interrupts().errors()).containsExactly(ERR_COR);
  }

  @Test
  void severityIsWhatSoftwareSays() {
    root.configWrite(aer + 0xC, 4, UNSUPPORTED);
    root.memoryRead(NOWHERE, 4);
    assertThat(deviceStatus()).as("fatal, unsupported").isEqualTo(0b1100);
    assertThat(root.interrupts().errors()).containsExactly(ERR_FATAL);
  }

  @Test
  void masksKeepStatusButNotLogNorMessage() {
    root.configWrite(aer + 8, 4, UNSUPPORTED);
    root.memoryWrite(NOWHERE, new byte[4]);
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(UNSUPPORTED);
    assertThat(root.configRead(aer + 0x24, 4)).isZero();
    assertThat(root.interrupts().errors()).isEmpty();
  }

  @Test
  void withoutReportingNothingIsSentButSerrOverrides() {
    root.configWrite(pcie + 8, 2, 0);
    root.memoryWrite(NOWHERE, new byte[4]);
    assertThat(root.interrupts().errors()).isEmpty();
    clear();
    root.configWrite(4, 2, 0x107);
    root.memoryWrite(NOWHERE, new byte[4]);
    assertThat(root.interrupts().errors()).containsExactly(ERR_NONFATAL);
    assertThat(root.configRead(6, 2) & 0x4000).as("Signaled System Error").isNotZero();
  }

  @Test
  void completionsThatNobodyAskedForAreCountedAndReported() {
    root.configWrite(aer + 0x14, 4, 0);
    // CplD, SC, one DW, tag 7.
    root.send(Raw.tlp(0x4A000001, 0x00000004, 0x01000700, 0));
    assertThat(root.endpoint().counters().get(EndpointCounter.UNEXPECTED_COMPLETIONS)).isOne();
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(1 << 16);
    assertThat(root.interrupts().errors()).containsExactly(ERR_COR);
  }

  @Test
  void completionsThatDoNotFitAreNotTaken() {
    root.memory().map(0x10000, 4096);
    root.holdReads(true);
    MemorySegment to = MemorySegment.ofArray(new byte[64]);
    card.read(0x10000, to, 0, 64, 1);
    root.run();
    Raw.Catch sent = new Raw.Catch();
    root.up().tap(sent);
    card.read(0x10000, to, 0, 64, 2);
    root.run();
    String tag = sent.seen.getFirst().substring(12, 14);
    int id = 0x01000000 | Integer.parseInt(tag, 16) << 8;
    // Byte Count 60 of 64; Lower Address 4; another requester; SC without data.
    root.send(Raw.tlp(0x4A000001, 60, id, -1));
    root.send(Raw.tlp(0x4A000001, 64, id | 4, -1));
    root.send(Raw.tlp(0x4A000001, 64, id ^ 0x08000000, -1));
    root.send(Raw.tlp(0x0A000000, 64, id));
    assertThat(root.endpoint().counters().get(EndpointCounter.UNEXPECTED_COMPLETIONS)).isEqualTo(4);
    assertThat(card.takeDone()).isEmpty();
    assertThat(to.mismatch(MemorySegment.ofArray(new byte[64]))).isEqualTo(-1);
    root.releaseReads(false);
    assertThat(card.takeDone()).containsExactly("1:SC", "2:SC");
  }

  @Test
  void aPoisonedCompletionFailsTheTransfer() {
    Raw.Catch sent = new Raw.Catch();
    root.up().tap(sent);
    root.holdReads(true);
    card.read(0x10000, MemorySegment.ofArray(new byte[4]), 0, 4, 1);
    root.run();
    root.loseReads();
    int id = 0x01000000 | Integer.parseInt(sent.seen.getFirst().substring(12, 14), 16) << 8;
    root.configChange(4, 2, 0, 0x40);
    root.send(Raw.tlp(0x4A004001, 4, id, -1));
    assertThat(card.takeDone()).containsExactly("1:CA");
    assertThat(root.configRead(6, 2) & 0x8100).as("parity errors").isEqualTo(0x8100);
  }

  @Test
  void malformedTlpsThatTheLinkDropsAreFatal() {
    root.endpoint().onMalformed();
    root.run();
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(1 << 18);
    assertThat(root.interrupts().errors()).containsExactly(ERR_FATAL);
  }

  @Test
  void logsSurviveResetsButNotAnotherServer() {
    root.memoryWrite(NOWHERE, new byte[4]);
    root.flr();
    root.hotReset();
    assertThat(root.configRead(aer + 4, 4)).isEqualTo(UNSUPPORTED);
    assertThat(root.configRead(aer + 0x24, 4)).isEqualTo(NOWHERE);
    root.surpriseRemove();
    root.connect();
    assertThat(root.configRead(aer + 4, 4)).isZero();
    assertThat(root.configRead(aer + 0x24, 4)).isZero();
  }
}
