package farslot.backend.serial;

import static farslot.backend.serial.Telnet.*;

import farslot.function.Call;
import farslot.function.Calls;
import farslot.function.SerialSettings;

/**
 * A serial port of another machine, by RFC 2217: its speed, format and signals follow ours, and its
 * signals come here. Where the other end speaks telnet but not of COM ports, it is a line as any
 * connection is.
 */
public final class Rfc2217Line extends CallLine implements TelnetCall.Talk {
  private TelnetCall telnet;
  private boolean spoken;
  private SerialSettings settings;
  private boolean dtr;
  private boolean rts;
  private boolean breaking;
  private final boolean hardwareFlow;

  /**
   * @param calls is closed with this
   * @param to where the port is, {@code host:port}
   * @param hardwareFlow whether the port itself heeds CTS and drives RTS
   */
  public Rfc2217Line(Calls calls, String to, boolean hardwareFlow) {
    super(calls, to, false);
    this.hardwareFlow = hardwareFlow;
  }

  @Override
  Call wrap(Call plain) {
    spoken = false;
    telnet = new TelnetCall(plain, this);
    return telnet;
  }

  /** Signals are known once the other end has told them. */
  @Override
  void began() {}

  @Override
  public void comPort(boolean speaks) {
    if (!speaks) {
      spoken = false;
      tellLines(true, true, false, true);
    } else if (!spoken) {
      spoken = true;
      telnet.say(SET_LINESTATE_MASK, LINE_BREAK);
      telnet.say(SET_MODEMSTATE_MASK, MODEM_ALL);
      telnet.say(SET_CONTROL, hardwareFlow ? CONTROL_HARDWARE_FLOW : CONTROL_NO_FLOW);
      saySettings();
      sayLines();
    }
  }

  @Override
  public void said(int what, byte[] content, int bytes) {
    int value = bytes < 2 ? 0 : content[1] & 0xFF;
    switch (what - FROM_SERVER) {
      case FLOWCONTROL_SUSPEND -> telnet.suspend(true);
      case FLOWCONTROL_RESUME -> telnet.suspend(false);
      case NOTIFY_MODEMSTATE ->
          tellLines(
              (value & MODEM_CTS) != 0,
              (value & MODEM_DSR) != 0,
              (value & MODEM_RI) != 0,
              (value & MODEM_DCD) != 0);
      case NOTIFY_LINESTATE -> {
        if ((value & LINE_BREAK) != 0) {
          listener().onBreak();
        }
      }
      default -> {
        // What the port was set to: it does what it can, and nobody here could do anything else.
      }
    }
  }

  @Override
  public void settings(SerialSettings wanted) {
    settings = wanted;
    saySettings();
  }

  private void saySettings() {
    if (settings == null || !mayTalk()) {
      return;
    }
    int baud = settings.baud();
    telnet.say(SET_BAUDRATE, baud >>> 24, baud >>> 16 & 0xFF, baud >>> 8 & 0xFF, baud & 0xFF);
    telnet.say(SET_DATASIZE, settings.dataBits());
    telnet.say(
        SET_PARITY,
        switch (settings.parity()) {
          case NONE -> PARITY_NONE;
          case ODD -> PARITY_ODD;
          case EVEN -> PARITY_EVEN;
          case MARK -> PARITY_MARK;
          case SPACE -> PARITY_SPACE;
        });
    telnet.say(
        SET_STOPSIZE,
        switch (settings.stopBits()) {
          case ONE -> STOP_ONE;
          case TWO -> settings.dataBits() == 5 ? STOP_ONE_AND_A_HALF : STOP_TWO;
        });
  }

  @Override
  public void lines(boolean newDtr, boolean newRts) {
    super.lines(newDtr, newRts);
    dtr = newDtr;
    rts = newRts;
    sayLines();
  }

  private void sayLines() {
    if (mayTalk()) {
      telnet.say(SET_CONTROL, dtr ? CONTROL_DTR_ON : CONTROL_DTR_OFF);
      telnet.say(SET_CONTROL, rts ? CONTROL_RTS_ON : CONTROL_RTS_OFF);
    }
  }

  @Override
  public void sendBreak(boolean on) {
    if (mayTalk() && breaking != on) {
      telnet.say(SET_CONTROL, on ? CONTROL_BREAK_ON : CONTROL_BREAK_OFF);
    }
    breaking = on;
  }

  private boolean mayTalk() {
    return spoken && isConnected();
  }
}
