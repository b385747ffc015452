package farslot.cards.uart16550;

/**
 * The numbers of a 16550A UART. Sections are those of National Semiconductor's data sheet PC16550D,
 * "Universal Asynchronous Receiver/Transmitter with FIFOs" (June 1995), chapter 8.
 */
final class UartSpec {
  // Registers, table II; DLAB is bit 7 of LCR.
  /** Receiver Buffer Register, read, DLAB 0. */
  static final int RBR = 0;

  /** Transmitter Holding Register, written, DLAB 0. */
  static final int THR = 0;

  /** Divisor Latch, least significant byte, DLAB 1. */
  static final int DLL = 0;

  /** Interrupt Enable Register, DLAB 0. */
  static final int IER = 1;

  /** Divisor Latch, most significant byte, DLAB 1. */
  static final int DLM = 1;

  /** Interrupt Identification Register, read. */
  static final int IIR = 2;

  /** FIFO Control Register, written. */
  static final int FCR = 2;

  /** Line Control Register. */
  static final int LCR = 3;

  /** Modem Control Register. */
  static final int MCR = 4;

  /** Line Status Register. */
  static final int LSR = 5;

  /** Modem Status Register. */
  static final int MSR = 6;

  /** Scratch Register. */
  static final int SCR = 7;

  static final int REGISTERS_BYTES = 8;

  // 8.1 Line Control Register
  static final int LCR_WORD_LENGTH = 0x03;
  static final int DATA_BITS_MIN = 5;
  static final int LCR_STOP_BITS = 0x04;
  static final int LCR_PARITY = 0x08;
  static final int LCR_EVEN_PARITY = 0x10;
  static final int LCR_STICK_PARITY = 0x20;
  static final int LCR_BREAK = 0x40;
  static final int LCR_DLAB = 0x80;

  // 8.4 Line Status Register
  static final int LSR_DATA_READY = 0x01;
  static final int LSR_OVERRUN = 0x02;
  static final int LSR_PARITY = 0x04;
  static final int LSR_FRAMING = 0x08;
  static final int LSR_BREAK = 0x10;
  static final int LSR_ERRORS = 0x1E;
  static final int LSR_THR_EMPTY = 0x20;
  static final int LSR_TRANSMITTER_EMPTY = 0x40;
  static final int LSR_FIFO_ERROR = 0x80;

  // 8.5 FIFO Control Register
  static final int FCR_ENABLE = 0x01;
  static final int FCR_RESET_RECEIVER = 0x02;
  static final int FCR_RESET_TRANSMITTER = 0x04;
  static final int FCR_TRIGGER_SHIFT = 6;
  static final int FIFO_BYTES = 16;

  // 8.6 Interrupt Identification Register, table III
  static final int IIR_NONE = 0x01;
  static final int IIR_MODEM_STATUS = 0x00;
  static final int IIR_THR_EMPTY = 0x02;
  static final int IIR_DATA_AVAILABLE = 0x04;
  static final int IIR_LINE_STATUS = 0x06;
  static final int IIR_CHARACTER_TIMEOUT = 0x0C;
  static final int IIR_FIFOS_ENABLED = 0xC0;

  // 8.7 Interrupt Enable Register
  static final int IER_DATA_AVAILABLE = 0x01;
  static final int IER_THR_EMPTY = 0x02;
  static final int IER_LINE_STATUS = 0x04;
  static final int IER_MODEM_STATUS = 0x08;
  static final int IER_WRITABLE = 0x0F;

  // 8.8 Modem Control Register
  static final int MCR_DTR = 0x01;
  static final int MCR_RTS = 0x02;
  static final int MCR_OUT1 = 0x04;
  static final int MCR_OUT2 = 0x08;
  static final int MCR_LOOP = 0x10;
  static final int MCR_WRITABLE = 0x1F;

  // 8.9 Modem Status Register
  static final int MSR_DELTA_CTS = 0x01;
  static final int MSR_DELTA_DSR = 0x02;
  static final int MSR_TRAILING_RI = 0x04;
  static final int MSR_DELTA_DCD = 0x08;
  static final int MSR_DELTAS = 0x0F;
  static final int MSR_CTS = 0x10;
  static final int MSR_DSR = 0x20;
  static final int MSR_RI = 0x40;
  static final int MSR_DCD = 0x80;

  private UartSpec() {}
}
