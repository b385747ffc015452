package farslot.backend.serial;

/**
 * Numbers of telnet (RFC 854, RFC 855), of two of its options (RFC 856, RFC 858), and of the COM
 * port control option (RFC 2217).
 */
final class Telnet {
  // RFC 854: commands
  static final int SE = 240;
  static final int SB = 250;
  static final int WILL = 251;
  static final int WONT = 252;
  static final int DO = 253;
  static final int DONT = 254;
  static final int IAC = 255;

  // Options: RFC 856, RFC 858, RFC 2217
  static final int BINARY = 0;
  static final int SUPPRESS_GO_AHEAD = 3;
  static final int COM_PORT = 44;

  // RFC 2217, chapter 3: what a client asks for; the answers are 100 higher
  static final int SET_BAUDRATE = 1;
  static final int SET_DATASIZE = 2;
  static final int SET_PARITY = 3;
  static final int SET_STOPSIZE = 4;
  static final int SET_CONTROL = 5;
  static final int NOTIFY_LINESTATE = 6;
  static final int NOTIFY_MODEMSTATE = 7;
  static final int FLOWCONTROL_SUSPEND = 8;
  static final int FLOWCONTROL_RESUME = 9;
  static final int SET_LINESTATE_MASK = 10;
  static final int SET_MODEMSTATE_MASK = 11;
  static final int FROM_SERVER = 100;

  // SET_PARITY
  static final int PARITY_NONE = 1;
  static final int PARITY_ODD = 2;
  static final int PARITY_EVEN = 3;
  static final int PARITY_MARK = 4;
  static final int PARITY_SPACE = 5;

  // SET_STOPSIZE
  static final int STOP_ONE = 1;
  static final int STOP_TWO = 2;
  static final int STOP_ONE_AND_A_HALF = 3;

  // SET_CONTROL
  static final int CONTROL_NO_FLOW = 1;
  static final int CONTROL_HARDWARE_FLOW = 3;
  static final int CONTROL_BREAK_ON = 5;
  static final int CONTROL_BREAK_OFF = 6;
  static final int CONTROL_DTR_ON = 8;
  static final int CONTROL_DTR_OFF = 9;
  static final int CONTROL_RTS_ON = 11;
  static final int CONTROL_RTS_OFF = 12;

  // Line state, as a 16550's LSR
  static final int LINE_BREAK = 0x10;

  // Modem state, as a 16550's MSR
  static final int MODEM_CTS = 0x10;
  static final int MODEM_DSR = 0x20;
  static final int MODEM_RI = 0x40;
  static final int MODEM_DCD = 0x80;
  static final int MODEM_ALL = 0xFF;

  private Telnet() {}
}
