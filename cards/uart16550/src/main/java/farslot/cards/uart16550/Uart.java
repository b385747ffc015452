package farslot.cards.uart16550;

import static farslot.cards.uart16550.UartSpec.*;

import farslot.function.SerialSettings;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.Arrays;

/**
 * One 16550A: registers in, effects out (data sheet PC16550D, chapter 8). No lock, thread, clock or
 * line, so that a test can drive it with plain calls. How fast characters come and go is for who
 * calls {@link #receive}, {@link #sent} and {@link #shifted}.
 */
final class Uart {
  /** What the registers make happen. */
  interface Effects {
    /** LSR or MSR read otherwise than before; said ahead of {@link #interrupt}. */
    void statusChanged();

    /** The interrupt output has changed. */
    void interrupt(boolean asserted);

    /** There is something to transmit. */
    void transmit();

    /** The receiver has room again, or its input leads to the line again. */
    void receiverReady();

    /** A character has come or was read: what is left waits four character times from now. */
    void receiverActive();

    /** DTR and RTS have changed. */
    void modemControl(boolean dtr, boolean rts);

    void sendBreak(boolean on);

    /** Speed or format have changed; only with a divisor that makes sense. */
    void settings(SerialSettings settings);
  }

  private static final int[] TRIGGERS = {1, 4, 8, 14};

  private final Effects effects;
  private final int baudBase;
  private final ReceiverFifo receiver = new ReceiverFifo();
  private final TransmitterFifo transmitter = new TransmitterFifo();

  private int interruptEnable;
  private int lineControl;
  private int modemControl;
  private int scratch;
  private int divisor;
  private boolean fifos;
  private int trigger = 1;

  /** Characters have waited for too long. */
  private boolean timedOut;

  /** THR has become empty, or its interrupt was enabled while it was (8.7). */
  private boolean thrEmptied;

  private final ModemStatus modemStatus = new ModemStatus();
  private boolean interrupting;

  /** LSR and MSR as they were when {@link Effects#statusChanged} was called last. */
  private int shown;

  private SerialSettings told;
  private long overruns;

  /**
   * @param baudBase bits a second with a divisor of 1
   */
  Uart(Effects effects, int baudBase) {
    this.effects = effects;
    this.baudBase = baudBase;
  }

  /** Master reset (table I). */
  void reset() {
    receiver.reset();
    transmitter.reset();
    boolean wasBreak = (lineControl & LCR_BREAK) != 0;
    interruptEnable = 0;
    lineControl = 0;
    scratch = 0;
    divisor = 0;
    fifos = false;
    trigger = 1;
    timedOut = false;
    thrEmptied = false;
    told = null;
    if (wasBreak) {
      effects.sendBreak(false);
    }
    writeModemControl(0);
    modemStatus.reset();
    update();
  }

  // Registers

  /** Reads a register, by its offset. */
  int read(int offset) {
    return switch (offset) {
      case RBR -> dlab() ? divisor & 0xFF : readReceiverBuffer();
      case IER -> dlab() ? divisor >>> 8 : interruptEnable;
      case IIR -> readInterruptIdentification();
      case LCR -> lineControl;
      case MCR -> modemControl;
      case LSR -> readLineStatus();
      case MSR -> readModemStatus();
      default -> scratch;
    };
  }

  /** Writes a register, by its offset. */
  void write(int offset, int value) {
    switch (offset) {
      case THR -> writeData(value);
      case IER -> writeInterruptEnable(value);
      case FCR -> writeFifoControl(value);
      case LCR -> writeLineControl(value);
      case MCR -> writeModemControl(value & MCR_WRITABLE);
      case SCR -> scratch = value;
      default -> {
        // 8.4, 8.9: LSR and MSR are for reading; writes are for factory tests.
      }
    }
  }

  private boolean dlab() {
    return (lineControl & LCR_DLAB) != 0;
  }

  private int readReceiverBuffer() {
    if (receiver.count() == 0) {
      return receiver.last();
    }
    int character = receiver.take();
    // 8.11: reading a character ends the time-out, and its clock starts anew.
    timedOut = false;
    effects.receiverActive();
    if (receiver.count() <= capacity() / 2) {
      effects.receiverReady();
    }
    update();
    return character;
  }

  /** 8.6: reading it ends THR's interrupt, if that is the one it shows. */
  private int readInterruptIdentification() {
    int cause = cause();
    if (cause == IIR_THR_EMPTY) {
      thrEmptied = false;
      update();
    }
    return cause | (fifos ? IIR_FIFOS_ENABLED : 0);
  }

