package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;
import static farslot.function.endpoint.Attribute.RW1C;
import static farslot.function.endpoint.Attribute.RWS;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.PcieCapability;
import farslot.pcie.config.PcieLink;

/**
 * The PCI Express Capability of an endpoint, version 2 (PCI Express Base Specification 7.5.3). The
 * link that it describes is a plausible x4 at 8 GT/s: there is none, but drivers print it.
 */
final class PciExpressCapability {
  private static final int SIZE_4096 = 5;
  private static final int SIZE_512 = 2;
  private static final int NO_LIMIT = 7;
  private static final int SPEEDS_VECTOR = 0b111;
  private static final int LANES = 4;
  private static final int TIMEOUT_RANGES_ABCD = 0xF;

  /** Ten years: as good as no timeout, and no sum of it overflows. */
  private static final long FOR_EVER_NS = 315_360_000_000_000_000L;

  // Device Control, 7.5.3.4
  final Field correctableReporting;
  final Field nonFatalReporting;
  final Field fatalReporting;
  final Field unsupportedRequestReporting;
  final Field maxPayloadSize;
  final Field extendedTag;
  final Field maxReadRequestSize;
  final Field initiateFlr;

  // Device Status, 7.5.3.5
  final Field correctableDetected;
  final Field nonFatalDetected;
  final Field fatalDetected;
  final Field unsupportedRequestDetected;
  final Field transactionsPending;

  // Device Control 2, 7.5.3.16
  final Field completionTimeoutValue;
  final Field completionTimeoutDisable;
  final Field atomicOpRequester;
  final Field tenBitTagRequester;

  PciExpressCapability(ConfigBits bits) {
    int at = bits.capability(CapabilityId.PCI_EXPRESS, "PCI Express", PcieCapability.BYTES);
    Register capabilities =
        bits.register(at + PcieCapability.CAPABILITIES, 16, "PCI Express Capabilities");
    capabilities.field(3, 0, RO, "Capability Version", PcieCapability.VERSION_2);
    capabilities.field(7, 4, RO, "Device/Port Type", PcieCapability.TYPE_ENDPOINT);

    Register deviceCapabilities =
        bits.register(at + PcieCapability.DEVICE_CAPABILITIES, 32, "Device Capabilities");
    deviceCapabilities.field(2, 0, RO, "Max_Payload_Size Supported", SIZE_4096);
    deviceCapabilities.bit(5, RO, "Extended Tag Field Supported", true);
    deviceCapabilities.field(8, 6, RO, "Endpoint L0s Acceptable Latency", NO_LIMIT);
    deviceCapabilities.field(11, 9, RO, "Endpoint L1 Acceptable Latency", NO_LIMIT);
    deviceCapabilities.bit(15, RO, "Role-Based Error Reporting", true);
    deviceCapabilities.bit(28, RO, "Function Level Reset Capability", true);

    Register control = bits.register(at + PcieCapability.DEVICE_CONTROL, 16, "Device Control");
    correctableReporting = control.bit(0, RW, "Correctable Error Reporting Enable");
    nonFatalReporting = control.bit(1, RW, "Non-Fatal Error Reporting Enable");
    fatalReporting = control.bit(2, RW, "Fatal Error Reporting Enable");
    unsupportedRequestReporting = control.bit(3, RW, "Unsupported Request Reporting Enable");
    control.bit(4, RW, "Enable Relaxed Ordering", true);
    maxPayloadSize = control.field(7, 5, RW, "Max_Payload_Size").keptByFlr();
    extendedTag = control.bit(8, RW, "Extended Tag Field Enable", true);
    control.bit(11, RW, "Enable No Snoop", true);
    maxReadRequestSize = control.field(14, 12, RW, "Max_Read_Request_Size", SIZE_512);
    // Written 1 it begins the reset, which clears it again: software always reads 0.
    initiateFlr = control.bit(15, RW, "Initiate Function Level Reset");

    Register status = bits.register(at + PcieCapability.DEVICE_STATUS, 16, "Device Status");
    correctableDetected = status.bit(0, RW1C, "Correctable Error Detected");
    nonFatalDetected = status.bit(1, RW1C, "Non-Fatal Error Detected");
    fatalDetected = status.bit(2, RW1C, "Fatal Error Detected");
    unsupportedRequestDetected = status.bit(3, RW1C, "Unsupported Request Detected");
    transactionsPending = status.bit(5, RO, "Transactions Pending");

    declareLink(bits, at);

    Register deviceCapabilities2 =
        bits.register(at + PcieCapability.DEVICE_CAPABILITIES_2, 32, "Device Capabilities 2");
    deviceCapabilities2.field(3, 0, RO, "Completion Timeout Ranges Supported", TIMEOUT_RANGES_ABCD);
    deviceCapabilities2.bit(4, RO, "Completion Timeout Disable Supported", true);
    deviceCapabilities2.bit(16, RO, "10-Bit Tag Completer Supported", true);
    deviceCapabilities2.bit(17, RO, "10-Bit Tag Requester Supported", true);

    Register control2 = bits.register(at + PcieCapability.DEVICE_CONTROL_2, 16, "Device Control 2");
    completionTimeoutValue = control2.field(3, 0, RW, "Completion Timeout Value");
    completionTimeoutDisable = control2.bit(4, RW, "Completion Timeout Disable");
    atomicOpRequester = control2.bit(6, RW, "AtomicOp Requester Enable");
    tenBitTagRequester = control2.bit(12, RW, "10-Bit Tag Requester Enable");
  }

