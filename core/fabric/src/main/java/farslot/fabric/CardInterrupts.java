package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A card's interrupts, from both sides: what the front has armed is what the card's MSI-X table and
 * MSI registers are programmed to, with addresses of ours and the vector as data; what the card
 * sends is told to whoever is armed. A vector that is disarmed is masked, not lost: while MSI-X
 * stays enabled the card remembers it as pending, and delivers it when it is armed again, which is
 * how hypervisors enlarge their set of vectors.
 */
final class CardInterrupts {
  private static final int MSI_COUNT_MAX = 32;

  /** What this needs of the port. */
  interface Card {
    /** Writes a configuration register of the card itself, after everything sent before. */
    void writeConfig(int offset, int value, int bytes);

    /** Writes 16 bytes into a BAR; false when there are no credits now. */
    boolean writeEntry(long busAddress, MemorySegment entry);

    void signal(int kind, int vector);
  }

  private final Card card;
  private final PortCounters counters;
  private final MemorySegment entry = Arena.ofAuto().allocate(MSIX_ENTRY_BYTES, 8);
  private FunctionFacts facts;
  private VirtualConfig config;
  private boolean[] msix = new boolean[0];
  private final boolean[] msi = new boolean[MSI_COUNT_MAX];
  private boolean intxArmed;
  private boolean intxMasked;
  private boolean intxLevel;

  /** MSI-X entries from here to there are not as wanted. */
  private int dirtyFrom;

  private int dirtyTo;
  private boolean controlDirty;
  private boolean msixOn;
  private boolean usable;

  CardInterrupts(Card card, PortCounters counters) {
    this.card = card;
    this.counters = counters;
  }

  /** The card is known. */
  void describe(FunctionFacts of, VirtualConfig virtual) {
    facts = of;
    config = virtual;
    msix = Arrays.copyOf(msix, of.msixVectors());
  }

  /** The card has been reset and its BARs are placed: everything has to be programmed again. */
  void restore() {
    usable = true;
    msixOn = false;
    dirtyFrom = msix.length;
    dirtyTo = 0;
    for (int v = 0; v < msix.length; v++) {
      if (msix[v]) {
        touch(v);
      }
    }
    controlDirty = true;
    pump();
  }

  /** The card is being reset, or gone. */
  void suspend() {
    usable = false;
    level(false);
  }

  void arm(int kind, int first, boolean[] armed) {
    for (int i = 0; i < armed.length; i++) {
      arm(kind, first + i, armed[i]);
    }
    controlDirty = true;
    pump();
  }

  private void arm(int kind, int vector, boolean on) {
    switch (kind) {
      case LocalFunction.IRQ_INTX -> armIntx(on);
      case LocalFunction.IRQ_MSI -> {
        if (vector >= 0 && vector < MSI_COUNT_MAX) {
          msi[vector] = on;
        }
      }
      case LocalFunction.IRQ_MSIX -> {
        if (vector >= 0 && vector < msix.length && msix[vector] != on) {
          msix[vector] = on;
          touch(vector);
        }
      }
      default -> {
        // ERR and REQ are the front's own.
      }
    }
  }

  private void touch(int vector) {
    dirtyFrom = Math.min(dirtyFrom, vector);
    dirtyTo = Math.max(dirtyTo, vector + 1);
  }

  private void armIntx(boolean on) {
    intxArmed = on;
    intxMasked = false;
    signalIntx();
  }

  /** Whether somebody listens to the card's pin. */
  boolean intxArmed() {
    return intxArmed;
  }

  /** Whether the card's tables are as wanted. */
  boolean settled() {
    return dirtyFrom >= dirtyTo && !controlDirty;
  }

  /** Programs what is not as wanted, as far as credits go. */
  void pump() {
    if (!usable || facts == null) {
      return;
    }
    while (dirtyFrom < dirtyTo) {
      if (!writeEntry(dirtyFrom)) {
        return;
      }
      dirtyFrom++;
    }
    dirtyFrom = msix.length;
    dirtyTo = 0;
    if (controlDirty) {
      controlDirty = false;
      programMsix();
      programMsi();
    }
  }

