package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.FunctionSpec;
import farslot.function.PciFunction;
import farslot.pcie.FlowClass;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.ExtendedCapabilityId;
import farslot.pcie.config.PowerManagement;
import farslot.testkit.FoundFunction.FoundBar;
import java.util.SplittableRandom;
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
  private static final int SWEPT_BYTES_MAX = 16 << 10;
  private static final long SECOND_NS = 1_000_000_000L;

  /** A fresh card. */
  protected abstract PciFunction card();

  /**
   * Sets the card up, from any state that a reset leaves, and gives it work which reads and writes
   * {@link #IO_MEMORY}; does not wait for its end. {@code setUp} has been done on the root complex.
   */
  protected abstract void startIo(FakeRootComplex root);

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

  private FakeRootComplex enumerated() {
    FakeRootComplex root = new FakeRootComplex(card());
    root.enumerate();
    root.memory().map(IO_MEMORY, IO_BYTES);
    return root;
  }

  /** A working root complex around a card that has been through something. */
  private void checkStillWell(FakeRootComplex root) {
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

  @Test
  void worksAtAll() {
    checkIo(enumerated());
  }

  @Test
  void enumeratesAsItsSpecSays() {
    PciFunction card = card();
    FakeRootComplex root = new FakeRootComplex(card);
    FoundFunction found = root.enumerate();
    FunctionSpec spec = card.spec();
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
  void configurationSpaceWithstandsOnesAndNoise() {
    FakeRootComplex root = enumerated();
    int identity = root.configRead(ConfigHeader.VENDOR_ID, 4);
    for (int offset = 0; offset < ConfigHeader.CONFIG_SPACE_BYTES; offset += 4) {
      root.configRead(offset, 4);
      root.configWrite(offset, 4, -1);
    }
    assertEquals(identity, root.configRead(ConfigHeader.VENDOR_ID, 4));
    Fuzz.run(FUZZ_STEPS, (random, steps) -> configNoise(root, random, steps));
    assertEquals(identity, root.configRead(ConfigHeader.VENDOR_ID, 4));
    checkStillWell(root);
  }

  private static void configNoise(FakeRootComplex root, SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      int bytes = 1 << random.nextInt(3);
      int offset = random.nextInt(random.nextBoolean() ? 0x180 : 4096) & -bytes;
      root.configWrite(offset, bytes, (int) Fuzz.edgy(random));
      root.configRead(offset, bytes);
    }
  }

  @Test
  void everyRegisterAnswersReadsOfEveryWidthAndAlignment() {
    FakeRootComplex root = enumerated();
    for (FoundBar bar : root.found().bars().values()) {
      boolean io = bar.kind() == FunctionSpec.BarKind.IO;
      long end = Math.min(bar.sizeBytes(), SWEPT_BYTES_MAX);
      for (long offset = 0; offset < end; offset++) {
        int room = (int) Math.min(io ? 4 - (offset & 3) : 8, pageRoom(bar, offset));
        root.read(bar.index(), offset, room);
        root.read(bar.index(), offset, 1 + (int) (offset % room));
      }
      if (!io && bar.sizeBytes() >= 4096) {
        root.memoryRead(bar.address(), 4096);
        root.memoryRead(bar.address() + bar.sizeBytes() - 4096, 4096);
      }
    }
    checkStillWell(root);
  }

  @Test
  void everyRegisterWithstandsWritesOfEveryWidthAndAlignment() {
    FakeRootComplex root = enumerated();
    Fuzz.run(2 * FUZZ_STEPS, (random, steps) -> registerNoise(root, random, steps));
    checkStillWell(root);
  }

  private static void registerNoise(FakeRootComplex root, SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      registerWrite(root, random);
    }
  }

  private static void registerWrite(FakeRootComplex root, SplittableRandom random) {
    FoundBar bar = anyBar(root, random);
    long span = random.nextBoolean() ? Math.min(bar.sizeBytes(), 256) : bar.sizeBytes();
    long offset = random.nextLong(span) & (random.nextBoolean() ? -4 : -1);
    if (bar.kind() == FunctionSpec.BarKind.IO) {
      int room = 4 - (int) (offset & 3);
      root.write(bar.index(), offset, 1 + random.nextInt(room), Fuzz.edgy(random));
    } else {
      int most = (int) Math.min(pageRoom(bar, offset), random.nextInt(8) == 0 ? 256 : 8);
      byte[] bytes = Fuzz.bytes(random, 1 + random.nextInt(most));
      root.memoryWrite(bar.address() + offset, bytes);
    }
  }

  /** Bytes up to the end of the BAR or of the page, which no request crosses. */
  private static long pageRoom(FoundBar bar, long offset) {
    return Math.min(bar.sizeBytes() - offset, 4096 - (offset & 4095));
  }

  private static FoundBar anyBar(FakeRootComplex root, SplittableRandom random) {
    Object[] bars = root.found().bars().values().toArray();
    return (FoundBar) bars[random.nextInt(bars.length)];
  }

  @Test
  void flrInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    root.holdReads(true);
    startIo(root);
    root.run();
    root.flr();
    root.interrupts().clear();
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    assertEquals(0, root.interrupts().vectors().size(), "interrupts after FLR");
    assertFalse(root.interrupts().intxAsserted(), "INTx after FLR");
    root.setUp();
    checkIo(root);
    checkStillWell(root);
  }

  @Test
  void hotResetInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    startIo(root);
    root.hotReset();
    root.setUp();
    checkIo(root);
  }

  @Test
  void surpriseRemovalInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    root.holdReads(true);
    startIo(root);
    root.run();
    root.surpriseRemove();
    root.advance(SECOND_NS);
    root.holdReads(false);
    root.connect();
    root.setUp();
    checkIo(root);
    checkStillWell(root);
  }

  @Test
  void memoryUnmappedInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    root.holdReads(true);
    startIo(root);
    root.run();
    root.memory().unmapAll();
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    checkStillWell(root);
  }

  @Test
  void busMasteringOffInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    root.holdReads(true);
    startIo(root);
    root.run();
    root.busMaster(false);
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    checkStillWell(root);
  }

  @Test
  void noCreditsInTheMiddleOfWork() {
    FakeRootComplex root = enumerated();
    startIo(root);
    for (int i = 0; i < 20; i++) {
      for (FlowClass flow : FlowClass.values()) {
        root.up().block(flow, true);
      }
      root.agent().runTasks();
      for (FlowClass flow : FlowClass.values()) {
        root.up().block(flow, false);
      }
      root.run();
    }
    checkStillWell(root);
  }

  @Test
  void completionsThatNeverCome() {
    FakeRootComplex root = enumerated();
    root.holdReads(true);
    startIo(root);
    root.run();
    root.loseReads();
    root.advance(60 * SECOND_NS);
    root.holdReads(false);
    checkStillWell(root);
  }

  @Test
  void sleepsInD3HotAndWakes() {
    FakeRootComplex root = enumerated();
    int control = root.found().capability(CapabilityId.POWER_MANAGEMENT) + PowerManagement.PMCSR;
    root.configChange(control, 2, 0, PowerManagement.POWER_STATE_D3_HOT);
    for (FoundBar bar : root.found().bars().values()) {
      assertEquals(-1L >>> 32, root.read(bar.index(), 0, 4), "BAR " + bar.index() + " in D3hot");
    }
    root.configChange(control, 2, PowerManagement.POWER_STATE_MASK, 0);
    checkIo(root);
  }

  @Test
  void msixVectorsAreHeldBackByMasks() {
    FakeRootComplex root = enumerated();
    assumeTrue(root.found().capabilities().containsKey(CapabilityId.MSIX));
    int vectors = root.enableMsix();
    for (int vector = 0; vector < vectors; vector++) {
      root.interrupts().clear();
      root.maskMsix(vector, true);
      if (interrupt(root, vector)) {
        root.run();
        assertEquals(0, root.interrupts().count(vector), "masked vector " + vector);
        assertTrue(root.msixPending(vector), "pending bit " + vector);
        root.maskMsix(vector, false);
        assertEquals(1, root.interrupts().count(vector), "unmasked vector " + vector);
        assertFalse(root.msixPending(vector), "pending bit " + vector);
        interrupt(root, vector);
        root.run();
        assertEquals(2, root.interrupts().count(vector), "vector " + vector);
      }
    }
    assertFalse(root.interrupts().intxAsserted(), "INTx beside MSI-X");
  }

  @Test
  void msiVectorsAreHeldBackByMasks() {
    FakeRootComplex root = enumerated();
    assumeTrue(root.found().capabilities().containsKey(CapabilityId.MSI));
    int vectors = root.enableMsi();
    for (int vector = 0; vector < vectors; vector++) {
      root.interrupts().clear();
      root.maskMsi(1 << vector);
      if (interrupt(root, vector)) {
        root.run();
        assertEquals(0, root.interrupts().count(vector), "masked vector " + vector);
        assertEquals(1 << vector, root.msiPending(), "pending bits");
        root.maskMsi(0);
        assertEquals(1, root.interrupts().count(vector), "unmasked vector " + vector);
        assertEquals(0, root.msiPending(), "pending bits");
      }
    }
  }

  @Test
  void oneMsiVectorServesAll() {
    FakeRootComplex root = enumerated();
    assumeTrue(root.found().capabilities().containsKey(CapabilityId.MSI));
    root.enableMsi(1);
    assumeTrue(interrupt(root, 0));
    root.run();
    assertEquals(1, root.interrupts().count(0));
  }

  @Test
  void intxIsALevelAndRespectsInterruptDisable() {
    FakeRootComplex root = enumerated();
    assumeTrue(root.configRead(ConfigHeader.INTERRUPT_PIN, 1) != 0);
    assumeTrue(interrupt(root, 0));
    root.run();
    assertTrue(root.interrupts().intxAsserted());
    int status = ConfigHeader.STATUS_INTERRUPT;
    assertTrue((root.configRead(ConfigHeader.STATUS, 2) & status) != 0, "Interrupt Status");
    root.configChange(ConfigHeader.COMMAND, 2, 0, ConfigHeader.COMMAND_INTERRUPT_DISABLE);
    assertFalse(root.interrupts().intxAsserted(), "disabled");
    root.configChange(ConfigHeader.COMMAND, 2, ConfigHeader.COMMAND_INTERRUPT_DISABLE, 0);
    assertTrue(root.interrupts().intxAsserted(), "enabled again");
    acknowledge(root);
    root.run();
    assertFalse(root.interrupts().intxAsserted(), "acknowledged");
    interrupt(root, 0);
    root.run();
    root.flr();
    assertFalse(root.interrupts().intxAsserted(), "after FLR");
  }

  @Test
  void withstandsEverythingAtOnce() {
    FakeRootComplex root = enumerated();
    Fuzz.run(FUZZ_STEPS, (random, steps) -> new Rudeness(this, root, random).run(steps));
    checkStillWell(root);
  }

  /** One step of ordinary noise, for {@link Rudeness}. */
  static void noise(FakeRootComplex root, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      configNoise(root, random, 1);
    } else {
      registerWrite(root, random);
    }
  }
}
