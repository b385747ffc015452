package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ExtendedCapabilityId;
import java.util.BitSet;

/**
 * The registers of configuration space of which the card's part cannot change while it is there:
 * those that the base specification says are read-only or initialised by hardware (7.4), as far as
 * whole DWs are so but for bits that are not the card's in the guest's eyes. They are read once,
 * when the card is brought up, so that a guest that looks around does not wait for the network.
 */
final class ConstantRegisters {
  private static final int SUBSYSTEM = 0x2C;
  private static final int CIS = 0x28;
  private static final int EXTENDED_FIRST = 0x100;

  /** Read-only DWs of the PCI Express capability of an endpoint (7.5.3). */
  private static final int[] EXPRESS = {0x00, 0x04, 0x0C};

  /** Those that it has from its second version on. */
  private static final int[] EXPRESS_2 = {0x24, 0x2C};

  private static final int EXPRESS_VERSION_SHIFT = 16;
  private static final int EXPRESS_VERSION_MASK = 0xF;

  private static final int[] NO = {};

  /** Of MSI-X, besides the first: where table and PBA are (7.7.2). */
  private static final int[] MSIX = {MSIX_TABLE, MSIX_PBA};

  /** Of Device Serial Number, besides the first (7.9.3). */
  private static final int[] SERIAL = {4, 8};

  private final FunctionFacts facts;
  private final BitSet dws = new BitSet(CONFIG_BYTES / 4);

  private ConstantRegisters(FunctionFacts facts) {
    this.facts = facts;
  }

  /** Their numbers, offset divided by 4. */
  static BitSet of(FunctionFacts facts) {
    ConstantRegisters found = new ConstantRegisters(facts);
    found.add(0, ID, CLASS_REVISION, CIS, SUBSYSTEM, CAPABILITIES_POINTER);
    found.capabilities();
    if (facts.pcie() != 0) {
      found.extended();
    }
    return found.dws;
  }

  private void add(int base, int... offsets) {
    for (int offset : offsets) {
      if (base + offset < CONFIG_BYTES) {
        dws.set(base + offset >> 2);
      }
    }
  }

  private void capabilities() {
    boolean listed = (facts.wordAt(COMMAND) & STATUS_CAPABILITIES) != 0;
    int at = listed ? facts.wordAt(CAPABILITIES_POINTER) & 0xFC : 0;
    for (int i = 0; i < CAPABILITY_COUNT_MAX && at >= HEADER_BYTES; i++) {
      int header = facts.wordAt(at);
      // What else a capability's first DW holds is the card's to change unless it is known.
      switch (header & 0xFF) {
        case CapabilityId.POWER_MANAGEMENT, CapabilityId.MSI -> add(at, 0);
        case CapabilityId.MSIX -> {
          add(at, 0);
          add(at, MSIX);
        }
        case CapabilityId.PCI_EXPRESS -> {
          add(at, EXPRESS);
          add(at, (header >> EXPRESS_VERSION_SHIFT & EXPRESS_VERSION_MASK) < 2 ? NO : EXPRESS_2);
        }
        default -> {}
      }
      at = header >> 8 & 0xFC;
    }
  }

  private void extended() {
    int at = EXTENDED_FIRST;
    for (int i = 0; i < CONFIG_BYTES / 8 && at >= EXTENDED_FIRST; i++) {
      int header = facts.wordAt(at);
      if (header == 0 || header == -1) {
        add(at, 0);
        return;
      }
      add(at, 0);
      if ((header & 0xFFFF) == ExtendedCapabilityId.DEVICE_SERIAL_NUMBER) {
        add(at, SERIAL);
      }
      at = header >>> 20 & 0xFFC;
    }
  }
}
