package farslot.linux;

/** Numbers of linux/io_uring.h, the same on every machine. Structures are native-endian. */
final class IoRingLayout {
  private IoRingLayout() {}

  // ---- struct io_uring_params

  static final int PARAMS_BYTES = 120;
  static final int PARAMS_SQ_ENTRIES = 0;
  static final int PARAMS_CQ_ENTRIES = 4;
  static final int PARAMS_FLAGS = 8;
  static final int PARAMS_FEATURES = 20;

  /** struct io_sqring_offsets in it. */
  static final int SQ_HEAD = 40;

  static final int SQ_TAIL = 44;
  static final int SQ_FLAGS = 56;
  static final int SQ_ARRAY = 64;

  /** struct io_cqring_offsets in it. */
  static final int CQ_HEAD = 80;

  static final int CQ_TAIL = 84;
  static final int CQ_CQES = 100;

  // ---- flags of io_uring_setup(2)

  static final int SETUP_CQSIZE = 1 << 3;
  static final int SETUP_CLAMP = 1 << 4;
  static final int SETUP_COOP_TASKRUN = 1 << 8;

  // ---- features that it tells

  static final int FEATURE_SINGLE_MMAP = 1;
  static final int FEATURE_NODROP = 1 << 1;

  // ---- what can be mapped

  static final long MAP_RINGS = 0;
  static final long MAP_SQES = 0x1000_0000L;

  // ---- struct io_uring_sqe

  static final int SQE_BYTES = 64;

  /** u8 opcode, u8 flags, u16 priority: here as one little-endian u32. */
  static final int SQE_OPCODE = 0;

  /** IOSQE_ASYNC, in that. */
  static final int SQE_ASYNC = 1 << 4 + 8;

  static final int SQE_FD = 4;
  static final int SQE_OFF = 8;
  static final int SQE_ADDR = 16;
  static final int SQE_LEN = 24;
  static final int SQE_OP_FLAGS = 28;
  static final int SQE_USER_DATA = 32;

  // ---- struct io_uring_cqe

  static final int CQE_BYTES = 16;
  static final int CQE_USER_DATA = 0;
  static final int CQE_RES = 8;

  // ---- operations

  static final int OP_NOP = 0;
  static final int OP_FSYNC = 3;
  static final int OP_FALLOCATE = 17;
  static final int OP_READ = 22;
  static final int OP_WRITE = 23;
  static final int FSYNC_DATASYNC = 1;

  // ---- io_uring_enter(2)

  static final int ENTER_GETEVENTS = 1;

  /** In the submission ring's flags: completions wait in the kernel for room. */
  static final int SQ_CQ_OVERFLOW = 1 << 1;

  // ---- io_uring_register(2): which operations there are

  static final int REGISTER_PROBE = 8;

  /** struct io_uring_probe: u8 last_op, 15 bytes, then struct io_uring_probe_op each. */
  static final int PROBE_BYTES = 16;

  /** struct io_uring_probe_op: u8 op, u8 0, u16 flags, u32 0. */
  static final int PROBE_OP_BYTES = 8;

  static final int PROBE_OP_FLAGS = 2;
  static final int PROBE_OP_SUPPORTED = 1;
}
