package farslot.function;

import java.util.List;

/**
 * What a function shows in its configuration space; {@link ConfigSpace} is built from it.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param classCode 24 bits: base class, sub-class, programming interface; NVMe is 0x010802
 * @param revisionId 8 bits
 * @param subsystemVendorId 16 bits
 * @param subsystemId 16 bits
 * @param bars at most six, a 64-bit one counts twice
 * @param msixVectors 0 to 2048; 0 leaves the capability out
 * @param msixBar the BAR that holds the MSI-X table and PBA
 * @param msixTableOffset in that BAR, a multiple of 8
 * @param msixPbaOffset in that BAR, a multiple of 8
 * @param msiVectors 0, or a power of two up to 32
 * @param interruptPin 0 none, 1 INTA to 4 INTD
 * @param serialNumber for the Device Serial Number capability; 0 leaves it out
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
    int msixPbaOffset,
    int msiVectors,
    int interruptPin,
    long serialNumber) {
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
  public record Bar(int index, BarKind kind, long sizeBytes, boolean prefetchable) {}
}
