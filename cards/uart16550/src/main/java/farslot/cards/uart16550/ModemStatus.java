package farslot.cards.uart16550;

import static farslot.cards.uart16550.UartSpec.*;

/** The Modem Status Register (8.9): signals, and that they have changed. */
final class ModemStatus {
  /** CTS, DSR, RI and DCD of the line, as in MSR. */
  private int line;

  /** As it reads. */
  private int value;

  /** The deltas are forgotten; signals are what they are. */
  void reset() {
    value = line;
  }

  int value() {
    return value;
  }

  /** Whether a signal has changed since the last {@link #read}. */
  boolean changed() {
    return (value & MSR_DELTAS) != 0;
  }

  /** The lower half tells once what has changed. */
  int read() {
    int read = value;
    value &= ~MSR_DELTAS;
    return read;
  }

  /** The line's signals. */
  void line(boolean cts, boolean dsr, boolean ri, boolean dcd) {
    line = (cts ? MSR_CTS : 0) | (dsr ? MSR_DSR : 0) | (ri ? MSR_RI : 0) | (dcd ? MSR_DCD : 0);
  }

  /** The upper half follows the line, or in loopback MCR; the lower remembers that it changed. */
  void follow(int modemControl) {
    int now = (modemControl & MCR_LOOP) != 0 ? looped(modemControl) : line;
    int deltas = ((value ^ now) & ~MSR_DELTAS) >>> 4;
    if ((now & MSR_RI) != 0) {
      deltas &= ~MSR_TRAILING_RI; // only its end counts
    }
    value = now | value & MSR_DELTAS | deltas;
  }

  /** As it was saved; the line's signals are not part of it. */
  void restore(int saved) {
    value = saved;
  }

  private static int looped(int modemControl) {
    return ((modemControl & MCR_RTS) != 0 ? MSR_CTS : 0)
        | ((modemControl & MCR_DTR) != 0 ? MSR_DSR : 0)
        | ((modemControl & MCR_OUT1) != 0 ? MSR_RI : 0)
        | ((modemControl & MCR_OUT2) != 0 ? MSR_DCD : 0);
  }
}
