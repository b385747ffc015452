package farslot.cards.uart16550.modem;

import java.util.Locale;

/**
 * Makes command lines of characters (V.250, 5.2): waits for AT or A/, edits, and ends a line at the
 * character that S3 says. Whatever else comes is passed over.
 */
final class CommandEditor {
  /** What a character has brought. */
  enum Event {
    NOTHING,
    /** A line is complete: {@link #line}. */
    LINE,
    /** A/: the line before, again. */
    REPEAT,
    /** A line has ended that was too long. */
    TOO_LONG
  }

  private enum State {
    IDLE,
    A,
    BODY
  }

  private final StringBuilder body = new StringBuilder();
  private State state = State.IDLE;
  private boolean tooLong;
  private String line = "";

  /** The last complete line, without its AT, as it was typed. */
  String line() {
    return line;
  }

  /**
   * Takes one.
   *
   * @param value 0 to 255; the eighth bit does not count
   */
  Event next(int value, Profile profile) {
    int c = value & 0x7F;
    return switch (state) {
      case IDLE -> {
        state = c == 'A' || c == 'a' ? State.A : State.IDLE;
        yield Event.NOTHING;
      }
      case A -> second(c);
      case BODY -> body(c, profile);
    };
  }

  private Event second(int c) {
    if (c == '/') {
      state = State.IDLE;
      return Event.REPEAT;
    }
    if (c == 'T' || c == 't') {
      state = State.BODY;
      body.setLength(0);
      tooLong = false;
    } else if (c != 'A' && c != 'a') {
      state = State.IDLE;
    }
    return Event.NOTHING;
  }

  private Event body(int c, Profile profile) {
    if (c == profile.register(ModemSpec.S_LINE_END)) {
      state = State.IDLE;
      if (tooLong) {
        return Event.TOO_LONG;
      }
      line = body.toString();
      return Event.LINE;
    }
    if (c == profile.register(ModemSpec.S_EDITING)) {
      if (!tooLong && body.length() > 0) {
        body.setLength(body.length() - 1);
      }
    } else if (c >= ' ' && c < 0x7F) {
      tooLong |= body.length() == ModemSpec.COMMAND_CHARACTERS_MAX;
      if (!tooLong) {
        body.append((char) c);
      }
    }
    return Event.NOTHING;
  }

  @Override
  public String toString() {
    return state.name().toLowerCase(Locale.ROOT) + " " + body;
  }
}
