package farslot.function.endpoint;

import farslot.function.FunctionSpec;
import farslot.function.ResetKind;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The 4 KiB configuration space of a type 0 function, built from its {@link FunctionSpec}: header,
 * Power Management, MSI, PCI Express, MSI-X and what is the vendor's, then AER and Device Serial
 * Number in extended space. Each part describes its registers bit by bit in its own class; here
 * they are put together.
 */
public final class ConfigSpace {
  /** Bytes in it. */
  public static final int BYTES = 4096;

  final Type0Header header;
  final PowerManagementCapability power;

  /** Null when the function has no MSI. */
  final MsiCapability msi;

  final PciExpressCapability pcie;

  /** Null when the function has no MSI-X. */
  final MsixCapability msix;

  final VendorCapabilities vendor;
  final AerCapability aer;
  private final ConfigBits bits = new ConfigBits();

  /** Builds it, as after power-on. */
  public ConfigSpace(FunctionSpec spec) {
    header = new Type0Header(bits, spec);
    power = new PowerManagementCapability(bits);
    msi = spec.msiVectors() == 0 ? null : new MsiCapability(bits, spec.msiVectors());
    pcie = new PciExpressCapability(bits);
    msix = spec.msixVectors() == 0 ? null : new MsixCapability(bits, spec);
    vendor = new VendorCapabilities(bits, spec);
    aer = new AerCapability(bits);
    if (spec.serialNumber() != 0) {
      SerialNumberCapability.declare(bits, spec.serialNumber());
    }
  }

  /**
   * A DW as software reads it; what is not implemented reads as 0.
   *
   * @param offset 0 to 4092, a multiple of 4
   */
  public int read(int offset) {
    return bits.read(offset);
  }

  /**
   * Software's write to a DW.
   *
   * @param offset 0 to 4092, a multiple of 4
   * @param value little-endian meaning: byte 0 in bits 7:0
   * @param byteEnables 4 bits, bit 0 for byte 0
   */
  public void write(int offset, int value, int byteEnables) {
    bits.write(offset, value, byteEnables);
    power.settle();
  }

  /** As after power-on, sticky bits too: nothing of a former server is left. */
  void powerOn() {
    bits.powerOn();
    power.settle();
  }

  /** As {@code kind} of reset leaves it. */
  void reset(ResetKind kind) {
    bits.reset(kind);
    power.settle();
  }

  void save(StateWriter state) {
    bits.save(state);
  }

  void restore(StateReader state) throws StateException {
    bits.restore(state);
    // No state is taken between the write that begins a reset and the reset.
    pcie.initiateFlr.set(false);
    power.settle();
  }

  /** Every field with its attribute and value, one a line: for people. */
  public String describe() {
    return bits.describe();
  }
}
