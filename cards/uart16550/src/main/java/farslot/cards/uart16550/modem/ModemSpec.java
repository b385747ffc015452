package farslot.cards.uart16550.modem;

/** Numbers of the recommendations, and our limits. */
final class ModemSpec {
  private ModemSpec() {}

  // S-registers: V.250, 6.3.8 to 6.3.12 and 5.2; the others as the industry has them.
  static final int S_ANSWER_RINGS = 0;
  static final int S_RING_COUNT = 1;
  static final int S_ESCAPE = 2;
  static final int S_LINE_END = 3;
  static final int S_FORMATTING = 4;
  static final int S_EDITING = 5;
  static final int S_CONNECT_SECONDS = 7;
  static final int S_PAUSE_SECONDS = 8;
  static final int S_CARRIER_LOSS_TENTHS = 10;
  static final int S_GUARD_FIFTIETHS = 12;

  /** Hangs up after so many times ten seconds without data; 0 for never. */
  static final int S_INACTIVITY_TENS = 30;

  static final int S_REGISTERS = 256;

  /** Control characters (T.50). */
  static final int BACKSPACE = 0x08;

  static final int LINE_FEED = 0x0A;
  static final int CARRIAGE_RETURN = 0x0D;
  static final int DLE = 0x10;
  static final int XON = 0x11;
  static final int XOFF = 0x13;
  static final int ETX = 0x03;
  static final int SUB = 0x1A;

  /** V.250, 5.2.1 asks for 40 at least; a host's name has to fit. */
  static final int COMMAND_CHARACTERS_MAX = 512;

  /** S2 above this: no character is the escape (V.250 leaves it to us, all do so). */
  static final int ESCAPE_MAX = 127;

  static final int ESCAPES = 3;

  /** V.250, 5.6.1: characters so soon behind a command line do not abort it. */
  static final long ABORT_GRACE_NS = 125_000_000;

  static final long SECOND_NS = 1_000_000_000;

  /** From one RING to the next: two seconds of ringing and four of silence. */
  static final long RING_PERIOD_NS = 6 * SECOND_NS;

  static final long RING_ON_NS = 2 * SECOND_NS;

  /** S1 is forgotten when no ring has come for so long. */
  static final long RING_FORGOTTEN_NS = 8 * SECOND_NS;

  /** T.31, 8.3.3: how long a transmitter waits for its computer before it gives up. */
  static final long UNDERRUN_NS = 5 * SECOND_NS;

  /** T.31, 8.3.1: +FTS and +FRS count so. */
  static final long SILENCE_UNIT_NS = 10_000_000;
}
