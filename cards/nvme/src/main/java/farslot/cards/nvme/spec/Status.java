package farslot.cards.nvme.spec;

/**
 * Status field values, 15 bits without the phase tag: SC in 7:0, SCT in 10:8, CRD in 12:11, M in
 * 13, DNR in 14 (Base 3.3.3.2.1). Those that would fail again the same way carry Do Not Retry.
 */
public final class Status {
  public static final int MORE = 1 << 13;
  public static final int DNR = 1 << 14;

  /** SCT and SC. */
  public static final int CODE_MASK = 0x7FF;

  private static final int COMMAND_SPECIFIC = 1 << 8;
  private static final int MEDIA = 2 << 8;

  // Generic (Base figure 94).
  public static final int SUCCESS = 0;
  public static final int INVALID_OPCODE = 0x01 | DNR;
  public static final int INVALID_FIELD = 0x02 | DNR;
  public static final int DATA_TRANSFER_ERROR = 0x04;
  public static final int INTERNAL_ERROR = 0x06;
  public static final int ABORT_REQUESTED = 0x07;
  public static final int ABORTED_SQ_DELETION = 0x08;
  public static final int ABORTED_FAILED_FUSED = 0x09;
  public static final int ABORTED_MISSING_FUSED = 0x0A | DNR;
  public static final int INVALID_NAMESPACE = 0x0B | DNR;
  public static final int COMMAND_SEQUENCE_ERROR = 0x0C | DNR;
  public static final int INVALID_SGL_SEGMENT = 0x0D | DNR;
  public static final int INVALID_SGL_COUNT = 0x0E | DNR;
  public static final int DATA_SGL_LENGTH_INVALID = 0x0F | DNR;
  public static final int SGL_TYPE_INVALID = 0x11 | DNR;
  public static final int PRP_OFFSET_INVALID = 0x13 | DNR;
  public static final int ATOMIC_WRITE_UNIT_EXCEEDED = 0x14 | DNR;
  public static final int NAMESPACE_WRITE_PROTECTED = 0x20 | DNR;

  // Generic, of I/O command sets (NVM figure 16).
  public static final int LBA_OUT_OF_RANGE = 0x80 | DNR;
  public static final int CAPACITY_EXCEEDED = 0x81 | DNR;
  public static final int FORMAT_IN_PROGRESS = 0x84;

  // Command specific (Base figure 95, NVM figure 17).
  public static final int COMPLETION_QUEUE_INVALID = COMMAND_SPECIFIC | 0x00 | DNR;
  public static final int INVALID_QUEUE_IDENTIFIER = COMMAND_SPECIFIC | 0x01 | DNR;
  public static final int INVALID_QUEUE_SIZE = COMMAND_SPECIFIC | 0x02 | DNR;
  public static final int AER_LIMIT_EXCEEDED = COMMAND_SPECIFIC | 0x05 | DNR;
  public static final int INVALID_INTERRUPT_VECTOR = COMMAND_SPECIFIC | 0x08 | DNR;
  public static final int INVALID_LOG_PAGE = COMMAND_SPECIFIC | 0x09 | DNR;
  public static final int INVALID_FORMAT = COMMAND_SPECIFIC | 0x0A | DNR;
  public static final int INVALID_QUEUE_DELETION = COMMAND_SPECIFIC | 0x0C | DNR;
  public static final int FEATURE_NOT_SAVEABLE = COMMAND_SPECIFIC | 0x0D | DNR;
  public static final int FEATURE_NOT_CHANGEABLE = COMMAND_SPECIFIC | 0x0E | DNR;
  public static final int FEATURE_NOT_NAMESPACE_SPECIFIC = COMMAND_SPECIFIC | 0x0F | DNR;
  public static final int COMMAND_SET_COMBINATION_REJECTED = COMMAND_SPECIFIC | 0x2B | DNR;
  public static final int CONFLICTING_ATTRIBUTES = COMMAND_SPECIFIC | 0x80 | DNR;
  public static final int WRITE_TO_READ_ONLY_RANGE = COMMAND_SPECIFIC | 0x82 | DNR;

  // Media and data integrity (NVM figure 18).
  public static final int WRITE_FAULT = MEDIA | 0x80;
  public static final int UNRECOVERED_READ_ERROR = MEDIA | 0x81;
  public static final int COMPARE_FAILURE = MEDIA | 0x85 | DNR;

  private Status() {}
}
