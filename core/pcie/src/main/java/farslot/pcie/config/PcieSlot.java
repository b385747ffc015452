package farslot.pcie.config;

/** Slot and root registers in the PCI Express capability of a port (7.5.3.9 to 7.5.3.14). */
public final class PcieSlot {
  /** Slot Capabilities, 32 bits (7.5.3.9). */
  public static final int SLOT_CAPABILITIES = 0x14;

  public static final int CAP_ATTENTION_BUTTON = 1 << 0;
  public static final int CAP_POWER_CONTROLLER = 1 << 1;
  public static final int CAP_MRL_SENSOR = 1 << 2;
  public static final int CAP_ATTENTION_INDICATOR = 1 << 3;
  public static final int CAP_POWER_INDICATOR = 1 << 4;
  public static final int CAP_HOT_PLUG_SURPRISE = 1 << 5;
  public static final int CAP_HOT_PLUG = 1 << 6;
  public static final int CAP_POWER_LIMIT_VALUE_SHIFT = 7;
  public static final int CAP_POWER_LIMIT_SCALE_SHIFT = 15;
  public static final int CAP_NO_COMMAND_COMPLETED = 1 << 18;
  public static final int CAP_SLOT_NUMBER_SHIFT = 19;

  /** Slot Control, 16 bits (7.5.3.10). */
  public static final int SLOT_CONTROL = 0x18;

  public static final int CTL_ATTENTION_BUTTON_PRESSED = 1 << 0;
  public static final int CTL_POWER_FAULT = 1 << 1;
  public static final int CTL_MRL_SENSOR_CHANGED = 1 << 2;
  public static final int CTL_PRESENCE_DETECT_CHANGED = 1 << 3;
  public static final int CTL_COMMAND_COMPLETED = 1 << 4;
  public static final int CTL_HOT_PLUG_INTERRUPT = 1 << 5;
  public static final int CTL_ATTENTION_INDICATOR_SHIFT = 6;
  public static final int CTL_POWER_INDICATOR_SHIFT = 8;
  public static final int CTL_POWER_OFF = 1 << 10;
  public static final int CTL_LINK_STATE_CHANGED = 1 << 12;

  /** What an indicator is told: 0 is reserved. */
  public static final int INDICATOR_ON = 1;

  public static final int INDICATOR_BLINK = 2;
  public static final int INDICATOR_OFF = 3;

  /** Slot Status, 16 bits (7.5.3.11); events are cleared by writing ones. */
  public static final int SLOT_STATUS = 0x1A;

  public static final int STATUS_ATTENTION_BUTTON_PRESSED = 1 << 0;
  public static final int STATUS_POWER_FAULT = 1 << 1;
  public static final int STATUS_MRL_SENSOR_CHANGED = 1 << 2;
  public static final int STATUS_PRESENCE_DETECT_CHANGED = 1 << 3;
  public static final int STATUS_COMMAND_COMPLETED = 1 << 4;
  public static final int STATUS_MRL_OPEN = 1 << 5;
  public static final int STATUS_PRESENCE_DETECT = 1 << 6;
  public static final int STATUS_LINK_STATE_CHANGED = 1 << 8;

  /** Root Control, Capabilities and Status (7.5.3.12 to 7.5.3.14). */
  public static final int ROOT_CONTROL = 0x1C;

  public static final int ROOT_CTL_PME_INTERRUPT = 1 << 3;
  public static final int ROOT_CTL_RRS_SOFTWARE_VISIBILITY = 1 << 4;
  public static final int ROOT_CAPABILITIES = 0x1E;
  public static final int ROOT_STATUS = 0x20;

  /** Slot Capabilities 2, Control 2 and Status 2 (7.5.3.21 to 7.5.3.23). */
  public static final int SLOT_CAPABILITIES_2 = 0x34;

  public static final int SLOT_CONTROL_2 = 0x38;
  public static final int SLOT_STATUS_2 = 0x3A;

  private PcieSlot() {}
}
