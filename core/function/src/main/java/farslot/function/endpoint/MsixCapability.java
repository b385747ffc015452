package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;

import farslot.function.FunctionSpec;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.Msix;

/** MSI-X (PCI Express Base Specification 7.7.2). The table itself is {@link MsixTable}. */
final class MsixCapability {
  final Field enable;
  final Field functionMask;

  MsixCapability(ConfigBits bits, FunctionSpec spec) {
    int at = bits.capability(CapabilityId.MSIX, "MSI-X", Msix.BYTES);
    Register control = bits.register(at + Msix.CONTROL, 16, "MSI-X Message Control");
    control.field(10, 0, RO, "Table Size", spec.msixVectors() - 1);
    functionMask = control.bit(14, RW, "Function Mask");
    enable = control.bit(15, RW, "MSI-X Enable");
    Register table = bits.register(at + Msix.TABLE, 32, "MSI-X Table Offset");
    table.field(2, 0, RO, "Table BIR", spec.msixBar());
    table.field(31, 3, RO, "Table Offset", spec.msixTableOffset() >>> 3);
    Register pba = bits.register(at + Msix.PBA, 32, "MSI-X PBA Offset");
    pba.field(2, 0, RO, "PBA BIR", spec.msixPbaBar());
    pba.field(31, 3, RO, "PBA Offset", spec.msixPbaOffset() >>> 3);
  }
}
