package farslot.fabric.software;

/** What the driver uses of the NVM Express Base Specification 2.0 and the NVM Command Set 1.0. */
final class NvmeRegisters {
  // Controller properties (3.1.3), offsets in BAR 0.
  static final int CAP = 0x00;
  static final int CC = 0x14;
  static final int CSTS = 0x1C;
  static final int AQA = 0x24;
  static final int ASQ = 0x28;
  static final int ACQ = 0x30;
  static final int DOORBELLS = 0x1000;

  static final int CC_ENABLE = 1;

  /** I/O submission entries of 64 bytes, completion entries of 16. */
  static final int CC_ENTRY_SIZES = 6 << 16 | 4 << 20;

  static final int CSTS_READY = 1;
  static final int CSTS_FATAL = 2;

  // Commands (5, and NVM Command Set 3.2).
  static final int ADMIN_CREATE_SQ = 0x01;
  static final int ADMIN_CREATE_CQ = 0x05;
  static final int ADMIN_IDENTIFY = 0x06;
  static final int ADMIN_SET_FEATURES = 0x09;
  static final int IO_FLUSH = 0x00;
  static final int IO_WRITE = 0x01;
  static final int IO_READ = 0x02;
  static final int FEATURE_QUEUES = 0x07;
  static final int IDENTIFY_NAMESPACE = 0x00;
  static final int IDENTIFY_CONTROLLER = 0x01;
  static final int IDENTIFY_ACTIVE = 0x02;

  static final int PAGE_BYTES = 4096;

  private NvmeRegisters() {}
}
