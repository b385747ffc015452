package farslot.function.endpoint;

import farslot.pcie.config.ExtendedCapabilityId;
import farslot.pcie.config.SerialNumber;

/** Device Serial Number Extended Capability (PCI Express Base Specification 7.9.3). */
final class SerialNumberCapability {
  private SerialNumberCapability() {}

  static void declare(ConfigBits bits, long serialNumber) {
    int at =
        bits.extendedCapability(
            ExtendedCapabilityId.DEVICE_SERIAL_NUMBER,
            SerialNumber.VERSION,
            "Device Serial Number",
            SerialNumber.BYTES);
    bits.register(at + SerialNumber.LOWER, 32, "Serial Number, lower")
        .all(Attribute.RO, (int) serialNumber);
    bits.register(at + SerialNumber.UPPER, 32, "Serial Number, upper")
        .all(Attribute.RO, (int) (serialNumber >>> 32));
  }
}
