package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import farslot.chance.Fuzz;
import farslot.function.Card;
import farslot.function.FunctionSpec;
import farslot.pcie.FlowClass;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ExtendedCapabilityId;
import farslot.testkit.FoundFunction.FoundBar;
import org.junit.jupiter.api.Test;

/**
 * What every card must withstand, and still work afterwards. A card's tests extend this class and
 * say how to make one, how to keep it busy, and how to see that it is well. The root complex fails
 * a test by itself when a card sends what it must not.
 */
public abstract class CardConformance {
  /** Server memory that is mapped for the card's I/O when {@link #startIo} is called. */
  protected static final long IO_MEMORY = 0x1_2345_0000L;

  protected static final int IO_BYTES = 4 << 20;

  private static final int FUZZ_STEPS = 3000;

  // What a card says about itself

  /** A fresh card, in no slot yet. */
  protected abstract Card card();

  /**
   * A fresh card of the same configuration as one that {@link #card} has made, with the same behind
   * it (a disk's content): where a saved state can go on.
   */
  protected Card sibling(Card card) {
    return card();
  }

  /** Which function the battery works with, of a card that has several: any two behave the same. */
  protected String function(Card card) {
    return card.functions().getFirst();
  }

  /**
   * Sets the card up, from any state that a reset leaves, and gives it work which reads and writes
   * {@link #IO_MEMORY}; does not wait for its end. {@code setUp} has been done on the root complex.
   */
  protected abstract void startIo(FakeRootComplex root);

  /**
   * Asserts that all work of the last {@link #startIo} has been done, each piece of it once. Called
   * when nothing has come in between but time, or the card's move to another slot.
   */
  protected void checkStarted(FakeRootComplex root) {}

  /** Sets the card up likewise, does some I/O and asserts that it went well. */
  protected abstract void checkIo(FakeRootComplex root);

  /**
   * Makes the card signal an interrupt once, by whatever kind is enabled.
   *
   * @return false when this card cannot signal this vector at will
   */
  protected boolean interrupt(FakeRootComplex root, int vector) {
    return false;
  }

  /** Makes the card stop asserting INTx after {@link #interrupt}. */
  protected void acknowledge(FakeRootComplex root) {}

  // What the checks need of it

  FakeRootComplex rootOf(Card card) {
    return new TestSlot(card).root(function(card));
  }

  FakeRootComplex enumerated() {
    return enumerated(card());
  }

  FakeRootComplex enumerated(Card card) {
    return enumerated(rootOf(card));
  }

  static FakeRootComplex enumerated(FakeRootComplex root) {
    root.enumerate();
    root.memory().map(IO_MEMORY, IO_BYTES);
    return root;
  }

  /** A working root complex around a card that has been through something. */
  void checkStillWell(FakeRootComplex root) {
    for (FlowClass flow : FlowClass.values()) {
      root.up().block(flow, false);
    }
    root.holdReads(false);
    root.releaseReads(false);
    root.hotReset();
    root.memory().unmapAll();
    root.memory().map(IO_MEMORY, IO_BYTES);
    root.enumerate();
    root.interrupts().clear();
    checkIo(root);
  }

  // The battery

  @Test
  void worksAtAll() {
    checkIo(enumerated());
  }

  @Test
  void doesAllWorkThatIsBegun() {
    FakeRootComplex root = enumerated();
    startIo(root);
    root.run();
    checkStarted(root);
  }

  @Test
  void enumeratesAsItsSpecSays() {
    Card card = card();
    TestSlot slot = new TestSlot(card);
    FoundFunction found = slot.root(function(card)).enumerate();
    FunctionSpec spec = slot.function(function(card)).spec();
    assertEquals(spec.vendorId(), found.vendorId());
    assertEquals(spec.deviceId(), found.deviceId());
    assertEquals(spec.classCode(), found.classCode());
    assertEquals(spec.bars().size(), found.bars().size());
    for (FunctionSpec.Bar bar : spec.bars()) {
      FoundBar seen = found.bars().get(bar.index());
      assertEquals(bar.kind(), seen.kind());
      assertEquals(bar.sizeBytes(), seen.sizeBytes());
    }
    assertTrue(found.capabilities().containsKey(CapabilityId.PCI_EXPRESS));
    assertTrue(found.capabilities().containsKey(CapabilityId.POWER_MANAGEMENT));
    assertEquals(spec.msiVectors() > 0, found.capabilities().containsKey(CapabilityId.MSI));
    assertEquals(spec.msixVectors() > 0, found.capabilities().containsKey(CapabilityId.MSIX));
    assertTrue(found.extendedCapabilities().containsKey(ExtendedCapabilityId.AER));
    assertEquals(
        spec.serialNumber() != 0,
        found.extendedCapabilities().containsKey(ExtendedCapabilityId.DEVICE_SERIAL_NUMBER));
  }

