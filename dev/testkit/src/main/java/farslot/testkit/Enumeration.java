package farslot.testkit;

import farslot.function.FunctionSpec.BarKind;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.ExtendedCapabilityId;
import farslot.pcie.config.PcieCapability;
import farslot.testkit.FoundFunction.FoundBar;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds out what a function is, the way a kernel does: by configuration requests alone. */
final class Enumeration {
  private static final long MEMORY_32_BASE = 0xE000_0000L;
  private static final long MEMORY_64_BASE = 0x40_0000_0000L;
  private static final long IO_BASE = 0xC000;
  private static final int CAPABILITIES_MAX = 48;
  private static final int PAYLOAD_BYTES = 4096;

  private final FakeRootComplex root;
  private long memory32 = MEMORY_32_BASE;
  private long memory64 = MEMORY_64_BASE;
  private long io = IO_BASE;

  Enumeration(FakeRootComplex root) {
    this.root = root;
  }

  FoundFunction run() {
    int vendorId = root.configRead(ConfigHeader.VENDOR_ID, 2);
    if (vendorId == ConfigHeader.VENDOR_ID_NONE) {
      throw new AssertionError("nobody answers");
    }
    int headerType = root.configRead(ConfigHeader.HEADER_TYPE, 1);
    check((headerType & ConfigHeader.HEADER_TYPE_MASK) == 0, "header type " + headerType);
    root.configWrite(ConfigHeader.COMMAND, 2, 0);
    Map<Integer, FoundBar> bars = bars();
    return new FoundFunction(
        vendorId,
        root.configRead(ConfigHeader.DEVICE_ID, 2),
        root.configRead(ConfigHeader.REVISION_ID, 4) >>> 8,
        bars,
        capabilities(),
        extendedCapabilities());
  }

  private Map<Integer, FoundBar> bars() {
    Map<Integer, FoundBar> bars = new LinkedHashMap<>();
    int index = 0;
    while (index < ConfigHeader.BAR_COUNT) {
      FoundBar bar = size(index);
      if (bar != null) {
        bars.put(index, bar);
        assign(bar);
      }
      index += bar != null && bar.kind() == BarKind.MEMORY_64 ? 2 : 1;
    }
    return bars;
  }

  /** 7.5.1.2.1: writing all-ones shows the size. Null when there is no BAR. */
  private FoundBar size(int index) {
    int at = ConfigHeader.BAR0 + 4 * index;
    int low = probe(at);
    if (low == 0) {
      return null;
    }
    if ((low & ConfigHeader.BAR_IO) != 0) {
      long size = -(low & ConfigHeader.BAR_IO_ADDRESS_MASK) & 0xFFFF_FFFFL;
      return new FoundBar(index, BarKind.IO, size, take(BarKind.IO, size));
    }
    boolean is64 = (low & ConfigHeader.BAR_MEMORY_TYPE_MASK) == ConfigHeader.BAR_MEMORY_64;
    long high = is64 ? probe(at + 4) : -1;
    BarKind kind = is64 ? BarKind.MEMORY_64 : BarKind.MEMORY_32;
    long mask = high << 32 | low & ConfigHeader.BAR_MEMORY_ADDRESS_MASK & 0xFFFF_FFFFL;
    check(Long.bitCount(-mask) == 1, "BAR " + index + " has no power of two as its size");
    return new FoundBar(index, kind, -mask, take(kind, -mask));
  }

  private int probe(int at) {
    root.configWrite(at, 4, -1);
    return root.configRead(at, 4);
  }

  private long take(BarKind kind, long size) {
    return switch (kind) {
      case IO -> {
        long at = io + size - 1 & -size;
        io = at + size;
        yield at;
      }
      case MEMORY_32 -> {
        long at = memory32 + size - 1 & -size;
        memory32 = at + size;
        yield at;
      }
      case MEMORY_64 -> {
        long at = memory64 + size - 1 & -size;
        memory64 = at + size;
        yield at;
      }
    };
  }

  /** Assigns it, and reads back that it took the address. */
  void assign(FoundBar bar) {
    int at = ConfigHeader.BAR0 + 4 * bar.index();
    root.configWrite(at, 4, (int) bar.address());
    int low = root.configRead(at, 4);
    check((low & -16) == ((int) bar.address() & -16), "BAR " + bar.index() + " forgets");
    if (bar.kind() == BarKind.MEMORY_64) {
      root.configWrite(at + 4, 4, (int) (bar.address() >>> 32));
      check(root.configRead(at + 4, 4) == (int) (bar.address() >>> 32), "upper BAR forgets");
    }
  }

  /** Puts everything where it was found. */
  void setUp(FoundFunction found) {
    found.bars().values().forEach(this::assign);
    root.payload(PAYLOAD_BYTES, PAYLOAD_BYTES);
    root.configWrite(
        ConfigHeader.COMMAND,
        2,
        ConfigHeader.COMMAND_IO_SPACE
            | ConfigHeader.COMMAND_MEMORY_SPACE
            | ConfigHeader.COMMAND_BUS_MASTER
            | ConfigHeader.COMMAND_SERR);
  }

  void payload(FoundFunction found, int payloadBytes, int readBytes) {
    int control = found.capability(CapabilityId.PCI_EXPRESS) + PcieCapability.DEVICE_CONTROL;
    int sizes =
        PcieCapability.encodedSize(payloadBytes) << PcieCapability.MPS_SHIFT
            | PcieCapability.encodedSize(readBytes) << PcieCapability.MRRS_SHIFT;
    int reports =
        PcieCapability.CORRECTABLE_ERROR_REPORTING
            | PcieCapability.NON_FATAL_ERROR_REPORTING
            | PcieCapability.FATAL_ERROR_REPORTING
            | PcieCapability.UNSUPPORTED_REQUEST_REPORTING;
    root.configWrite(control, 2, reports | PcieCapability.EXTENDED_TAG | sizes);
  }

  private Map<Integer, Integer> capabilities() {
    Map<Integer, Integer> found = new LinkedHashMap<>();
    int at = root.configRead(ConfigHeader.CAPABILITIES_POINTER, 1) & CapabilityId.NEXT_MASK;
    while (at != 0) {
      check(at >= ConfigHeader.HEADER_BYTES, "a capability at " + at);
      check(found.size() < CAPABILITIES_MAX, "capabilities in a circle");
      found.put(root.configRead(at, 1), at);
      at = root.configRead(at + CapabilityId.NEXT, 1) & CapabilityId.NEXT_MASK;
    }
    return found;
  }

  private Map<Integer, Integer> extendedCapabilities() {
    Map<Integer, Integer> found = new LinkedHashMap<>();
    int at = ExtendedCapabilityId.FIRST;
    while (at != 0) {
      check(found.size() < CAPABILITIES_MAX, "extended capabilities in a circle");
      int header = root.configRead(at, 4);
      if (header == 0) {
        return found;
      }
      found.put(header & ExtendedCapabilityId.ID_MASK, at);
      at = header >>> ExtendedCapabilityId.NEXT_SHIFT & ExtendedCapabilityId.NEXT_MASK;
      check(at == 0 || at > ExtendedCapabilityId.FIRST, "an extended capability at " + at);
    }
    return found;
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("enumeration: " + otherwise);
    }
  }
}
