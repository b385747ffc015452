package farslot.pcie;

/**
 * Message Codes and routings of Msg and MsgD (2.2.8). Names are the specification's; a code that is
 * not here is printed as its number and carried like any other.
 */
public final class MessageCode {
  /** Routing, the low three bits of Type (2.2.8, table 2-20). */
  public static final int TO_ROOT_COMPLEX = 0;

  public static final int BY_ADDRESS = 1;
  public static final int BY_ID = 2;
  public static final int BROADCAST = 3;
  public static final int LOCAL = 4;
  public static final int GATHERED = 5;

  /** Locked transactions (2.2.8.4): broadcast. */
  public static final int UNLOCK = 0x00;

  /** Address translation and page requests (10.3.1, 10.4.1). */
  public static final int INVALIDATE_REQUEST = 0x01;

  public static final int INVALIDATE_COMPLETION = 0x02;
  public static final int PAGE_REQUEST = 0x04;
  public static final int PRG_RESPONSE = 0x05;

  /** Latency Tolerance Reporting and OBFF (2.2.8.8, 2.2.8.9): local. */
  public static final int LTR = 0x10;

  public static final int OBFF = 0x12;

  /** Power management (2.2.8.2): local, to root complex, broadcast, gathered. */
  public static final int PM_ACTIVE_STATE_NAK = 0x14;

  public static final int PM_PME = 0x18;
  public static final int PME_TURN_OFF = 0x19;
  public static final int PME_TO_ACK = 0x1B;

  /** INTx (2.2.8.1): local. B, C and D follow A. */
  public static final int ASSERT_INTA = 0x20;

  public static final int ASSERT_INTB = 0x21;
  public static final int ASSERT_INTC = 0x22;
  public static final int ASSERT_INTD = 0x23;
  public static final int DEASSERT_INTA = 0x24;
  public static final int DEASSERT_INTB = 0x25;
  public static final int DEASSERT_INTC = 0x26;
  public static final int DEASSERT_INTD = 0x27;

  /** Error signalling (2.2.8.3): to root complex. */
  public static final int ERR_COR = 0x30;

  public static final int ERR_NONFATAL = 0x31;
  public static final int ERR_FATAL = 0x33;

  /** Ignored Messages (2.2.8.7): once for indicators and buttons on cards, dropped silently. */
  public static final int ATTENTION_INDICATOR_OFF = 0x40;

  public static final int ATTENTION_INDICATOR_ON = 0x41;
  public static final int ATTENTION_INDICATOR_BLINK = 0x43;
  public static final int POWER_INDICATOR_OFF = 0x44;
  public static final int POWER_INDICATOR_ON = 0x45;
  public static final int POWER_INDICATOR_BLINK = 0x47;
  public static final int ATTENTION_BUTTON_PRESSED = 0x48;

  /** Slot power (2.2.8.5): local, MsgD with one DW. */
  public static final int SET_SLOT_POWER_LIMIT = 0x50;

  /** Precision Time Measurement (2.2.8.10): local. */
  public static final int PTM_REQUEST = 0x52;

  public static final int PTM_RESPONSE = 0x53;

  /**
   * Vendor-defined (2.2.8.6): a receiver that does not know type 0 reports UR, type 1 it discards.
   */
  public static final int VENDOR_DEFINED_TYPE_0 = 0x7E;

  public static final int VENDOR_DEFINED_TYPE_1 = 0x7F;

  private MessageCode() {}

  /** Assert_INTx or Deassert_INTx for a pin as Interrupt Pin numbers it: 1 INTA to 4 INTD. */
  public static int intx(int interruptPin, boolean asserted) {
    assert interruptPin >= 1 && interruptPin <= 4;
    return (asserted ? ASSERT_INTA : DEASSERT_INTA) + interruptPin - 1;
  }

  /** The code's name as the specification spells it. */
  public static String name(int code) {
    return switch (code) {
      case UNLOCK -> "Unlock";
      case INVALIDATE_REQUEST -> "Invalidate_Request";
      case INVALIDATE_COMPLETION -> "Invalidate_Completion";
      case PAGE_REQUEST -> "Page_Request";
      case PRG_RESPONSE -> "PRG_Response";
      case LTR -> "LTR";
      case OBFF -> "OBFF";
      case PM_ACTIVE_STATE_NAK -> "PM_Active_State_Nak";
      case PM_PME -> "PM_PME";
      case PME_TURN_OFF -> "PME_Turn_Off";
      case PME_TO_ACK -> "PME_TO_Ack";
      case ASSERT_INTA, ASSERT_INTB, ASSERT_INTC, ASSERT_INTD ->
          "Assert_INT" + (char) ('A' + code - ASSERT_INTA);
      case DEASSERT_INTA, DEASSERT_INTB, DEASSERT_INTC, DEASSERT_INTD ->
          "Deassert_INT" + (char) ('A' + code - DEASSERT_INTA);
      case ERR_COR -> "ERR_COR";
      case ERR_NONFATAL -> "ERR_NONFATAL";
      case ERR_FATAL -> "ERR_FATAL";
      case ATTENTION_INDICATOR_OFF -> "Attention_Indicator_Off";
      case ATTENTION_INDICATOR_ON -> "Attention_Indicator_On";
      case ATTENTION_INDICATOR_BLINK -> "Attention_Indicator_Blink";
      case POWER_INDICATOR_OFF -> "Power_Indicator_Off";
      case POWER_INDICATOR_ON -> "Power_Indicator_On";
      case POWER_INDICATOR_BLINK -> "Power_Indicator_Blink";
      case ATTENTION_BUTTON_PRESSED -> "Attention_Button_Pressed";
      case SET_SLOT_POWER_LIMIT -> "Set_Slot_Power_Limit";
      case PTM_REQUEST -> "PTM_Request";
      case PTM_RESPONSE -> "PTM_Response";
      case VENDOR_DEFINED_TYPE_0 -> "Vendor_Defined_Type_0";
      case VENDOR_DEFINED_TYPE_1 -> "Vendor_Defined_Type_1";
      default -> String.format("code 0x%02x", code);
    };
  }

  /** How a routing is called: where the message goes. */
  public static String routingName(int routing) {
    return switch (routing) {
      case TO_ROOT_COMPLEX -> "to root complex";
      case BY_ADDRESS -> "by address";
      case BY_ID -> "by ID";
      case BROADCAST -> "broadcast";
      case LOCAL -> "local";
      case GATHERED -> "gathered";
      default -> "routing " + routing;
    };
  }
}
