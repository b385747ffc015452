package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.Msi;

/** MSI with 64-bit addresses and per-vector masking (PCI Express Base Specification 7.7.1). */
final class MsiCapability {
  final Field enable;
  final Field mask;
  final Field pending;
  private final int vectorsMax;
  private final Field multipleMessageEnable;
  private final Field addressLow;
  private final Field addressHigh;
  private final Field data;

  /**
   * @param vectors a power of two, 1 to 32
   */
  MsiCapability(ConfigBits bits, int vectors) {
    vectorsMax = vectors;
    int at = bits.capability(CapabilityId.MSI, "MSI", Msi.BYTES_64_MASKING);
    Register control = bits.register(at + Msi.CONTROL, 16, "MSI Message Control");
    enable = control.bit(0, RW, "MSI Enable");
    control.field(3, 1, RO, "Multiple Message Capable", Integer.numberOfTrailingZeros(vectors));
    multipleMessageEnable = control.field(6, 4, RW, "Multiple Message Enable");
    control.bit(7, RO, "64-Bit Address Capable", true);
    control.bit(8, RO, "Per-Vector Masking Capable", true);
    addressLow =
        bits.register(at + Msi.ADDRESS, 32, "MSI Message Address")
            .field(31, 2, RW, "Message Address");
    addressHigh = bits.register(at + Msi.ADDRESS_UPPER, 32, "MSI Message Upper Address").all(RW, 0);
    data = bits.register(at + Msi.DATA_64, 16, "MSI Message Data").all(RW, 0);
    mask =
        bits.register(at + Msi.MASK_64, 32, "MSI Mask Bits").field(vectors - 1, 0, RW, "Mask Bits");
    pending =
        bits.register(at + Msi.PENDING_64, 32, "MSI Pending Bits")
            .field(vectors - 1, 0, RO, "Pending Bits");
  }

  /** Vectors that the function can use, 1 to 32. */
  int vectorsMax() {
    return vectorsMax;
  }

  /** Vectors that software has granted: never more than asked for, whatever it wrote. */
  int vectors() {
    return Math.min(1 << multipleMessageEnable.value(), vectorsMax);
  }

  long address() {
    return (long) addressHigh.value() << 32 | Integer.toUnsignedLong(addressLow.value() << 2);
  }

  /** Message Data of a vector: the low bits that were granted are the vector's number. */
  int data(int vector) {
    return data.value() & ~(vectors() - 1) | vector;
  }
}