  @Test
  void capabilitiesAreWellFormed() {
    new CapabilityWalk(enumerated()).check();
  }

  @Test
  void capabilitiesStayWhatTheyAreWhateverIsWritten() {
    FakeRootComplex root = enumerated();
    new CapabilityWalk(root).checkReadOnly();
    checkStillWell(root);
  }

  @Test
  void configurationSpaceWithstandsOnesAndNoise() {
    FakeRootComplex root = enumerated();
    Noise.onesAndNoise(root, FUZZ_STEPS);
    checkStillWell(root);
  }

  @Test
  void everyRegisterAnswersReadsOfEveryWidthAndAlignment() {
    FakeRootComplex root = enumerated();
    Noise.readEveryRegister(root);
    checkStillWell(root);
  }

  @Test
  void everyRegisterWithstandsWritesOfEveryWidthAndAlignment() {
    FakeRootComplex root = enumerated();
    Noise.writeEveryRegister(root);
    checkStillWell(root);
    Fuzz.run(2 * FUZZ_STEPS, (random, steps) -> Noise.registers(root, random, steps));
    checkStillWell(root);
  }

  @Test
  void flrInTheMiddleOfWork() {
    new WorkChecks(this).flr();
  }

  @Test
  void hotResetInTheMiddleOfWork() {
    new WorkChecks(this).hotReset();
  }

  @Test
  void surpriseRemovalInTheMiddleOfWork() {
    new WorkChecks(this).surpriseRemoval();
  }

  @Test
  void memoryUnmappedInTheMiddleOfWork() {
    new WorkChecks(this).unmap();
  }

  @Test
  void busMasteringOffInTheMiddleOfWork() {
    new WorkChecks(this).busMasteringOff();
  }

  @Test
  void busMasteringOffAtEveryTurn() {
    new WorkChecks(this).atEveryTurn(root -> root.busMaster(false));
  }

  @Test
  void flrAtEveryTurn() {
    new WorkChecks(this).atEveryTurn(FakeRootComplex::flr);
  }

  @Test
  void removalAtEveryTurn() {
    new WorkChecks(this)
        .atEveryTurn(
            root -> {
              root.surpriseRemove();
              root.connect();
            });
  }

  @Test
  void noCreditsInTheMiddleOfWork() {
    new WorkChecks(this).noCredits();
  }

  @Test
  void completionsThatNeverCome() {
    new WorkChecks(this).lostReads();
  }

  @Test
  void sleepsInD3HotAndWakes() {
    new WorkChecks(this).sleep();
  }

  @Test
  void flrOfOneFunctionLeavesTheOthersAlone() {
    new WorkChecks(this).flrOfOne();
  }

  @Test
  void msixVectorsAreHeldBackByMasks() {
    new InterruptChecks(this).msixMasks();
  }

  @Test
  void msixVectorsAreHeldBackByTheFunctionMask() {
    new InterruptChecks(this).functionMask();
  }

  @Test
  void msiVectorsAreHeldBackByMasks() {
    new InterruptChecks(this).msiMasks();
  }

  @Test
  void oneMsiVectorServesAll() {
    new InterruptChecks(this).oneMsi();
  }

  @Test
  void vectorsThatDoNotExistAreSilent() {
    new InterruptChecks(this).strangers();
  }

  @Test
  void intxIsALevelAndRespectsInterruptDisable() {
    new InterruptChecks(this).intx();
  }

  @Test
  void goesOnInAnotherSlotAtEveryTurn() {
    new StateChecks(this).atEveryTurn();
  }

  @Test
  void restoredFunctionBehavesTheSame() {
    new StateChecks(this).same(FUZZ_STEPS);
  }

  @Test
  void heldBackInterruptsMoveToAnotherSlot() {
    new StateChecks(this).interrupts();
  }

  @Test
  void saysWhyAStateCannotBeRestored() {
    new StateChecks(this).refused();
  }

  @Test
  void withstandsAnyState() {
    new StateChecks(this).damaged(FUZZ_STEPS / 10);
  }

  @Test
  void withstandsEverythingAtOnce() {
    FakeRootComplex root = enumerated();
    Fuzz.run(FUZZ_STEPS, (random, steps) -> new Rudeness(this, root, random).run(steps));
    checkStillWell(root);
  }
}
