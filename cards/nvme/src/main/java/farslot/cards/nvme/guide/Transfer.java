package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Feature;
import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Sqe;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * What a command transfers, as far as its opcode tells: which way, and how much. The controller may
 * refuse the command and read nothing; it never reads more.
 */
final class Transfer {
  private static final int NUMD_LOW_SHIFT = 16;
  private static final int SAVE_AND_SELECT_MASK = 0xFF;
  private static final int SELECT_SHIFT = 8;
  private static final int SELECT_MASK = 7;
  private static final int REGISTER_BYTES = 16;
  private static final int ACQUIRE_BYTES = 16;
  private static final int RELEASE_BYTES = 8;
  private static final int STRUCTURE_BYTES = 4096;

  private final Namespaces namespaces;

  /** Nobody here knows what this command reads. */
  boolean unknown;

  /** Data goes to the controller; else to the server. */
  boolean toController;

  /** Of data; 0 when there is none. */
  long bytes;

  Transfer(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** Looks at a submission queue entry. */
  void of(boolean admin, MemorySegment sqe, long at) {
    int opcode = LittleEndian.u8(sqe, at + Sqe.OPCODE);
    toController = (opcode & Opcode.DIRECTION_MASK) == Opcode.TO_CONTROLLER;
    long length = admin ? admin(opcode, sqe, at) : io(opcode, sqe, at);
    unknown = length < 0;
    bytes = length;
  }

  private static long admin(int opcode, MemorySegment sqe, long at) {
    return switch (opcode) {
      case Opcode.DELETE_IO_SQ,
          Opcode.DELETE_IO_CQ,
          Opcode.ABORT,
          Opcode.ASYNC_EVENT_REQUEST,
          Opcode.FIRMWARE_COMMIT,
          Opcode.DEVICE_SELF_TEST,
          Opcode.KEEP_ALIVE,
          Opcode.FORMAT_NVM,
          Opcode.SANITIZE ->
          0;
      // Contiguous ones; GuidedQueues sees to the others.
      case Opcode.CREATE_IO_SQ, Opcode.CREATE_IO_CQ -> 0;
      case Opcode.GET_FEATURES -> gottenBytes(LittleEndian.i32(sqe, at + Sqe.CDW10));
      case Opcode.IDENTIFY, Opcode.NAMESPACE_MANAGEMENT, Opcode.NAMESPACE_ATTACHMENT ->
          STRUCTURE_BYTES;
      case Opcode.GET_LOG_PAGE -> logBytes(sqe, at);
      case Opcode.SET_FEATURES -> featureBytes(LittleEndian.i32(sqe, at + Sqe.CDW10));
      case Opcode.FIRMWARE_DOWNLOAD, Opcode.DIRECTIVE_SEND, Opcode.DIRECTIVE_RECEIVE ->
          4 * (LittleEndian.u32(sqe, at + Sqe.CDW10) + 1);
      case Opcode.SECURITY_SEND, Opcode.SECURITY_RECEIVE -> LittleEndian.u32(sqe, at + Sqe.CDW11);
      default -> -1;
    };
  }

  /** NUMDL in CDW10 31:16, NUMDU in CDW11 15:0, 0's based dwords (Base 5.16). */
  private static long logBytes(MemorySegment sqe, long at) {
    long low = LittleEndian.u32(sqe, at + Sqe.CDW10) >>> NUMD_LOW_SHIFT;
    long high = LittleEndian.u16(sqe, at + Sqe.CDW11);
    return 4 * ((high << NUMD_LOW_SHIFT | low) + 1);
  }

  /** What Get Features brings beside its completion: nothing for most, and for capabilities. */
  private static long gottenBytes(int cdw10) {
    if ((cdw10 >> SELECT_SHIFT & SELECT_MASK) == Feature.SEL_SUPPORTED) {
      return 0;
    }
    return switch (cdw10 & SAVE_AND_SELECT_MASK) {
      case Feature.AUTONOMOUS_POWER_STATE_TRANSITION ->
          Feature.AUTONOMOUS_POWER_STATE_TRANSITION_BYTES;
      case Feature.TIMESTAMP -> Feature.TIMESTAMP_BYTES;
      case Feature.HOST_BEHAVIOR_SUPPORT -> Feature.HOST_BEHAVIOR_SUPPORT_BYTES;
      case Feature.LBA_RANGE_TYPE, Feature.HOST_MEMORY_BUFFER -> STRUCTURE_BYTES;
      default -> 0;
    };
  }

  private static long featureBytes(int cdw10) {
    return switch (cdw10 & SAVE_AND_SELECT_MASK) {
      case Feature.ARBITRATION,
          Feature.POWER_MANAGEMENT,
          Feature.TEMPERATURE_THRESHOLD,
          Feature.ERROR_RECOVERY,
          Feature.VOLATILE_WRITE_CACHE,
          Feature.NUMBER_OF_QUEUES,
          Feature.INTERRUPT_COALESCING,
          Feature.INTERRUPT_VECTOR_CONFIGURATION,
          Feature.WRITE_ATOMICITY,
          Feature.ASYNC_EVENT_CONFIGURATION,
          Feature.KEEP_ALIVE_TIMER ->
          0;
      case Feature.AUTONOMOUS_POWER_STATE_TRANSITION ->
          Feature.AUTONOMOUS_POWER_STATE_TRANSITION_BYTES;
      case Feature.TIMESTAMP -> Feature.TIMESTAMP_BYTES;
      case Feature.HOST_BEHAVIOR_SUPPORT -> Feature.HOST_BEHAVIOR_SUPPORT_BYTES;
      // A host memory buffer, above all: the controller reads it when it likes.
      default -> -1;
    };
  }

  private long io(int opcode, MemorySegment sqe, long at) {
    return switch (opcode) {
      case Opcode.FLUSH, Opcode.WRITE_UNCORRECTABLE, Opcode.WRITE_ZEROES, Opcode.VERIFY -> 0;
      case Opcode.READ, Opcode.WRITE, Opcode.COMPARE -> blocks(sqe, at);
      case Opcode.DATASET_MANAGEMENT ->
          ((LittleEndian.i32(sqe, at + Sqe.CDW10) & Nvm.DSM_NR_MASK) + 1) * Nvm.DSM_RANGE_BYTES;
      case Opcode.RESERVATION_REGISTER -> REGISTER_BYTES;
      case Opcode.RESERVATION_ACQUIRE -> ACQUIRE_BYTES;
      case Opcode.RESERVATION_RELEASE -> RELEASE_BYTES;
      case Opcode.RESERVATION_REPORT -> 4 * (LittleEndian.u32(sqe, at + Sqe.CDW10) + 1);
      default -> -1;
    };
  }

  private long blocks(MemorySegment sqe, long at) {
    int shift = namespaces.shift(LittleEndian.i32(sqe, at + Sqe.NSID));
    long count = (LittleEndian.i32(sqe, at + Sqe.CDW12) & Nvm.NLB_MASK) + 1;
    return shift == 0 ? -1 : count << shift;
  }
}
