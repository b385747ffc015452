package farslot.cards.nvme;

/** Every bound of the controller. */
final class NvmeLimits {
  /** Entries of an I/O queue; MQES is one less. */
  static final int QUEUE_ENTRIES_MAX = 4096;

  /** I/O queue pairs that fit the doorbell page beside the admin queues. */
  static final int QUEUES_MAX = 511;

  static final int QUEUES_DEFAULT = 64;

  static final int NAMESPACES_MAX = 256;

  /** log2 of the smallest memory page, and what CC.MPS counts from. */
  static final int PAGE_LOG2_MIN = 12;

  /** CAP.MPSMAX: pages up to 64 KiB. */
  static final int MPS_MAX = 4;

  /**
   * MDTS: 2^7 pages of 4 KiB. Enough that a round trip is small beside the transfer; more would
   * only lengthen what others wait for, and one page of PRPs names all of it.
   */
  static final int MDTS = 7;

  static final int DATA_BYTES_MAX = 1 << PAGE_LOG2_MIN + MDTS;

  /** Data that most commands carry fits here, bytes. */
  static final int SMALL_BYTES = 16 << 10;

  /** Room behind each buffer for reading back what is to be compared, bytes. */
  static final int SCRATCH_BYTES = 16 << 10;

  /** Commands under way: further entries stay in their submission queues. */
  static final int IO_COMMANDS_MAX = 1024;

  static final int ADMIN_COMMANDS_MAX = 64;

  /** With the next, 66 MiB at most; commands wait for a buffer in the order of their coming. */
  static final int SMALL_BUFFERS_MAX = 1024;

  static final int LARGE_BUFFERS_MAX = 64;

  /** A part of a PRP list or SGL segment that is read at once, bytes. */
  static final int LIST_BYTES = 2048;

  /** Pieces of one command's data after adjacent ones are joined. */
  static final int SCATTER_MAX = 1024;

  /** DMA reads under way for one command; more of its pieces follow as these come. */
  static final int RECEIVES_MAX = 32;

  /** SGL descriptors of one command, those for nothing included. */
  static final int SGL_DESCRIPTORS_MAX = 4096;

  /** Entries that a submission queue fetches ahead: two reads of 4 KiB. */
  static final int WINDOW_ENTRIES = 128;

  /** Completion entries of one queue that are written together: 1 KiB. */
  static final int HELD_ENTRIES_MAX = 64;

  /** Fetches under way for one submission queue. */
  static final int FETCHES_MAX = 16;

  /** RAB and the initial arbitration burst: 64 entries are one DMA read of 4 KiB. */
  static final int ARBITRATION_BURST_LOG2 = 6;

  /** Asynchronous Event Requests outstanding; AERL is one less. */
  static final int ASYNC_EVENTS_MAX = 8;

  /** ELPE plus one. */
  static final int ERROR_LOG_ENTRIES = 64;

  /** ACWU plus one: logical blocks of a fused compare and write. */
  static final int COMPARE_AND_WRITE_BLOCKS_MAX = 128;

  /** CAP.TO in 500 ms: how long stores may take to finish what is under way. */
  static final int READY_TIMEOUT = 60;

  private NvmeLimits() {}
}