  private boolean writeEntry(int vector) {
    LittleEndian.i32(entry, 0, (int) MsiAddresses.MSIX);
    LittleEndian.i32(entry, 4, (int) (MsiAddresses.MSIX >>> 32));
    LittleEndian.i32(entry, 8, vector);
    LittleEndian.i32(entry, 12, msix[vector] ? 0 : MSIX_VECTOR_MASKED);
    long table = facts.bars().address(facts.msixTableBar()) + facts.msixTableOffset();
    return card.writeEntry(table + (long) vector * MSIX_ENTRY_BYTES, entry);
  }

  private void programMsix() {
    if (facts.msix() == 0) {
      return;
    }
    boolean on = any(msix) || msixOn && !intxArmed && !any(msi);
    if (on != msixOn) {
      msixOn = on;
      config.force(facts.msix(), MSIX_ENABLE, on ? MSIX_ENABLE : 0);
      card.writeConfig(facts.msix() + 2, on ? MSIX_ENABLE >>> 16 : 0, 2);
    }
  }

  private void programMsi() {
    if (facts.msi() == 0) {
      return;
    }
    int at = facts.msi();
    int highest = highest(msi);
    boolean on = highest >= 0;
    if (on) {
      card.writeConfig(
          at + 4, (int) (facts.msi64() ? MsiAddresses.MSI_64 : MsiAddresses.MSI_32), 4);
      if (facts.msi64()) {
        card.writeConfig(at + 8, (int) (MsiAddresses.MSI_64 >>> 32), 4);
      }
      int data = facts.msi64() ? at + 12 : at + 8;
      card.writeConfig(data, 0, 2);
      if (facts.msiMaskable()) {
        card.writeConfig(data + 4, 0, 4);
      }
    }
    // Multiple Message Enable: as many as the highest vector asks for, a power of two (7.7.1.2).
    int enabled = highest <= 0 ? 0 : 32 - Integer.numberOfLeadingZeros(highest);
    int control = on ? MSI_ENABLE | enabled << MSI_MULTIPLE_SHIFT : 0;
    config.force(at, MSI_ENABLE | MSI_MULTIPLE, control);
    card.writeConfig(at + 2, control >>> 16, 2);
  }

  private static boolean any(boolean[] armed) {
    return highest(armed) >= 0;
  }

  private static int highest(boolean[] armed) {
    int vector = armed.length - 1;
    while (vector >= 0 && !armed[vector]) {
      vector--;
    }
    return vector;
  }

  /** The kind of message by which somebody hears this vector, or -1. */
  int heardBy(int vector) {
    if (vector >= 0 && vector < msix.length && msix[vector]) {
      return LocalFunction.IRQ_MSIX;
    }
    boolean heard = vector >= 0 && vector < MSI_COUNT_MAX && msi[vector];
    return heard ? LocalFunction.IRQ_MSI : -1;
  }

  /** A message has come. */
  void onMessage(int kind, int vector) {
    boolean[] armed = kind == LocalFunction.IRQ_MSIX ? msix : msi;
    if (vector >= 0 && vector < armed.length && armed[vector]) {
      card.signal(kind, vector);
    } else {
      counters.add(PortEvent.INTERRUPT_UNARMED);
    }
  }

  /** Assert_INTx and Deassert_INTx. */
  void level(boolean asserted) {
    intxLevel = asserted;
    signalIntx();
  }

  void maskIntx(boolean masked) {
    intxMasked = masked;
    signalIntx();
  }

  /** A level is told once, and again whenever it is unmasked and still there: VFIO's automask. */
  private void signalIntx() {
    if (intxLevel && intxArmed && !intxMasked) {
      intxMasked = true;
      card.signal(LocalFunction.IRQ_INTX, 0);
    }
  }
}
