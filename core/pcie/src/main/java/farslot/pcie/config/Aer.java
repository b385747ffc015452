package farslot.pcie.config;

/** The Advanced Error Reporting extended capability (7.8.4). All registers have 32 bits. */
public final class Aer {
  /** Bytes with the root's registers and the TLP Prefix Log. */
  public static final int BYTES = 0x48;

  public static final int VERSION = 2;

  /** Uncorrectable errors: status, mask and severity share their bits (7.8.4.2 to 7.8.4.4). */
  public static final int UNCORRECTABLE_STATUS = 0x04;

  public static final int UNCORRECTABLE_MASK = 0x08;
  public static final int UNCORRECTABLE_SEVERITY = 0x0C;
  public static final int DATA_LINK_PROTOCOL = 1 << 4;
  public static final int SURPRISE_DOWN = 1 << 5;
  public static final int POISONED_TLP = 1 << 12;
  public static final int FLOW_CONTROL_PROTOCOL = 1 << 13;
  public static final int COMPLETION_TIMEOUT = 1 << 14;
  public static final int COMPLETER_ABORT = 1 << 15;
  public static final int UNEXPECTED_COMPLETION = 1 << 16;
  public static final int RECEIVER_OVERFLOW = 1 << 17;
  public static final int MALFORMED_TLP = 1 << 18;
  public static final int ECRC_ERROR = 1 << 19;
  public static final int UNSUPPORTED_REQUEST = 1 << 20;
  public static final int ACS_VIOLATION = 1 << 21;
  public static final int UNCORRECTABLE_INTERNAL = 1 << 22;
  public static final int MC_BLOCKED_TLP = 1 << 23;
  public static final int ATOMIC_EGRESS_BLOCKED = 1 << 24;
  public static final int PREFIX_BLOCKED = 1 << 25;
  public static final int POISONED_EGRESS_BLOCKED = 1 << 26;

  /** Values after reset: what is fatal, and what is masked, unless software says otherwise. */
  public static final int SEVERITY_DEFAULT =
      DATA_LINK_PROTOCOL
          | SURPRISE_DOWN
          | FLOW_CONTROL_PROTOCOL
          | RECEIVER_OVERFLOW
          | MALFORMED_TLP
          | UNCORRECTABLE_INTERNAL;

  public static final int MASK_DEFAULT = UNCORRECTABLE_INTERNAL | POISONED_EGRESS_BLOCKED;

  /** Correctable errors (7.8.4.5, 7.8.4.6). */
  public static final int CORRECTABLE_STATUS = 0x10;

  public static final int CORRECTABLE_MASK = 0x14;
  public static final int RECEIVER_ERROR = 1 << 0;
  public static final int BAD_TLP = 1 << 6;
  public static final int BAD_DLLP = 1 << 7;
  public static final int REPLAY_NUM_ROLLOVER = 1 << 8;
  public static final int REPLAY_TIMER_TIMEOUT = 1 << 12;
  public static final int ADVISORY_NON_FATAL = 1 << 13;
  public static final int CORRECTED_INTERNAL = 1 << 14;
  public static final int HEADER_LOG_OVERFLOW = 1 << 15;
  public static final int CORRECTABLE_MASK_DEFAULT =
      ADVISORY_NON_FATAL | CORRECTED_INTERNAL | HEADER_LOG_OVERFLOW;

  /** Advanced Error Capabilities and Control (7.8.4.7). */
  public static final int CONTROL = 0x18;

  public static final int FIRST_ERROR_POINTER_MASK = 0x1F;
  public static final int ECRC_GENERATION_CAPABLE = 1 << 5;
  public static final int ECRC_GENERATION_ENABLE = 1 << 6;
  public static final int ECRC_CHECK_CAPABLE = 1 << 7;
  public static final int ECRC_CHECK_ENABLE = 1 << 8;
  public static final int PREFIX_LOG_PRESENT = 1 << 11;

  /** Header Log: four DWs, the header's bytes 0 to 3 in the first, byte 0 on top (7.8.4.8). */
  public static final int HEADER_LOG = 0x1C;

  public static final int HEADER_LOG_BYTES = 16;

  /** Root ports only (7.8.4.9 to 7.8.4.11). */
  public static final int ROOT_ERROR_COMMAND = 0x2C;

  public static final int ROOT_REPORT_CORRECTABLE = 1 << 0;
  public static final int ROOT_REPORT_NON_FATAL = 1 << 1;
  public static final int ROOT_REPORT_FATAL = 1 << 2;
  public static final int ROOT_ERROR_STATUS = 0x30;
  public static final int ROOT_ERR_COR_RECEIVED = 1 << 0;
  public static final int ROOT_MULTIPLE_ERR_COR = 1 << 1;
  public static final int ROOT_ERR_FATAL_NONFATAL_RECEIVED = 1 << 2;
  public static final int ROOT_MULTIPLE_ERR_FATAL_NONFATAL = 1 << 3;
  public static final int ROOT_FIRST_FATAL = 1 << 4;
  public static final int ROOT_NON_FATAL_RECEIVED = 1 << 5;
  public static final int ROOT_FATAL_RECEIVED = 1 << 6;
  public static final int ROOT_ERROR_SOURCE = 0x34;

  /** TLP Prefix Log, four DWs (7.8.4.12). */
  public static final int PREFIX_LOG = 0x38;

  private Aer() {}
}