  /** 8.4: errors are shown once. */
  private int readLineStatus() {
    int status = lineStatus();
    receiver.clearErrors();
    update();
    return status;
  }

  private int lineStatus() {
    return receiver.errors()
        | (receiver.count() > 0 ? LSR_DATA_READY : 0)
        | (transmitter.count() == 0 ? LSR_THR_EMPTY : 0)
        | (transmitter.count() == 0 && !transmitter.shifting() ? LSR_TRANSMITTER_EMPTY : 0)
        | (fifos && receiver.hasFault() ? LSR_FIFO_ERROR : 0);
  }

  /** Whether LSR and MSR have nothing to tell that reading ends. */
  boolean readsPlainly() {
    return receiver.errors() == 0 && !modemStatus.changed();
  }

  private int readModemStatus() {
    int status = modemStatus.read();
    update();
    return status;
  }

  private void writeData(int value) {
    if (dlab()) {
      divisor = divisor & 0xFF00 | value;
      return;
    }
    thrEmptied = false;
    int character = value & LineFormat.dataMask(lineControl);
    if (transmitter.count() < capacity()) {
      transmitter.add(character);
    } else {
      // Software has not looked at THRE: the newest place is written over.
      transmitter.replaceLast(character);
    }
    update();
    effects.transmit();
  }

  private void writeInterruptEnable(int value) {
    if (dlab()) {
      divisor = divisor & 0xFF | value << 8;
      return;
    }
    int newly = value & ~interruptEnable;
    interruptEnable = value & IER_WRITABLE;
    if ((newly & IER_THR_EMPTY) != 0 && transmitter.count() == 0) {
      thrEmptied = true;
    }
    update();
  }

  /** 8.5 */
  private void writeFifoControl(int value) {
    boolean enable = (value & FCR_ENABLE) != 0;
    boolean clear = enable != fifos;
    fifos = enable;
    trigger = enable ? TRIGGERS[value >>> FCR_TRIGGER_SHIFT] : 1;
    if (clear || enable && (value & FCR_RESET_RECEIVER) != 0) {
      clearReceiver();
    }
    if (clear || enable && (value & FCR_RESET_TRANSMITTER) != 0) {
      clearTransmitter();
    }
    update();
  }

  private void clearReceiver() {
    receiver.clear();
    timedOut = false;
    effects.receiverReady();
  }

  private void clearTransmitter() {
    thrEmptied |= transmitter.count() > 0;
    transmitter.clear();
  }

  private void writeLineControl(int value) {
    int changed = lineControl ^ value;
    lineControl = value;
    if ((changed & LCR_BREAK) != 0) {
      effects.sendBreak((value & LCR_BREAK) != 0);
    }
    tellSettings();
  }

  /** 8.8: in loopback the outputs are off, and their bits are what MSR sees. */
  private void writeModemControl(int value) {
    int before = outputs();
    boolean wasLoop = loopback();
    modemControl = value;
    if (outputs() != before) {
      effects.modemControl((outputs() & MCR_DTR) != 0, (outputs() & MCR_RTS) != 0);
    }
    modemStatus.follow(modemControl);
    if (wasLoop && !loopback()) {
      effects.receiverReady();
    }
    update();
  }

  private int outputs() {
    return loopback() ? 0 : modemControl & (MCR_DTR | MCR_RTS);
  }

  /** Whether the transmitter leads to the receiver (8.8). */
  boolean loopback() {
    return (modemControl & MCR_LOOP) != 0;
  }

  // Speed and format

  /** Once DLAB is off, when the divisor is whole. */
  private void tellSettings() {
    if (dlab() || divisor == 0) {
      return;
    }
    SerialSettings now = settings();
    if (!now.equals(told)) {
      told = now;
      effects.settings(now);
    }
  }

  /** What divisor and LCR say; a divisor of 0 counts as the counter does, as 65536. */
  SerialSettings settings() {
    return LineFormat.settings(baudBase, divisor, lineControl);
  }

  // Receiver

  /** Characters that it can take without an overrun; none from the line while in loopback. */
  int receiverRoom() {
    return loopback() ? 0 : capacity() - receiver.count();
  }

  private int capacity() {
    return fifos ? FIFO_BYTES : 1;
  }

  /**
   * A character has come.
   *
   * @param fault 0, or what LSR shows of it: PE, FE, BI
   */
  void receive(int value, int fault) {
    if (receiver.count() == capacity()) {
      overruns++;
      receiver.overrun(value & LineFormat.dataMask(lineControl), fault, !fifos);
    } else {
      receiver.add(value & LineFormat.dataMask(lineControl), fault);
    }
    effects.receiverActive();
    update();
  }

