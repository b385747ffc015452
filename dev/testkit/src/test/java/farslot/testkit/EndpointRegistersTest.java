package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.ResetKind;
import farslot.function.endpoint.EndpointCounter;
import farslot.pcie.CompletionStatus;
import farslot.pcie.config.CapabilityId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory, I/O and configuration requests: what reaches the card, and what is answered. */
class EndpointRegistersTest {
  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);
  private long bar0;

  @BeforeEach
  void setUp() {
    root.enumerate();
    bar0 = root.found().bars().get(0).address();
    card.takeAccesses();
  }

  private long counter(EndpointCounter counter) {
    return root.endpoint().counters().get(counter);
  }

  @Test
  void accessesAreCutIntoAlignedPieces() {
    root.memoryWrite(bar0 + 1, new byte[] {1, 2, 3, 4, 5, 6, 7});
    assertThat(card.takeAccesses()).containsExactly("w0:1/1=1", "w0:2/2=302", "w0:4/4=7060504");
    root.memoryWrite(bar0 + 8, new byte[] {1, 0, 0, 0, 0, 0, 0, 2});
    assertThat(card.takeAccesses()).containsExactly("w0:8/8=200000000000001");
    root.memoryWrite(bar0 + 4, new byte[12]);
    assertThat(card.takeAccesses()).containsExactly("w0:4/4=0", "w0:8/8=0");
    assertThat(root.read(0, 3, 6)).isEqualTo(0x080706050403L);
    assertThat(card.takeAccesses()).containsExactly("r0:3/1", "r0:4/4", "r0:8/1");
  }

  @Test
  void bytesThatAreNotEnabledAreNotTouched() {
    // MWr, 2 DW, first 1010, last 0101, to 0x10 of BAR 0.
    root.send(Raw.tlp(0x40000002, 0x0000005A, (int) bar0 + 0x10, 0x11121314, 0x21222324));
    assertThat(card.takeAccesses())
        .containsExactly("w0:11/1=12", "w0:13/1=14", "w0:14/1=21", "w0:16/1=23");
    // MRd of the same, tag 0: Byte Count 6, Lower Address 11, four bytes of data between zeroes.
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    assertThatCode(() -> root.send(Raw.tlp(0x00000002, 0x0000005A, (int) bar0 + 0x10)));
    assertThat(card.takeAccesses()).containsExactly("r0:11/1", "r0:13/1", "r0:14/1", "r0:16/1");
    assertThat(answers.seen)
        .containsExactly("4a000002" + "01000006" + "00000011" + "0011001314001600");
  }

  /** A raw request has no owner in the fake root complex, which says so; that is not the point. */
  private static void assertThatCode(Runnable request) {
    try {
      request.run();
    } catch (AssertionError e) {
      assertThat(e).hasMessageContaining("nobody asked for");
    }
  }

  @Test
  void longReadsHonourPayloadAndBoundary() {
    root.payload(256, 512);
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    Answer answer = root.memoryRead(bar0 + 0x44, 1000);
    assertThat(answer.data()).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(answer.data()[i]).isEqualTo((byte) (0x44 + i));
    }
    assertThat(answers.seen).hasSize(5);
    assertThat(answers.seen.get(0)).startsWith("4a00002f" + "010003e8");
  }

  @Test
  void registersAreReachedThroughAVendorCapabilitysWindow() {
    int at = root.found().capability(CapabilityId.VENDOR_SPECIFIC);
    window(at, 0, 0x44, 2);
    assertThat(root.configRead(at + 16, 4)).isEqualTo(0x4544);
    root.configWrite(at + 16, 4, 0x1234_5678);
    assertThat(card.takeAccesses()).containsExactly("r0:44/2", "w0:44/2=5678");
    window(at, 0, 0x1000, 4); // the MSI-X table, which is not the card's
    root.configWrite(at + 16, 4, 0xFEE0_0000);
    assertThat((int) root.read(0, 0x1000, 4)).isEqualTo(0xFEE0_0000);
    assertThat(card.takeAccesses()).isEmpty();
  }

  @Test
  void aWindowOntoNothingReachesNothing() {
    int at = root.found().capability(CapabilityId.VENDOR_SPECIFIC);
    int[][] wrong = {{1, 0, 4}, {6, 0, 4}, {0, 8192, 4}, {0, -4, 4}, {0, 2, 4}, {0, 0, 8}};
    for (int[] fields : wrong) {
      window(at, fields[0], fields[1], fields[2]);
      root.configWrite(at + 16, 4, 7);
      assertThat(root.configRead(at + 16, 4)).isEqualTo(7);
    }
    assertThat(card.takeAccesses()).isEmpty();
  }

  private void window(int at, int bar, int offset, int bytes) {
    root.configWrite(at + 4, 1, bar);
    root.configWrite(at + 8, 4, offset);
    root.configWrite(at + 12, 4, bytes);
  }

  @Test
  void aZeroLengthReadIsAnsweredAndReadsNothing() {
    assertThat(root.memoryRead(bar0 + 0x20, 0).status()).isEqualTo(CompletionStatus.SC);
    assertThat(card.takeAccesses()).isEmpty();
  }

  @Test
  void missesAreUnsupported() {
    int before = (int) counter(EndpointCounter.UNSUPPORTED_REQUESTS);
    assertThat(root.memoryRead(bar0 - 8, 8).status()).isEqualTo(CompletionStatus.UR);
    assertThat(root.memoryRead(bar0 + 8192, 4).status()).isEqualTo(CompletionStatus.UR);
    root.memoryWrite(bar0 + 8192, new byte[4]);
    root.configWrite(4, 2, 4);
    assertThat(root.memoryRead(bar0, 4).status()).isEqualTo(CompletionStatus.UR);
    root.read(4, 0, 4);
    assertThat(root.lastStatus()).isEqualTo(CompletionStatus.UR);
    assertThat(card.takeAccesses()).isEmpty();
    assertThat(counter(EndpointCounter.UNSUPPORTED_REQUESTS) - before).isEqualTo(5);
  }

  @Test
  void memoryAndIoSpaceAreApart() {
    long io = root.found().bars().get(4).address();
    assertThat(root.memoryRead(io, 4).status()).isEqualTo(CompletionStatus.UR);
    assertThat(root.read(4, 0x11, 2)).isEqualTo(0x1211);
    root.write(4, 0x1E, 2, 0xBEEF);
    assertThat(card.takeAccesses()).containsExactly("r4:11/1", "r4:12/1", "w4:1e/2=beef");
  }

  @Test
  void sixtyFourBitBarsAreReachedAboveFourGigabytes() {
    assertThat(root.found().bars().get(2).address()).isGreaterThan(1L << 32);
    assertThat(root.read(2, (1 << 30) - 8, 8)).isEqualTo(0xFFFEFDFCFBFAF9F8L);
    assertThat(card.takeAccesses()).containsExactly("r2:3ffffff8/8");
  }

  @Test
  void lockedReadsAtomicsAndType1AreUnsupported() {
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    assertThatCode(() -> root.send(Raw.tlp(0x01000001, 0x0000010F, (int) bar0)));
    assertThat(answers.seen.removeFirst()).isEqualTo("0b000000" + "01002004" + "00000100");
    assertThatCode(() -> root.send(Raw.tlp(0x4C000001, 0x000002FF, (int) bar0, 1)));
    assertThat(answers.seen.removeFirst()).startsWith("0a000000" + "01002004" + "00000200");
    assertThatCode(() -> root.send(Raw.tlp(0x05000001, 0x0000030F, 0x02000000)));
    assertThat(answers.seen.removeFirst()).startsWith("0a000000" + "01002004" + "00000300");
    assertThat(card.takeAccesses()).isEmpty();
  }

  @Test
  void otherFunctionsOfTheDeviceAreNotThere() {
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    assertThatCode(() -> root.send(Raw.tlp(0x04000001, 0x0000010F, 0x01010000)));
    assertThat(answers.seen).containsExactly("0a000000" + "01002004" + "00000100");
  }

  @Test
  void trafficClassAndAttributesComeBack() {
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    // TC 5, IDO, RO and NS on a MRd of one DW.
    assertThatCode(() -> root.send(Raw.tlp(0x00543001, 0x0000090F, (int) bar0)));
    assertThat(answers.seen.getFirst()).startsWith("4a543001" + "01000004" + "00000900");
  }

  @Test
  void poisonedWritesChangeNothing() {
    root.send(Raw.tlp(0x40004001, 0x0000000F, (int) bar0, -1));
    assertThat(card.takeAccesses()).isEmpty();
    assertThat(root.configRead(6, 2) & 0x8000).as("Detected Parity Error").isNotZero();
    int line = root.configRead(0x3C, 1);
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    assertThatCode(() -> root.send(Raw.tlp(0x44004001, 0x00000101, 0x0100003C, 0x55000000)));
    assertThat(answers.seen.getLast()).isEqualTo("0a000000" + "01002004" + "00000100");
    root.up().tap(null);
    assertThat(root.configRead(0x3C, 1)).isEqualTo(line);
    assertThat(counter(EndpointCounter.POISONED_TLPS)).isEqualTo(2);
  }

  @Test
  void configurationWritesHonourByteEnablesAndCaptureTheId() {
    root.configWrite(0x0C, 1, 0x10);
    root.configWrite(0x3C, 4, -1);
    assertThat(root.configRead(0x0C, 4)).isEqualTo(0x10);
    assertThat(root.configRead(0x3C, 4)).isEqualTo(0x02FF);
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    // CfgWr0 of nothing to 42:07.0: from now on that is the completer's ID.
    assertThatCode(() -> root.send(Raw.tlp(0x44000001, 0x00000400, 0x4238003C, 0)));
    assertThat(answers.seen.getFirst()).startsWith("0a000000" + "42380004");
  }

  @Test
  @Tag("PCIEOE-68")
  void otherFunctionNumbersAndType1AreUnsupported() {
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    // CfgRd0 of 01:00.1, CfgWr0 of 01:00.7, CfgRd1 of 01:00.0: Completion Status 001b, UR.
    assertThatCode(() -> root.send(Raw.tlp(0x04000001, 0x0000000F, 0x01010000)));
    assertThatCode(() -> root.send(Raw.tlp(0x44000001, 0x0000000F, 0x0107003C, 0)));
    assertThatCode(() -> root.send(Raw.tlp(0x05000001, 0x0000000F, 0x01000000)));
    assertThat(answers.seen).hasSize(3).allMatch(each -> each.startsWith("0a000000" + "01002004"));
  }

  @Test
  @Tag("PCIEOE-68")
  void whoIsAttachedFindsTheFunctionReset() {
    root.busMaster(true);
    card.resets.clear();
    root.surpriseRemove();
    root.connect();
    assertThat(card.resets).contains(ResetKind.HOT);
    assertThat(root.configRead(4, 2)).isZero();
    assertThat(root.configRead(0x10, 4)).isZero();
  }

  @Test
  void resetsReachTheCardWithTheirKind() {
    card.resets.clear();
    root.flr();
    root.hotReset();
    root.surpriseRemove();
    assertThat(card.resets).containsExactly(ResetKind.FLR, ResetKind.HOT, ResetKind.HOT);
    assertThat(root.configRead(0, 4)).as("nobody there").isEqualTo(-1);
    root.connect();
    assertThat(root.configRead(0, 4)).isEqualTo(0x1234ABCD);
  }

  @Test
  void flrKeepsPayloadSizeButForgetsAddresses() {
    int control = root.found().capability(0x10) + 8;
    root.payload(512, 512);
    root.flr();
    assertThat(root.configRead(control, 2)).isEqualTo(0x2950);
    assertThat(root.configRead(0x10, 4)).isZero();
    assertThat(root.configRead(4, 2)).isZero();
    root.hotReset();
    assertThat(root.configRead(control, 2)).isEqualTo(0x2910);
  }

  @Test
  void messagesThatMeanNothingAreAccepted() {
    long before = counter(EndpointCounter.UNSUPPORTED_REQUESTS);
    // Unlock, Set_Slot_Power_Limit, an ignored one, vendor-defined type 1.
    root.send(Raw.tlp(0x33000000, 0x00000000, 0, 0));
    root.send(Raw.tlp(0x74000001, 0x00000050, 0, 0, 0x19000000));
    root.send(Raw.tlp(0x34000000, 0x00000041, 0, 0));
    root.send(Raw.tlp(0x33000000, 0x0000007F, 0, 0));
    assertThat(counter(EndpointCounter.UNSUPPORTED_REQUESTS)).isEqualTo(before);
    root.send(Raw.tlp(0x33000000, 0x0000007E, 0, 0));
    assertThat(counter(EndpointCounter.UNSUPPORTED_REQUESTS)).isEqualTo(before + 1);
    Raw.Catch answers = new Raw.Catch();
    root.up().tap(answers);
    root.send(Raw.tlp(0x33000000, 0x00000019, 0, 0));
    assertThat(answers.seen)
        .as("PME_TO_Ack")
        .containsExactly("35000000" + "0100001b" + "0".repeat(16));
  }
}
