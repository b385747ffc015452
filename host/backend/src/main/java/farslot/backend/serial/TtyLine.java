package farslot.backend.serial;

import farslot.function.SerialSettings;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Terminal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A serial port of this host. Its speed, format, DTR, RTS and breaks follow the guest's; its
 * signals, breaks and damaged characters come back. One that is pulled out is opened again when it
 * is back.
 */
public final class TtyLine extends DescriptorLine {
  /** How often signals are looked at: Linux tells nobody who does not wait for them. */
  private static final long LOOK_NS = 50_000_000;

  /** How often a break looks whether what was sent before has left. */
  private static final long DRAIN_NS = 5_000_000;

  private static final long REOPEN_NS = 1_000_000_000;

  /** What marks a damaged character or a break, and is itself sent twice (PARMRK). */
  private static final byte MARK = (byte) 0xFF;

  private enum Marked {
    NO,
    MARK,
    ZERO
  }

  private final String path;
  private final boolean flow;
  private final EventLoop.Timer look;
  private final EventLoop.Timer reopen;
  private final EventLoop.Timer drain;
  private final MemorySegment mark = Arena.ofAuto().allocate(1);
  private int fd;
  private Marked marked = Marked.NO;
  private SerialSettings settings =
      new SerialSettings(9600, 8, SerialSettings.Parity.NONE, SerialSettings.StopBits.ONE);
  private boolean dtr;
  private boolean rts;
  private boolean breakWanted;
  private int signals = NONE;
  private String trouble = "";

  /**
   * Opens it.
   *
   * @param flow whether Linux itself heeds CTS and drives RTS, which is quicker than the guest can
   * @throws ErrnoException when it cannot be opened, or is no terminal
   */
  public TtyLine(EventLoop loop, String path, boolean flow) throws ErrnoException {
    super(loop);
    this.path = path;
    this.flow = flow;
    look = loop.timer(this::look);
    reopen = loop.timer(this::reopen);
    drain = loop.timer(this::breakWhenDrained);
    mark.set(ValueLayout.JAVA_BYTE, 0, MARK);
    fd = openTerminal();
  }

  private int openTerminal() throws ErrnoException {
    int opened = Terminal.open(path);
    try {
      Terminal.raw(opened, true);
      Terminal.exclusive(opened);
      return opened;
    } catch (ErrnoException e) {
      Fd.close(opened);
      throw e;
    }
  }

  @Override
  void onOpen() {
    applySettings();
    applyLines();
    enter(fd);
    signals = 0;
    look();
  }

  private void look() {
    int now = Terminal.signals(fd);
    if (now < 0) {
      // A terminal without signals is connected as it is.
      listener.onLines(true, true, false, true);
      return;
    }
    if (now != signals) {
      signals = now;
      listener.onLines(
          (now & Terminal.CTS) != 0,
          (now & Terminal.DSR) != 0,
          (now & Terminal.RI) != 0,
          (now & Terminal.DCD) != 0);
    }
    look.arm(LOOK_NS);
  }

  @Override
  void onGone(String why) {
    trouble = why;
    closeTerminal();
    listener.onLines(false, false, false, false);
    reopen.arm(REOPEN_NS);
  }

  private void reopen() {
    try {
      fd = openTerminal();
    } catch (ErrnoException e) {
      trouble = e.getMessage();
      reopen.arm(REOPEN_NS);
      return;
    }
    trouble = "";
    marked = Marked.NO;
    onOpen();
  }

  private void closeTerminal() {
    look.cancel();
    drain.cancel();
    closeDescriptor();
  }

  private void closeDescriptor() {
    if (fd != NONE) {
      try {
        // Otherwise closing would wait for what cannot leave, half a minute.
        Terminal.discard(fd);
      } catch (ErrnoException e) {
        // It is gone.
      }
      Fd.close(fd);
      fd = NONE;
    }
  }

  // To the port

  @Override
  public void settings(SerialSettings wanted) {
    settings = wanted;
    if (isThere()) {
      applySettings();
    }
  }

  private void applySettings() {
    try {
      Terminal.settings(
          fd,
          settings.baud(),
          settings.dataBits(),
          Terminal.Parity.valueOf(settings.parity().name()),
          settings.stopBits() == SerialSettings.StopBits.TWO,
          flow);
      trouble = "";
    } catch (ErrnoException e) {
      // It goes on as it was: a guest may ask for what this port cannot do.
      trouble = "not " + settings + ": " + e.getMessage();
    }
  }

  @Override
  public void lines(boolean newDtr, boolean newRts) {
    dtr = newDtr;
    rts = newRts;
    if (isThere()) {
      applyLines();
    }
  }

  private void applyLines() {
    int on = (dtr ? Terminal.DTR : 0) | (rts ? Terminal.RTS : 0);
    Terminal.signals(fd, on, (Terminal.DTR | Terminal.RTS) & ~on);
  }

  @Override
  public void sendBreak(boolean on) {
    breakWanted = on;
    if (isThere()) {
      breakWhenDrained();
    }
  }

  private void breakWhenDrained() {
    try {
      if (breakWanted && Terminal.unsent(fd) > 0) {
        drain.arm(DRAIN_NS);
        return;
      }
    } catch (ErrnoException e) {
      return; // It is gone; the next read says so.
    }
    Terminal.sendBreak(fd, breakWanted);
  }

  // From the port

  @Override
  int receive(MemorySegment data, int offset, int bytes) {
    int at = 0;
    while (at < bytes) {
      int run = marked == Marked.NO ? run(data, offset + at, bytes - at) : 0;
      if (run > 0) {
        int taken = listener.onBytes(data, offset + at, run);
        at += taken;
        if (taken < run) {
          break;
        }
      } else if (step(data.get(ValueLayout.JAVA_BYTE, offset + at))) {
        at++;
      } else {
        break;
      }
    }
    return at;
  }

  private static int run(MemorySegment data, int offset, int most) {
    int run = 0;
    while (run < most && data.get(ValueLayout.JAVA_BYTE, offset + run) != MARK) {
      run++;
    }
    return run;
  }

  /** False when a byte was not taken. */
  private boolean step(byte value) {
    switch (marked) {
      case NO -> marked = Marked.MARK;
      case MARK -> {
        if (value == 0) {
          marked = Marked.ZERO;
        } else {
          if (listener.onBytes(mark, 0, 1) == 0) {
            return false;
          }
          marked = Marked.NO;
        }
      }
      default -> {
        marked = Marked.NO;
        if (value == 0) {
          listener.onBreak();
        } else {
          listener.onDamaged(value, settings.parity() == SerialSettings.Parity.NONE);
        }
      }
    }
    return true;
  }

  @Override
  void release() {
    if (loop.onLoop()) {
      look.cancel();
      reopen.cancel();
      drain.cancel();
    }
    closeDescriptor();
  }

  @Override
  public String toString() {
    String how = isThere() ? settings.toString() : "not open";
    return path + ", " + how + (trouble.isEmpty() ? "" : ", " + trouble);
  }
}