  /** Link Capabilities to Link Status 2, 7.5.3.6 to 7.5.3.8 and 7.5.3.18 to 7.5.3.20. */
  private static void declareLink(ConfigBits bits, int at) {
    Register capabilities = bits.register(at + PcieLink.LINK_CAPABILITIES, 32, "Link Capabilities");
    capabilities.field(3, 0, RO, "Max Link Speed", PcieLink.SPEED_8_GT);
    capabilities.field(9, 4, RO, "Maximum Link Width", LANES);
    capabilities.bit(22, RO, "ASPM Optionality Compliance", true);

    Register control = bits.register(at + PcieLink.LINK_CONTROL, 16, "Link Control");
    control.field(1, 0, RW, "ASPM Control").keptByFlr();
    control.bit(3, RW, "Read Completion Boundary").keptByFlr();
    control.bit(6, RW, "Common Clock Configuration").keptByFlr();
    control.bit(7, RW, "Extended Synch").keptByFlr();

    Register status = bits.register(at + PcieLink.LINK_STATUS, 16, "Link Status");
    status.field(3, 0, RO, "Current Link Speed", PcieLink.SPEED_8_GT);
    status.field(9, 4, RO, "Negotiated Link Width", LANES);
    status.bit(12, RO, "Slot Clock Configuration", true);

    bits.register(at + PcieLink.LINK_CAPABILITIES_2, 32, "Link Capabilities 2")
        .field(7, 1, RO, "Supported Link Speeds Vector", SPEEDS_VECTOR);
    bits.register(at + PcieLink.LINK_CONTROL_2, 16, "Link Control 2")
        .field(3, 0, RWS, "Target Link Speed", PcieLink.SPEED_8_GT);
    bits.register(at + PcieLink.LINK_STATUS_2, 16, "Link Status 2")
        .bit(1, RO, "Equalization 8.0 GT/s Complete", true);
  }

  /** Max_Payload_Size in bytes: 128 to 4096; reserved encodings count as 4096. */
  int maxPayloadBytes() {
    return PcieCapability.sizeBytes(Math.min(maxPayloadSize.value(), SIZE_4096));
  }

  /** Max_Read_Request_Size in bytes: 128 to 4096; reserved encodings count as 4096. */
  int maxReadRequestBytes() {
    return PcieCapability.sizeBytes(Math.min(maxReadRequestSize.value(), SIZE_4096));
  }

  /**
   * How long to wait for a completion, given our own default. The ranges of 7.5.3.16 only lengthen
   * it: they are meant for a machine's own fabric, and a break in the network that the session
   * survives must not look to the card like a dead server.
   */
  long completionTimeoutNs(long defaultNs) {
    if (completionTimeoutDisable.isSet()) {
      return FOR_EVER_NS;
    }
    long rangeMs =
        switch (completionTimeoutValue.value()) {
          case 0x1 -> 0; // 50 us to 100 us
          case 0x2 -> 10;
          case 0x5 -> 55;
          case 0x6 -> 210;
          case 0x9 -> 900;
          case 0xA -> 3_500;
          case 0xD -> 13_000;
          case 0xE -> 64_000;
          default -> 0;
        };
    return Math.max(defaultNs, rangeMs * 1_000_000);
  }
}
