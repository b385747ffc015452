package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;
import static farslot.function.endpoint.Attribute.RW1C;

import farslot.function.FunctionSpec;
import farslot.pcie.config.ConfigHeader;

/** The type 0 configuration header (PCI Express Base Specification 7.5.1.1 and 7.5.1.2). */
final class Type0Header {
  private static final int TYPE_32 = 0;
  private static final int TYPE_64 = 2;

  // Command, 7.5.1.1.3
  final Field ioSpace;
  final Field memorySpace;
  final Field busMaster;
  final Field parityErrorResponse;
  final Field serrEnable;
  final Field interruptDisable;

  // Status, 7.5.1.1.4
  final Field interruptStatus;
  final Field masterDataParityError;
  final Field signaledTargetAbort;
  final Field receivedTargetAbort;
  final Field receivedMasterAbort;
  final Field signaledSystemError;
  final Field detectedParityError;

  private final ConfigBits bits;

  Type0Header(ConfigBits bits, FunctionSpec spec) {
    this.bits = bits;
    bits.register(ConfigHeader.VENDOR_ID, 16, "Vendor ID").all(RO, spec.vendorId());
    bits.register(ConfigHeader.DEVICE_ID, 16, "Device ID").all(RO, spec.deviceId());

    Register command = bits.register(ConfigHeader.COMMAND, 16, "Command");
    ioSpace = command.bit(0, RW, "I/O Space Enable");
    memorySpace = command.bit(1, RW, "Memory Space Enable");
    busMaster = command.bit(2, RW, "Bus Master Enable");
    parityErrorResponse = command.bit(6, RW, "Parity Error Response");
    serrEnable = command.bit(8, RW, "SERR# Enable");
    interruptDisable = command.bit(10, RW, "Interrupt Disable");

    Register status = bits.register(ConfigHeader.STATUS, 16, "Status");
    interruptStatus = status.bit(3, RO, "Interrupt Status");
    status.bit(4, RO, "Capabilities List", true);
    masterDataParityError = status.bit(8, RW1C, "Master Data Parity Error");
    signaledTargetAbort = status.bit(11, RW1C, "Signaled Target Abort");
    receivedTargetAbort = status.bit(12, RW1C, "Received Target Abort");
    receivedMasterAbort = status.bit(13, RW1C, "Received Master Abort");
    signaledSystemError = status.bit(14, RW1C, "Signaled System Error");
    detectedParityError = status.bit(15, RW1C, "Detected Parity Error");

    bits.register(ConfigHeader.REVISION_ID, 8, "Revision ID").all(RO, spec.revisionId());
    bits.register(ConfigHeader.CLASS_CODE, 24, "Class Code").all(RO, spec.classCode());
    bits.register(ConfigHeader.CACHE_LINE_SIZE, 8, "Cache Line Size").all(RW, 0);
    bits.register(ConfigHeader.HEADER_TYPE, 8, "Header Type").all(RO, 0);
    spec.bars().forEach(this::declareBar);
    bits.register(ConfigHeader.SUBSYSTEM_VENDOR_ID, 16, "Subsystem Vendor ID")
        .all(RO, spec.subsystemVendorId());
    bits.register(ConfigHeader.SUBSYSTEM_ID, 16, "Subsystem ID").all(RO, spec.subsystemId());
    bits.register(ConfigHeader.INTERRUPT_LINE, 8, "Interrupt Line").all(RW, 0);
    bits.register(ConfigHeader.INTERRUPT_PIN, 8, "Interrupt Pin").all(RO, spec.interruptPin());
  }

  /**
   * Base Address Registers, 7.5.1.2.1. Only the address bits at and above the size can be written,
   * so that writing all-ones and reading back gives the size.
   */
  private void declareBar(FunctionSpec.Bar bar) {
    int at = ConfigHeader.BAR0 + 4 * bar.index();
    int sizeBits = Long.numberOfTrailingZeros(bar.sizeBytes());
    boolean is64 = bar.kind() == FunctionSpec.BarKind.MEMORY_64;
    Register low = bits.register(at, 32, "Base Address " + bar.index());
    if (bar.kind() == FunctionSpec.BarKind.IO) {
      low.bit(0, RO, "I/O Space Indicator", true);
    } else {
      low.bit(0, RO, "Memory Space Indicator", false);
      low.field(2, 1, RO, "Type", is64 ? TYPE_64 : TYPE_32);
      low.bit(3, RO, "Prefetchable", bar.prefetchable());
    }
    if (sizeBits < 32) {
      low.field(31, sizeBits, RW, "Base Address");
    }
    if (is64) {
      bits.register(at + 4, 32, "Base Address " + (bar.index() + 1))
          .field(31, Math.max(sizeBits - 32, 0), RW, "Base Address, upper");
    }
  }

  /** The address that software has put into a BAR. */
  long base(FunctionSpec.Bar bar) {
    int at = ConfigHeader.BAR0 + 4 * bar.index();
    int low = bits.read(at);
    return switch (bar.kind()) {
      case IO -> Integer.toUnsignedLong(low & ~3);
      case MEMORY_32 -> Integer.toUnsignedLong(low & ~0xF);
      case MEMORY_64 -> (long) bits.read(at + 4) << 32 | Integer.toUnsignedLong(low & ~0xF);
    };
  }
}
