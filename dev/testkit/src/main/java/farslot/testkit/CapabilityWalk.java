package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import farslot.function.FunctionSpec.BarKind;
import farslot.pcie.config.Aer;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.ExtendedCapabilityId;
import farslot.pcie.config.Msi;
import farslot.pcie.config.Msix;
import farslot.pcie.config.PcieCapability;
import farslot.pcie.config.PowerManagement;
import farslot.testkit.FoundFunction.FoundBar;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Walks both chains of capabilities as software does that trusts nobody: every one has an ID that
 * is known here, a length that ends before the next begins, and none is in a circle.
 */
final class CapabilityWalk {
  private static final int EXTENDED_AT = ExtendedCapabilityId.FIRST;
  private static final int VSEC_LENGTH_SHIFT = 20;
  private static final int SERIAL_NUMBER_BYTES = 12;
  private static final int VENDOR_BYTES_AT = 2;

  // What software cannot write, by what it is in.
  private static final int RO_ID_AND_NEXT = 0xFFFF;
  private static final int RO_ALL = -1;

  /** Multiple Message Capable, 64 bits, masking, and what is reserved. */
  private static final int RO_MSI_CONTROL = 0xFF8E << 16;

  private static final int RO_MSIX_CONTROL = 0x3FFF << 16;

  /** A capability and where it ends. */
  private record Found(int id, int at, int bytes, boolean extended) {}

  private final FakeRootComplex root;
  private final List<Found> found = new ArrayList<>();
  private final BitSet taken = new BitSet();

  CapabilityWalk(FakeRootComplex root) {
    this.root = root;
    standard();
    extended();
  }

  private void standard() {
    int status = root.configRead(ConfigHeader.STATUS, 2);
    assertTrue((status & ConfigHeader.STATUS_CAPABILITIES_LIST) != 0, "Capabilities List bit");
    int at = root.configRead(ConfigHeader.CAPABILITIES_POINTER, 1);
    while (at != 0) {
      assertEquals(0, at & 3, "a capability's alignment");
      assertTrue(at >= ConfigHeader.HEADER_BYTES, "a capability inside the header: " + at);
      int id = root.configRead(at, 1);
      add(new Found(id, at, standardBytes(id, at), false), EXTENDED_AT);
      at = root.configRead(at + CapabilityId.NEXT, 1);
    }
  }

  private int standardBytes(int id, int at) {
    return switch (id) {
      case CapabilityId.POWER_MANAGEMENT -> PowerManagement.BYTES;
      case CapabilityId.MSI -> msiBytes(root.configRead(at + Msi.CONTROL, 2));
      case CapabilityId.MSIX -> Msix.BYTES;
      case CapabilityId.PCI_EXPRESS -> PcieCapability.BYTES;
      case CapabilityId.VENDOR_SPECIFIC -> root.configRead(at + VENDOR_BYTES_AT, 1);
      default -> fail(String.format("capability %02x at %02x: say how long it is", id, at));
    };
  }

  private static int msiBytes(int control) {
    boolean is64 = (control & Msi.ADDRESS_64) != 0;
    if ((control & Msi.PER_VECTOR_MASKING) != 0) {
      return is64 ? Msi.BYTES_64_MASKING : Msi.BYTES_32_MASKING;
    }
    return is64 ? Msi.BYTES_64 : Msi.BYTES_32;
  }

  private void extended() {
    int at = EXTENDED_AT;
    while (at != 0) {
      int header = root.configRead(at, 4);
      if (header == 0) {
        assertEquals(EXTENDED_AT, at, "only the first may be none at all");
        return;
      }
      assertEquals(0, at & 3, "an extended capability's alignment");
      assertTrue(at >= EXTENDED_AT, "an extended capability at " + at);
      int id = header & ExtendedCapabilityId.ID_MASK;
      int version = header >>> ExtendedCapabilityId.VERSION_SHIFT;
      assertTrue((version & ExtendedCapabilityId.VERSION_MASK) != 0, "a version of 0 at " + at);
      add(new Found(id, at, extendedBytes(id, at), true), ConfigHeader.CONFIG_SPACE_BYTES);
      at = header >>> ExtendedCapabilityId.NEXT_SHIFT;
    }
  }

  private int extendedBytes(int id, int at) {
    return switch (id) {
      case ExtendedCapabilityId.AER -> Aer.BYTES;
      case ExtendedCapabilityId.DEVICE_SERIAL_NUMBER -> SERIAL_NUMBER_BYTES;
      case ExtendedCapabilityId.VENDOR_SPECIFIC, ExtendedCapabilityId.DESIGNATED_VENDOR_SPECIFIC ->
          root.configRead(at + 4, 4) >>> VSEC_LENGTH_SHIFT;
      default -> fail(String.format("extended capability %04x at %03x: how long?", id, at));
    };
  }

  /** Twice at one place would be a circle. */
  private void add(Found each, int end) {
    assertTrue(each.bytes >= 4 && each.at + each.bytes <= end, each + " leaves its space");
    int overlap = taken.nextSetBit(each.at);
    assertTrue(overlap < 0 || overlap >= each.at + each.bytes, each + " overlaps another");
    taken.set(each.at, each.at + each.bytes);
    boolean several =
        !each.extended && each.id == CapabilityId.VENDOR_SPECIFIC
            || each.extended && each.id == ExtendedCapabilityId.VENDOR_SPECIFIC
            || each.extended && each.id == ExtendedCapabilityId.DESIGNATED_VENDOR_SPECIFIC;
    for (Found other : found) {
      boolean same = other.id == each.id && other.extended == each.extended;
      assertTrue(several || !same, each + " is there twice");
    }
    found.add(each);
  }