  /** Characters lost because software had not read the others. */
  long overruns() {
    return overruns;
  }

  /** Four character times have passed since the last {@link Effects#receiverActive} (8.11). */
  void receiverTimeout() {
    timedOut = true;
    update();
  }

  // Transmitter

  /** Characters in THR or its FIFO, and in the shift register. */
  TransmitterFifo transmitter() {
    return transmitter;
  }

  /** That many have gone. */
  void sent(int bytes) {
    if (bytes > 0) {
      transmitter.drop(bytes);
      afterTransmitter();
    }
  }

  /** Moves the next character to the shift register, if that is free; whether one is there. */
  boolean shift() {
    if (!transmitter.shifting() && transmitter.count() > 0) {
      transmitter.shift();
      afterTransmitter();
    }
    return transmitter.shifting();
  }

  /** It has gone. */
  void shifted() {
    transmitter.clearShift();
    update();
  }

  /** In loopback: all that waits has come back. */
  void loopBack() {
    for (int left = transmitter.count(); left > 0; left--) {
      receive(transmitter.take(), 0);
    }
    afterTransmitter();
  }

  private void afterTransmitter() {
    if (transmitter.count() == 0) {
      thrEmptied = true;
      update();
    }
  }

  // Modem status

  /**
   * The line's signals.
   *
   * @param show whether software may see them now; otherwise when it is resumed
   */
  void lines(boolean cts, boolean dsr, boolean ri, boolean dcd, boolean show) {
    modemStatus.line(cts, dsr, ri, dcd);
    if (show) {
      modemStatus.follow(modemControl);
      update();
    }
  }

  // Interrupts

  /** Whether the interrupt output is on. */
  boolean interrupting() {
    return interrupting;
  }

  /** Table III: the one of highest priority. */
  private int cause() {
    if (receiver.errors() != 0 && (interruptEnable & IER_LINE_STATUS) != 0) {
      return IIR_LINE_STATUS;
    }
    if ((interruptEnable & IER_DATA_AVAILABLE) != 0 && receiver.count() > 0) {
      if (receiver.count() >= trigger) {
        return IIR_DATA_AVAILABLE;
      }
      if (timedOut) {
        return IIR_CHARACTER_TIMEOUT;
      }
    }
    if (thrEmptied && (interruptEnable & IER_THR_EMPTY) != 0) {
      return IIR_THR_EMPTY;
    }
    if (modemStatus.changed() && (interruptEnable & IER_MODEM_STATUS) != 0) {
      return IIR_MODEM_STATUS;
    }
    return IIR_NONE;
  }

  private void update() {
    int status = lineStatus() | modemStatus.value() << 8;
    if (status != shown) {
      shown = status;
      effects.statusChanged();
    }
    boolean now = cause() != IIR_NONE;
    if (now != interrupting) {
      interrupting = now;
      effects.interrupt(now);
    }
  }

  // State

  void save(StateWriter state) {
    state.u8(interruptEnable).u8(lineControl).u8(modemControl).u8(scratch).u16(divisor);
    state.flag(fifos).u8(trigger);
    state.flag(timedOut).flag(thrEmptied).u8(modemStatus.value());
    receiver.save(state);
    transmitter.save(state);
  }

  /** Takes over a state; nothing is told to anybody before {@link #resume}. */
  void restore(StateReader state) throws StateException {
    interruptEnable = state.u8() & IER_WRITABLE;
    lineControl = state.u8();
    modemControl = state.u8() & MCR_WRITABLE;
    scratch = state.u8();
    divisor = state.u16();
    fifos = state.flag();
    trigger = state.u8();
    state.require(
        fifos ? Arrays.binarySearch(TRIGGERS, trigger) >= 0 : trigger == 1,
        "a FIFO has no trigger level of " + trigger);
    timedOut = state.flag();
    thrEmptied = state.flag();
    modemStatus.restore(state.u8());
    receiver.restore(state, capacity());
    transmitter.restore(state, capacity());
    interrupting = cause() != IIR_NONE;
  }

  /** Tells the line how it is to be; and software, what the line's signals are now. */
  void resume() {
    effects.modemControl((outputs() & MCR_DTR) != 0, (outputs() & MCR_RTS) != 0);
    effects.sendBreak((lineControl & LCR_BREAK) != 0);
    told = null;
    tellSettings();
    modemStatus.follow(modemControl);
    update();
  }
}
