package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MSI-X, MSI and INTx as the endpoint keeps them. */
class EndpointInterruptsTest {
  private final ProbeCard card = new ProbeCard();
  private final FakeRootComplex root = new FakeRootComplex(card);

  @BeforeEach
  void setUp() {
    root.enumerate();
  }

  private void signal(int vector) {
    card.port.interrupts().signal(vector);
    root.run();
  }

  @Test
  void nothingIsSignalledUntilSomethingIsEnabled() {
    signal(0);
    assertThat(root.interrupts().vectors()).isEmpty();
    assertThat(card.port.interrupts().messageSignalled()).isFalse();
    assertThat(card.port.interrupts().vectors()).isEqualTo(1);
  }

  @Test
  void msixVectorsGoWhereTheTableSays() {
    assertThat(root.enableMsix()).isEqualTo(40);
    assertThat(card.port.interrupts().vectors()).isEqualTo(40);
    signal(39);
    signal(40);
    signal(-1);
    assertThat(root.interrupts().vectors()).containsExactly(39);
    assertThat(card.takeAccesses()).as("the card never sees its table").isEmpty();
  }

  @Test
  void theTableIsMemoryOfAnyWidth() {
    root.write(0, 4096 + 16, 8, 0x1111_2222_3333_4447L);
    root.write(0, 4096 + 24, 8, 0xFFFF_FFFF_5555_6666L);
    root.write(0, 4096 + 25, 1, 0xAA);
    assertThat(root.read(0, 4096 + 16, 8)).as("bits 1:0").isEqualTo(0x1111_2222_3333_4444L);
    assertThat(root.read(0, 4096 + 24, 8)).as("reserved bits").isEqualTo(0x1_5555_AA66L);
    root.write(0, 6144, 8, -1);
    assertThat(root.read(0, 6144, 8)).as("the PBA is read-only").isZero();
  }

  @Test
  void functionMaskHoldsEverythingBackAndMergesRepeats() {
    root.enableMsix();
    int control = root.found().capability(0x11) + 2;
    root.configChange(control, 2, 0, 0x4000);
    signal(3);
    signal(3);
    signal(35);
    assertThat(root.interrupts().vectors()).isEmpty();
    assertThat(root.msixPending(3) && root.msixPending(35)).isTrue();
    assertThat(root.read(0, 6144, 8)).isEqualTo(1L << 3 | 1L << 35);
    root.configChange(control, 2, 0x4000, 0);
    assertThat(root.interrupts().vectors()).containsExactly(3, 35);
    assertThat(root.read(0, 6144, 8)).isZero();
  }

  @Test
  void resetsMaskEveryVector() {
    root.enableMsix();
    root.flr();
    root.setUp();
    assertThat(root.read(0, 4096 + 12, 4)).isEqualTo(1);
    assertThat(root.read(0, 4096, 8)).isZero();
  }

  @Test
  void msiPutsTheVectorIntoTheData() {
    assertThat(root.enableMsi()).isEqualTo(8);
    for (int vector = 0; vector < 9; vector++) {
      signal(vector);
    }
    assertThat(root.interrupts().vectors()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(card.port.interrupts().vectors()).isEqualTo(8);
  }

  @Test
  void withFewerMsiVectorsTheyAreShared() {
    root.enableMsi(2);
    signal(5);
    signal(6);
    assertThat(root.interrupts().vectors()).containsExactly(1, 0);
  }

  @Test
  void interruptsWaitBehindWritesWithoutCredits() {
    root.enableMsix();
    root.memory().map(0x10000, 4096);
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(0x10000, 42);
    card.port.interrupts().signal(1);
    root.run();
    assertThat(root.interrupts().vectors()).isEmpty();
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(root.interrupts().vectors()).containsExactly(1);
    assertThat(root.memory().getInt(0x10000)).isEqualTo(42);
  }

  @Test
  void withoutBusMasteringMessagesAreNotSent() {
    root.enableMsix();
    root.busMaster(false);
    signal(0);
    root.busMaster(true);
    assertThat(root.interrupts().vectors()).isEmpty();
  }

  @Test
  void aVectorMaskedAndPendingWaitsForBusMastering() {
    root.enableMsix();
    root.maskMsix(2, true);
    signal(2);
    root.busMaster(false);
    root.maskMsix(2, false);
    assertThat(root.interrupts().vectors()).isEmpty();
    root.busMaster(true);
    assertThat(root.interrupts().vectors()).containsExactly(2);
  }

  @Test
  void intxIsOneMessageForEachChange() {
    card.port.interrupts().level(true);
    card.port.interrupts().level(true);
    root.run();
    assertThat(root.interrupts().intxAsserts()).isEqualTo(1);
    assertThat(root.interrupts().intxAsserted()).isTrue();
    card.port.interrupts().level(false);
    root.run();
    assertThat(root.interrupts().intxAsserted()).isFalse();
  }

  @Test
  void enablingMessagesReleasesTheWire() {
    card.port.interrupts().level(true);
    root.run();
    root.enableMsix();
    assertThat(root.interrupts().intxAsserted()).isFalse();
    root.configChange(root.found().capability(0x11) + 2, 2, 0x8000, 0);
    assertThat(root.interrupts().intxAsserted()).isTrue();
  }

  @Test
  void flrDeassertsEvenWithoutCredits() {
    card.port.interrupts().level(true);
    root.run();
    root.memory().map(0x10000, 4096);
    root.up().block(FlowClass.POSTED, true);
    card.writeInt(0x10000, 42);
    root.agent().execute(() -> root.up().block(FlowClass.POSTED, false));
    root.flr();
    root.run();
    assertThat(root.interrupts().intxAsserted()).isFalse();
  }

  @Test
  void theWireIsSilentInD3Hot() {
    card.port.interrupts().level(true);
    root.run();
    int control = root.found().capability(1) + 4;
    root.configWrite(control, 2, 3);
    assertThat(root.interrupts().intxAsserted()).isFalse();
    root.configWrite(control, 2, 0);
    assertThat(root.interrupts().intxAsserted()).isTrue();
  }
}
