package farslot.cards.uart16550.modem;

import java.nio.charset.StandardCharsets;

/**
 * What two modems say to each other over a call: a greeting, then records. The called end greets
 * first, so that whoever is called and is no modem hears nothing of ours before its own word.
 * docs/modem.md, "Between two modems".
 */
final class TrunkFormat {
  private TrunkFormat() {}

  /** With its version; a later one that changes what is below says another number. */
  static final byte[] GREETING = "FARSLOT-MODEM 1\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A record: its type, and how many bytes follow, big-endian. */
  static final int HEADER_BYTES = 3;

  /** The caller: mode (one byte), then its number in ASCII. */
  static final int SETUP = 1;

  /** The called end rings. */
  static final int RINGING = 2;

  /** The called end has answered: mode (one byte). */
  static final int ANSWER = 3;

  /** The called end has another call. */
  static final int BUSY = 4;

  /** Bytes of a data call. */
  static final int DATA = 5;

  /** A carrier begins: its number in T.31. */
  static final int CARRIER = 6;

  /** Bytes on a carrier that is not HDLC's. */
  static final int BITS = 7;

  /** An HDLC frame, its check sequence with it. */
  static final int FRAME = 8;

  /** The carrier ends. */
  static final int SILENCE = 9;

  /** A carrier of the other end's has been heard to its end, or nobody wanted it. */
  static final int HEARD = 10;

  /** Modes of {@link #SETUP} and {@link #ANSWER}. */
  static final int MODE_DATA = 0;

  static final int MODE_FAX = 1;

  /** A record's bytes at most. */
  static final int PAYLOAD_BYTES_MAX = 1024;

  static final int NUMBER_CHARACTERS_MAX = 64;

  /** How long the other end may take to show that it is a modem. */
  static final long GREETING_NS = 1_000_000_000;
}
