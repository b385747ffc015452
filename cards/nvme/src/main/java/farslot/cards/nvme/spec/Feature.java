package farslot.cards.nvme.spec;

/** Feature identifiers (Base figure 316, NVM figure 87) and their fields. */
public final class Feature {
  public static final int ARBITRATION = 0x01;
  public static final int POWER_MANAGEMENT = 0x02;
  public static final int LBA_RANGE_TYPE = 0x03;
  public static final int TEMPERATURE_THRESHOLD = 0x04;
  public static final int ERROR_RECOVERY = 0x05;
  public static final int VOLATILE_WRITE_CACHE = 0x06;
  public static final int NUMBER_OF_QUEUES = 0x07;
  public static final int INTERRUPT_COALESCING = 0x08;
  public static final int INTERRUPT_VECTOR_CONFIGURATION = 0x09;
  public static final int WRITE_ATOMICITY = 0x0A;
  public static final int ASYNC_EVENT_CONFIGURATION = 0x0B;
  public static final int AUTONOMOUS_POWER_STATE_TRANSITION = 0x0C;
  public static final int HOST_MEMORY_BUFFER = 0x0D;
  public static final int TIMESTAMP = 0x0E;
  public static final int KEEP_ALIVE_TIMER = 0x0F;
  public static final int HOST_BEHAVIOR_SUPPORT = 0x16;
  public static final int IO_COMMAND_SET_PROFILE = 0x19;

  // Get Features SEL (Base figure 192).
  public static final int SEL_CURRENT = 0;
  public static final int SEL_DEFAULT = 1;
  public static final int SEL_SAVED = 2;
  public static final int SEL_SUPPORTED = 3;

  /** Of what Supported Capabilities answers (Base figure 195). */
  public static final int CAPABILITY_NAMESPACE_SPECIFIC = 1 << 1;

  public static final int CAPABILITY_CHANGEABLE = 1 << 2;

  /** Coalescing Disable (Base 5.27.1.7). */
  public static final int VECTOR_COALESCING_DISABLE = 1 << 16;

  /** Deallocated or Unwritten Logical Block Error Enable (NVM 4.1.3.2). */
  public static final int ERROR_RECOVERY_DULBE = 1 << 16;

  public static final int TIMESTAMP_BYTES = 8;
  public static final int AUTONOMOUS_POWER_STATE_TRANSITION_BYTES = 256;
  public static final int HOST_BEHAVIOR_SUPPORT_BYTES = 512;

  private Feature() {}
}
