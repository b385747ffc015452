package farslot.function;

import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.Msi;
import farslot.pcie.config.Msix;
import java.util.List;

/**
 * What a function shows in its configuration space; {@link farslot.function.endpoint.ConfigSpace}
 * is built from it. Cards make theirs with {@link FunctionSpecBuilder}, which reads better than
 * fourteen numbers.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param classCode 24 bits: base class, sub-class, programming interface; NVMe is 0x010802
 * @param revisionId 8 bits
 * @param subsystemVendorId 16 bits
 * @param subsystemId 16 bits
 * @param bars at most six, a 64-bit one counts twice
 * @param msixVectors 0 to 2048; 0 leaves the capability out
 * @param msixBar the BAR that holds the MSI-X table
 * @param msixTableOffset in that BAR, a multiple of 8
 * @param msixPbaBar the BAR that holds the MSI-X Pending Bit Array, often the same
 * @param msixPbaOffset in that BAR, a multiple of 8
 * @param msiVectors 0, or a power of two up to 32
 * @param interruptPin 0 none, 1 INTA to 4 INTD
 * @param serialNumber for the Device Serial Number capability; 0 leaves it out
 * @param vendorCapabilities in the order in which software finds them
 * @param readMostly registers that need not be asked for each time
 */
public record FunctionSpec(
    int vendorId,
    int deviceId,
    int classCode,
    int revisionId,
    int subsystemVendorId,
    int subsystemId,
    List<Bar> bars,
    int msixVectors,
    int msixBar,
    int msixTableOffset,
    int msixPbaBar,
    int msixPbaOffset,
    int msiVectors,
    int interruptPin,
    long serialNumber,
    List<VendorCapability> vendorCapabilities,
    ReadMostly readMostly) {
  /** Kinds of BAR. */
  public enum BarKind {
    MEMORY_32,
    MEMORY_64,
    IO
  }

  /**
   * One base address register.
   *
   * @param index 0 to 5; of a 64-bit BAR the lower
   * @param sizeBytes a power of two: memory at least 16, I/O 4 to 256
   * @param prefetchable of memory
   */
  public record Bar(int index, BarKind kind, long sizeBytes, boolean prefetchable) {
    public Bar {
      require(Long.bitCount(sizeBytes) == 1, "BAR size is no power of two: " + sizeBytes);
      boolean io = kind == BarKind.IO;
      require(io ? sizeBytes >= 4 && sizeBytes <= 256 : sizeBytes >= 16, "BAR size " + sizeBytes);
      require(kind == BarKind.MEMORY_64 || sizeBytes <= 1L << 31, "BAR needs 64 bits");
      require(index >= 0 && index + slots(kind) <= ConfigHeader.BAR_COUNT, "BAR index " + index);
    }
  }

  public FunctionSpec {
    bars = List.copyOf(bars);
    vendorCapabilities = List.copyOf(vendorCapabilities);
    require((vendorId & ~0xFFFF) == 0 && (deviceId & ~0xFFFF) == 0, "IDs have 16 bits");
    require((classCode & ~0xFFFFFF) == 0 && (revisionId & ~0xFF) == 0, "class has 24 bits");
    require(interruptPin >= 0 && interruptPin <= 4, "interrupt pin " + interruptPin);
    require(
        msiVectors == 0 || Integer.bitCount(msiVectors) == 1 && msiVectors <= Msi.VECTOR_COUNT_MAX,
        "MSI vectors " + msiVectors);
    requireDisjoint(bars);
    if (msixVectors != 0) {
      requireMsix(bars, msixVectors, msixBar, msixTableOffset, msixPbaBar, msixPbaOffset);
      requireNotMsix(
          readMostly.registers(), msixVectors, msixBar, msixTableOffset, msixPbaBar, msixPbaOffset);
    }
    requireInMemory(bars, readMostly.registers());
    requireInMemory(bars, readMostly.harmless());
  }

  private static void requireInMemory(List<Bar> bars, List<ReadMostly.Range> ranges) {
    for (ReadMostly.Range range : ranges) {
      require(
          bars.stream()
              .anyMatch(
                  bar ->
                      bar.index() == range.bar()
                          && bar.kind() != BarKind.IO
                          && range.offset() + range.bytes() <= bar.sizeBytes()),
          range + " is in no memory BAR");
    }
  }

  private static void requireNotMsix(
      List<ReadMostly.Range> ranges,
      int vectors,
      int tableBar,
      int tableOffset,
      int pbaBar,
      int pbaOffset) {
    long tableEnd = tableOffset + (long) vectors * Msix.ENTRY_BYTES;
    long pbaEnd = pbaOffset + (vectors + 63L) / Msix.PBA_QW_VECTORS * 8;
    for (ReadMostly.Range range : ranges) {
      long end = range.offset() + range.bytes();
      boolean clear =
          (range.bar() != tableBar || end <= tableOffset || range.offset() >= tableEnd)
              && (range.bar() != pbaBar || end <= pbaOffset || range.offset() >= pbaEnd);
      require(clear, range + " has some of the MSI-X table or PBA");
    }
  }

  private static void requireDisjoint(List<Bar> bars) {
    int taken = 0;
    for (Bar bar : bars) {
      int slots = (slots(bar.kind()) == 2 ? 3 : 1) << bar.index();
      require((taken & slots) == 0, "BAR " + bar.index() + " is there twice");
      taken |= slots;
    }
  }

  private static void requireMsix(
      List<Bar> bars, int vectors, int tableBar, int tableOffset, int pbaBar, int pbaOffset) {
    require(vectors > 0 && vectors <= Msix.VECTOR_COUNT_MAX, "MSI-X vectors " + vectors);
    long tableEnd = tableOffset + (long) vectors * Msix.ENTRY_BYTES;
    long pbaEnd = pbaOffset + (vectors + 63L) / Msix.PBA_QW_VECTORS * 8;
    require((tableOffset & 7) == 0 && (pbaOffset & 7) == 0, "MSI-X offsets are multiples of 8");
    require(
        tableOffset >= 0 && tableEnd <= sizeBytes(bars, tableBar), "MSI-X table outside its BAR");
    require(pbaOffset >= 0 && pbaEnd <= sizeBytes(bars, pbaBar), "MSI-X PBA outside its BAR");
    require(
        tableBar != pbaBar || tableEnd <= pbaOffset || pbaEnd <= tableOffset,
        "MSI-X table and PBA overlap");
  }

  private static long sizeBytes(List<Bar> bars, int index) {
    return bars.stream()
        .filter(bar -> bar.index() == index && bar.kind() != BarKind.IO)
        .mapToLong(Bar::sizeBytes)
        .sum();
  }

  private static int slots(BarKind kind) {
    return kind == BarKind.MEMORY_64 ? 2 : 1;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
