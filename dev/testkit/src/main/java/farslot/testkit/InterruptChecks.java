package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;

/** Each kind of interrupt, and what holds it back. */
final class InterruptChecks {
  private final CardConformance card;
  private final FakeRootComplex root;

  InterruptChecks(CardConformance card) {
    this.card = card;
    root = card.enumerated();
  }

  private void assume(int capability) {
    assumeTrue(root.found().capabilities().containsKey(capability), "the card has no such kind");
  }

  void msixMasks() {
    assume(CapabilityId.MSIX);
    int vectors = root.enableMsix();
    for (int vector = 0; vector < vectors; vector++) {
      root.interrupts().clear();
      root.maskMsix(vector, true);
      if (card.interrupt(root, vector)) {
        root.run();
        assertEquals(0, root.interrupts().count(vector), "masked vector " + vector);
        assertTrue(root.msixPending(vector), "pending bit " + vector);
        root.maskMsix(vector, false);
        assertEquals(1, root.interrupts().count(vector), "unmasked vector " + vector);
        assertFalse(root.msixPending(vector), "pending bit " + vector);
        card.interrupt(root, vector);
        root.run();
        assertEquals(2, root.interrupts().count(vector), "vector " + vector);
      }
      root.maskMsix(vector, false);
    }
    assertFalse(root.interrupts().intxAsserted(), "INTx beside MSI-X");
  }

  void functionMask() {
    assume(CapabilityId.MSIX);
    int vectors = root.enableMsix();
    for (int vector = 0; vector < vectors; vector++) {
      root.maskMsix(false);
      root.interrupts().clear();
      root.maskMsix(true);
      if (card.interrupt(root, vector)) {
        root.run();
        assertEquals(0, root.interrupts().vectors().size(), "function mask, vector " + vector);
        assertTrue(root.msixPending(vector), "pending bit " + vector);
        root.maskMsix(false);
        assertEquals(1, root.interrupts().count(vector), "unmasked vector " + vector);
        assertFalse(root.msixPending(vector), "pending bit " + vector);
      }
    }
  }

  void msiMasks() {
    assume(CapabilityId.MSI);
    int vectors = root.enableMsi();
    for (int vector = 0; vector < vectors; vector++) {
      root.interrupts().clear();
      root.maskMsi(1 << vector);
      if (card.interrupt(root, vector)) {
        root.run();
        assertEquals(0, root.interrupts().count(vector), "masked vector " + vector);
        assertEquals(1 << vector, root.msiPending(), "pending bits");
        root.maskMsi(0);
        assertEquals(1, root.interrupts().count(vector), "unmasked vector " + vector);
        assertEquals(0, root.msiPending(), "pending bits");
      }
    }
  }

  void oneMsi() {
    assume(CapabilityId.MSI);
    root.enableMsi(1);
    assumeTrue(card.interrupt(root, 0));
    root.run();
    assertEquals(1, root.interrupts().count(0));
  }

  /** A card that lets software name vectors is told of some that there are not. */
  void strangers() {
    assume(CapabilityId.MSIX);
    int vectors = root.enableMsix();
    root.interrupts().clear();
    for (int vector : new int[] {vectors, 2047, 2048, 0xFFFF, Integer.MAX_VALUE}) {
      card.interrupt(root, vector);
      root.run();
    }
    assertEquals(0, root.interrupts().vectors().stream().filter(v -> v >= vectors).count());
    card.checkStillWell(root);
  }

  void intx() {
    assumeTrue(root.configRead(ConfigHeader.INTERRUPT_PIN, 1) != 0);
    assumeTrue(card.interrupt(root, 0));
    root.run();
    assertTrue(root.interrupts().intxAsserted());
    int status = ConfigHeader.STATUS_INTERRUPT;
    assertTrue((root.configRead(ConfigHeader.STATUS, 2) & status) != 0, "Interrupt Status");
    root.configChange(ConfigHeader.COMMAND, 2, 0, ConfigHeader.COMMAND_INTERRUPT_DISABLE);
    assertFalse(root.interrupts().intxAsserted(), "disabled");
    root.configChange(ConfigHeader.COMMAND, 2, ConfigHeader.COMMAND_INTERRUPT_DISABLE, 0);
    assertTrue(root.interrupts().intxAsserted(), "enabled again");
    card.acknowledge(root);
    root.run();
    assertFalse(root.interrupts().intxAsserted(), "acknowledged");
    card.interrupt(root, 0);
    root.run();
    root.flr();
    assertFalse(root.interrupts().intxAsserted(), "after FLR");
  }
}
