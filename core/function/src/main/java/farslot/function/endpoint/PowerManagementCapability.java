package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.PowerManagement;

/**
 * PCI Power Management Capability (PCI Express Base Specification 7.5.2): D0 and D3hot, no PME.
 * No_Soft_Reset is set, so coming back from D3hot keeps all state.
 */
final class PowerManagementCapability {
  private final Field powerState;
  private int settled = PowerManagement.POWER_STATE_D0;

  PowerManagementCapability(ConfigBits bits) {
    int at =
        bits.capability(CapabilityId.POWER_MANAGEMENT, "Power Management", PowerManagement.BYTES);
    bits.register(at + PowerManagement.PMC, 16, "Power Management Capabilities")
        .field(2, 0, RO, "Version", PowerManagement.PMC_VERSION_3);
    Register control =
        bits.register(at + PowerManagement.PMCSR, 16, "Power Management Control/Status");
    powerState = control.field(1, 0, RW, "PowerState");
    control.bit(3, RO, "No_Soft_Reset", true);
  }

  /** After a write: states that are not supported (D1, D2) are discarded, 7.5.2.2. */
  void settle() {
    int wanted = powerState.value();
    if (wanted != PowerManagement.POWER_STATE_D0 && wanted != PowerManagement.POWER_STATE_D3_HOT) {
      powerState.set(settled);
    }
    settled = powerState.value();
  }

  /** Whether the function is awake; in D3hot it answers configuration requests only. */
  boolean inD0() {
    return powerState.value() == PowerManagement.POWER_STATE_D0;
  }
}