  /** What the capabilities say, and that nothing is between them. */
  void check() {
    for (Found each : found) {
      if (!each.extended && each.id == CapabilityId.MSIX) {
        msix(each.at);
      }
    }
    for (int at = ConfigHeader.HEADER_BYTES; at < ConfigHeader.CONFIG_SPACE_BYTES; at += 4) {
      if (taken.nextSetBit(at) < 0 || taken.nextSetBit(at) >= at + 4) {
        assertEquals(0, root.configRead(at, 4), String.format("nothing is at %03x", at));
      }
    }
    bytesAndDwsAgree();
  }

  private void bytesAndDwsAgree() {
    for (int at = 0; at < ConfigHeader.CONFIG_SPACE_BYTES; at += 4) {
      int dw = root.configRead(at, 4);
      for (int i = 0; i < 4; i++) {
        assertEquals(dw >>> 8 * i & 0xFF, root.configRead(at + i, 1), "byte " + (at + i));
      }
      assertEquals(dw >>> 16, root.configRead(at + 2, 2), "word " + (at + 2));
    }
  }

  /** Table and PBA lie in memory BARs, and neither in the other (7.7.2). */
  private void msix(int at) {
    int vectors = (root.configRead(at + Msix.CONTROL, 2) & Msix.TABLE_SIZE_MASK) + 1;
    int table = root.configRead(at + Msix.TABLE, 4);
    int pba = root.configRead(at + Msix.PBA, 4);
    long tableBytes = (long) vectors * Msix.ENTRY_BYTES;
    long pbaBytes = (vectors + 63L) / 64 * 8;
    inside(table, tableBytes);
    inside(pba, pbaBytes);
    long tableAt = table & Msix.OFFSET_MASK & 0xFFFF_FFFFL;
    long pbaAt = pba & Msix.OFFSET_MASK & 0xFFFF_FFFFL;
    boolean apart = tableAt + tableBytes <= pbaAt || pbaAt + pbaBytes <= tableAt;
    assertTrue(apart || ((table ^ pba) & Msix.BIR_MASK) != 0, "MSI-X table and PBA overlap");
  }

  private void inside(int where, long bytes) {
    FoundBar bar = root.found().bars().get(where & Msix.BIR_MASK);
    assertTrue(bar != null && bar.kind() != BarKind.IO, "MSI-X is in no memory BAR");
    long at = where & Msix.OFFSET_MASK & 0xFFFF_FFFFL;
    assertTrue(at + bytes <= bar.sizeBytes(), "MSI-X leaves its BAR");
  }

  /** All-ones and zeroes everywhere: what only hardware may change stays. */
  void checkReadOnly() {
    int[] before = new int[ConfigHeader.CONFIG_SPACE_BYTES / 4];
    for (int dw = 0; dw < before.length; dw++) {
      before[dw] = root.configRead(4 * dw, 4);
    }
    for (int value : new int[] {-1, 0, 0x5555_5555, 0xAAAA_AAAA}) {
      for (int dw = 0; dw < before.length; dw++) {
        root.configWrite(4 * dw, 4, value);
      }
      for (int dw = 0; dw < before.length; dw++) {
        int mask = readOnly(4 * dw);
        String where = String.format("read-only bits at %03x after %08x", 4 * dw, value);
        assertEquals(before[dw] & mask, root.configRead(4 * dw, 4) & mask, where);
      }
    }
  }

  /** Bits of a DW that are RO or HwInit by the specification. */
  private int readOnly(int at) {
    if (at < ConfigHeader.HEADER_BYTES) {
      return switch (at) {
        case ConfigHeader.VENDOR_ID,
            ConfigHeader.REVISION_ID,
            ConfigHeader.SUBSYSTEM_VENDOR_ID,
            ConfigHeader.CAPABILITIES_POINTER ->
            RO_ALL;
        case ConfigHeader.INTERRUPT_LINE -> 0xFF00;
        default -> 0;
      };
    }
    for (Found each : found) {
      if (at >= each.at && at < each.at + each.bytes) {
        return each.extended ? extendedReadOnly(each, at) : standardReadOnly(each, at - each.at);
      }
    }
    return RO_ALL;
  }

  private static int extendedReadOnly(Found each, int at) {
    boolean fixed = at == each.at || each.id == ExtendedCapabilityId.DEVICE_SERIAL_NUMBER;
    return fixed ? RO_ALL : 0;
  }

  private static int standardReadOnly(Found each, int offset) {
    int head = offset == 0 ? RO_ID_AND_NEXT : 0;
    return switch (each.id) {
      case CapabilityId.POWER_MANAGEMENT -> offset == 0 ? RO_ALL : 0;
      case CapabilityId.MSI -> head | (offset == 0 ? RO_MSI_CONTROL : 0);
      case CapabilityId.MSIX -> offset == 0 ? head | RO_MSIX_CONTROL : RO_ALL;
      case CapabilityId.PCI_EXPRESS ->
          switch (offset) {
            case 0, PcieCapability.DEVICE_CAPABILITIES, PcieCapability.DEVICE_CAPABILITIES_2 ->
                RO_ALL;
            default -> 0;
          };
      case CapabilityId.VENDOR_SPECIFIC -> head | (offset == 0 ? 0xFF_0000 : 0);
      default -> head;
    };
  }
}
