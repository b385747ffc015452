package farslot.function;

import farslot.function.FunctionSpec.Bar;
import farslot.function.FunctionSpec.BarKind;
import java.util.ArrayList;
import java.util.List;

/** Makes a {@link FunctionSpec} in the words of its parts; what is not mentioned is not there. */
public final class FunctionSpecBuilder {
  private final int vendorId;
  private final int deviceId;
  private final int classCode;
  private int revisionId;
  private int subsystemVendorId;
  private int subsystemId;
  private final List<Bar> bars = new ArrayList<>();
  private int msixVectors;
  private int msixBar;
  private int msixTableOffset;
  private int msixPbaBar;
  private int msixPbaOffset;
  private int msiVectors;
  private int interruptPin;
  private long serialNumber;
  private final List<VendorCapability> vendorCapabilities = new ArrayList<>();
  private final List<ReadMostly.Range> readMostly = new ArrayList<>();
  private final List<ReadMostly.Range> harmless = new ArrayList<>();

  /** Begins with what every function has; the subsystem is the same until said otherwise. */
  public FunctionSpecBuilder(int vendorId, int deviceId, int classCode) {
    this.vendorId = vendorId;
    this.deviceId = deviceId;
    this.classCode = classCode;
    subsystemVendorId = vendorId;
    subsystemId = deviceId;
  }

  public FunctionSpecBuilder revision(int id) {
    revisionId = id;
    return this;
  }

  public FunctionSpecBuilder subsystem(int subsystemVendor, int subsystem) {
    subsystemVendorId = subsystemVendor;
    subsystemId = subsystem;
    return this;
  }

  /** A 32-bit memory BAR for registers: not prefetchable. */
  public FunctionSpecBuilder memory32(int index, long sizeBytes) {
    bars.add(new Bar(index, BarKind.MEMORY_32, sizeBytes, false));
    return this;
  }

  /** A 64-bit memory BAR; it takes {@code index} and the next. */
  public FunctionSpecBuilder memory64(int index, long sizeBytes, boolean prefetchable) {
    bars.add(new Bar(index, BarKind.MEMORY_64, sizeBytes, prefetchable));
    return this;
  }

  public FunctionSpecBuilder io(int index, long sizeBytes) {
    bars.add(new Bar(index, BarKind.IO, sizeBytes, false));
    return this;
  }

  /** MSI-X; the endpoint serves the table and PBA at these offsets of the BAR. */
  public FunctionSpecBuilder msix(int vectors, int bar, int tableOffset, int pbaOffset) {
    return msix(vectors, bar, tableOffset, bar, pbaOffset);
  }

  /** MSI-X with the table in one BAR and the PBA in another. */
  public FunctionSpecBuilder msix(
      int vectors, int tableBar, int tableOffset, int pbaBar, int pbaOffset) {
    msixVectors = vectors;
    msixBar = tableBar;
    msixTableOffset = tableOffset;
    msixPbaBar = pbaBar;
    msixPbaOffset = pbaOffset;
    return this;
  }

  public FunctionSpecBuilder msi(int vectors) {
    msiVectors = vectors;
    return this;
  }

  /** INTx: 1 for INTA to 4 for INTD. */
  public FunctionSpecBuilder interruptPin(int pin) {
    interruptPin = pin;
    return this;
  }

  public FunctionSpecBuilder serialNumber(long number) {
    serialNumber = number;
    return this;
  }

  public FunctionSpecBuilder vendorCapability(VendorCapability capability) {
    vendorCapabilities.add(capability);
    return this;
  }

  /** Registers that need not be asked for each time; see {@link ReadMostly}. */
  public FunctionSpecBuilder readMostly(int bar, long offset, long bytes) {
    readMostly.add(new ReadMostly.Range(bar, offset, bytes));
    return this;
  }

  /** Where writes do not change those; see {@link ReadMostly}. */
  public FunctionSpecBuilder harmlessWrites(int bar, long offset, long bytes) {
    harmless.add(new ReadMostly.Range(bar, offset, bytes));
    return this;
  }

  /** Throws IllegalArgumentException, saying which part contradicts which. */
  public FunctionSpec build() {
    return new FunctionSpec(
        vendorId,
        deviceId,
        classCode,
        revisionId,
        subsystemVendorId,
        subsystemId,
        bars,
        msixVectors,
        msixBar,
        msixTableOffset,
        msixPbaBar,
        msixPbaOffset,
        msiVectors,
        interruptPin,
        serialNumber,
        vendorCapabilities,
        new ReadMostly(readMostly, harmless));
  }
}
