package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.ROS;
import static farslot.function.endpoint.Attribute.RW1CS;
import static farslot.function.endpoint.Attribute.RWS;

import farslot.pcie.config.Aer;
import farslot.pcie.config.ExtendedCapabilityId;
import java.util.EnumMap;
import java.util.Map;

/** Advanced Error Reporting Extended Capability (PCI Express Base Specification 7.8.4). */
final class AerCapability {
  private static final int HEADER_LOG_DW = Aer.HEADER_LOG_BYTES / 4;

  // Correctable Error Status and Mask, 7.8.4.5 and 7.8.4.6
  final Field advisoryNonFatal;
  final Field advisoryNonFatalMask;

  private final Map<UncorrectableError, Field> status = new EnumMap<>(UncorrectableError.class);
  private final Map<UncorrectableError, Field> mask = new EnumMap<>(UncorrectableError.class);
  private final Map<UncorrectableError, Field> severity = new EnumMap<>(UncorrectableError.class);
  private final Field firstErrorPointer;
  private final Field[] headerLog = new Field[HEADER_LOG_DW];

  AerCapability(ConfigBits bits) {
    int at =
        bits.extendedCapability(
            ExtendedCapabilityId.AER, Aer.VERSION, "Advanced Error Reporting", Aer.BYTES);
    Register statusRegister =
        bits.register(at + Aer.UNCORRECTABLE_STATUS, 32, "Uncorrectable Error Status");
    Register maskRegister =
        bits.register(at + Aer.UNCORRECTABLE_MASK, 32, "Uncorrectable Error Mask");
    Register severityRegister =
        bits.register(at + Aer.UNCORRECTABLE_SEVERITY, 32, "Uncorrectable Error Severity");
    for (UncorrectableError each : UncorrectableError.values()) {
      // 7.8.4.3: an internal error is masked until software wants to hear of it.
      boolean masked = each == UncorrectableError.INTERNAL_ERROR;
      status.put(each, statusRegister.bit(each.bit, RW1CS, each.words));
      mask.put(each, maskRegister.bit(each.bit, RWS, each.words, masked));
      severity.put(each, severityRegister.bit(each.bit, RWS, each.words, each.fatal));
    }
    Register correctable =
        bits.register(at + Aer.CORRECTABLE_STATUS, 32, "Correctable Error Status");
    Register correctableMask =
        bits.register(at + Aer.CORRECTABLE_MASK, 32, "Correctable Error Mask");
    declareLinkErrors(correctable, RW1CS);
    declareLinkErrors(correctableMask, RWS);
    advisoryNonFatal = correctable.bit(13, RW1CS, "Advisory Non-Fatal Error");
    advisoryNonFatalMask = correctableMask.bit(13, RWS, "Advisory Non-Fatal Error", true);

    firstErrorPointer =
        bits.register(at + Aer.CONTROL, 32, "Advanced Error Capabilities and Control")
            .field(4, 0, ROS, "First Error Pointer");
    for (int i = 0; i < HEADER_LOG_DW; i++) {
      headerLog[i] = bits.register(at + Aer.HEADER_LOG + 4 * i, 32, "Header Log " + i).all(ROS, 0);
    }
    for (int i = 0; i < HEADER_LOG_DW; i++) {
      bits.register(at + Aer.PREFIX_LOG + 4 * i, 32, "TLP Prefix Log " + i).all(RO, 0);
    }
  }

  /** Errors of the Data Link Layer, which every port declares; here they never happen. */
  private static void declareLinkErrors(Register register, Attribute attribute) {
    register.bit(0, attribute, "Receiver Error");
    register.bit(6, attribute, "Bad TLP");
    register.bit(7, attribute, "Bad DLLP");
    register.bit(8, attribute, "REPLAY_NUM Rollover");
    register.bit(12, attribute, "Replay Timer Timeout");
  }

  boolean fatal(UncorrectableError error) {
    return severity.get(error).isSet();
  }

  boolean masked(UncorrectableError error) {
    return mask.get(error).isSet();
  }

  void setStatus(UncorrectableError error) {
    status.get(error).set(true);
  }

  /**
   * Whether a first error is on record whose status software has not cleared yet: then the Header
   * Log belongs to it (6.2.4.2).
   */
  boolean firstErrorPending() {
    for (UncorrectableError each : UncorrectableError.values()) {
      if (each.bit == firstErrorPointer.value()) {
        return status.get(each).isSet();
      }
    }
    return false;
  }

  void setFirstError(UncorrectableError error) {
    firstErrorPointer.set(error.bit);
  }

  /** One DW of the offending TLP's header: byte 0 of the header is the most significant. */
  void logHeader(int dw, int bigEndian) {
    headerLog[dw].set(bigEndian);
  }
}
