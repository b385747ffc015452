package farslot.cards.nvme.spec;

/** Log page identifiers (Base figure 202) and where fields lie in the pages. */
public final class LogPage {
  public static final int SUPPORTED_PAGES = 0x00;
  public static final int ERROR_INFORMATION = 0x01;
  public static final int SMART = 0x02;
  public static final int FIRMWARE_SLOT = 0x03;
  public static final int CHANGED_NAMESPACES = 0x04;
  public static final int COMMANDS_SUPPORTED = 0x05;
  public static final int FEATURES_SUPPORTED = 0x12;
  public static final int MI_COMMANDS_SUPPORTED = 0x13;

  // Error Information entry (Base 5.16.1.2, figure 206).
  public static final int ERROR_BYTES = 64;
  public static final int ERROR_COUNT = 0;
  public static final int ERROR_SQID = 8;
  public static final int ERROR_CID = 10;
  public static final int ERROR_STATUS = 12;
  public static final int ERROR_PARAMETER = 14;
  public static final int ERROR_LBA = 16;
  public static final int ERROR_NSID = 24;

  /** No one byte of the command is to blame. */
  public static final int ERROR_PARAMETER_NONE = 0xFFFF;

  // SMART / Health Information (Base 5.16.1.3, figure 207).
  public static final int SMART_BYTES = 512;
  public static final int SMART_CRITICAL_WARNING = 0;
  public static final int SMART_TEMPERATURE = 1;
  public static final int SMART_SPARE = 3;
  public static final int SMART_SPARE_THRESHOLD = 4;
  public static final int SMART_UNITS_READ = 32;
  public static final int SMART_UNITS_WRITTEN = 48;
  public static final int SMART_READ_COMMANDS = 64;
  public static final int SMART_WRITE_COMMANDS = 80;
  public static final int SMART_BUSY_MINUTES = 96;
  public static final int SMART_POWER_CYCLES = 112;
  public static final int SMART_POWER_ON_HOURS = 128;
  public static final int SMART_UNSAFE_SHUTDOWNS = 144;
  public static final int SMART_MEDIA_ERRORS = 160;
  public static final int SMART_ERROR_ENTRIES = 176;
  public static final int WARNING_SPARE = 1;
  public static final int WARNING_TEMPERATURE = 1 << 1;

  // Firmware Slot Information (Base 5.16.1.4).
  public static final int FIRMWARE_BYTES = 512;
  public static final int FIRMWARE_AFI = 0;
  public static final int FIRMWARE_FRS1 = 8;

  // Commands Supported and Effects (Base 5.16.1.6, figure 210).
  public static final int COMMANDS_BYTES = 4096;
  public static final int COMMANDS_IO = 1024;
  public static final int EFFECT_SUPPORTED = 1;
  public static final int EFFECT_CONTENT_CHANGE = 1 << 1;
  public static final int EFFECT_NAMESPACE_CAPABILITY = 1 << 2;
  public static final int EFFECT_ONE_AT_A_TIME_NAMESPACE = 1 << 16;
  public static final int EFFECT_SCOPE_NAMESPACE = 1 << 20;
  public static final int EFFECT_SCOPE_CONTROLLER = 1 << 21;

  // Changed Namespace List (Base 5.16.1.5).
  public static final int CHANGED_BYTES = 4096;
  public static final int CHANGED_COUNT_MAX = 1024;

  /** Supported pages, and features: 256 entries of 4 bytes (Base 5.16.1.1, 5.16.1.18). */
  public static final int DIRECTORY_BYTES = 1024;

  public static final int PAGE_SUPPORTED = 1;

  private LogPage() {}
}
