package farslot.backend.serial;

import static farslot.backend.serial.Telnet.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Takes telnet apart: data, options, subnegotiations. Whatever comes, it is one of these or passed
 * over; a subnegotiation that is too long is passed over as a whole.
 */
final class TelnetDecoder {
  /** Where the parts go. */
  interface Sink {
    /** Data; how many bytes were taken. */
    int data(MemorySegment from, long offset, int bytes);

    /** One byte of 255, which is sent twice; whether it was taken. */
    boolean dataByte255();

    /**
     * @param verb WILL, WONT, DO or DONT
     */
    void option(int verb, int option);

    /** What an option says, {@code bytes} without its number. */
    void subnegotiation(int option, byte[] content, int bytes);
  }

  /** The longest that means anything here has five. */
  static final int CONTENT_BYTES_MAX = 64;

  private enum State {
    DATA,
    COMMAND,
    OPTION,
    SUB_OPTION,
    SUB,
    SUB_COMMAND
  }

  private final Sink sink;
  private final byte[] content = new byte[CONTENT_BYTES_MAX];
  private State state = State.DATA;
  private int verb;
  private int option;
  private int bytes;

  TelnetDecoder(Sink sink) {
    this.sink = sink;
  }

  /** Takes bytes; how many. Less than all when the sink did not take data. */
  int decode(MemorySegment from, long offset, int count) {
    int at = 0;
    while (at < count) {
      if (state == State.DATA) {
        int run = run(from, offset + at, count - at);
        if (run > 0) {
          int taken = sink.data(from, offset + at, run);
          at += taken;
          if (taken < run) {
            return at;
          }
          continue;
        }
      }
      if (!step(from.get(ValueLayout.JAVA_BYTE, offset + at) & 0xFF)) {
        return at;
      }
      at++;
    }
    return at;
  }

  private static int run(MemorySegment from, long offset, int most) {
    int run = 0;
    while (run < most && from.get(ValueLayout.JAVA_BYTE, offset + run) != (byte) IAC) {
      run++;
    }
    return run;
  }

  /** False when the byte was not taken. */
  private boolean step(int value) {
    switch (state) {
      case DATA -> state = State.COMMAND;
      case COMMAND -> {
        if (value == IAC && !sink.dataByte255()) {
          return false;
        }
        state = command(value);
      }
      case OPTION -> {
        state = State.DATA;
        sink.option(verb, value);
      }
      case SUB_OPTION -> {
        option = value;
        bytes = 0;
        state = State.SUB;
      }
      case SUB -> {
        if (value == IAC) {
          state = State.SUB_COMMAND;
        } else {
          add(value);
        }
      }
      case SUB_COMMAND -> endOrByte(value);
    }
    return true;
  }

  private State command(int value) {
    verb = value;
    return switch (value) {
      case WILL, WONT, DO, DONT -> State.OPTION;
      case SB -> State.SUB_OPTION;
      default -> State.DATA;
    };
  }

  private void endOrByte(int value) {
    if (value == IAC) {
      state = State.SUB;
      add(value);
      return;
    }
    // RFC 855: only SE ends it; after anything else the rest is data again.
    state = State.DATA;
    if (value == SE && bytes <= CONTENT_BYTES_MAX) {
      sink.subnegotiation(option, content, bytes);
    }
  }

  private void add(int value) {
    if (bytes < CONTENT_BYTES_MAX) {
      content[bytes] = (byte) value;
    }
    bytes = Math.min(bytes + 1, CONTENT_BYTES_MAX + 1);
  }
}
