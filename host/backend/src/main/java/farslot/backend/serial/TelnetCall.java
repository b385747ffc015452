package farslot.backend.serial;

import static farslot.backend.serial.Telnet.*;

import farslot.function.Call;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A connection on which telnet is spoken: bytes in and out are those of the far end's program, and
 * its options are between the two ends. Asks for eight bits both ways, and for what {@link Talk}
 * has to say.
 */
final class TelnetCall implements Call, Call.Listener, TelnetDecoder.Sink {
  /** Who knows the COM port option. */
  interface Talk {
    /** Whether the other end speaks it is known. */
    void comPort(boolean spoken);

    /** Something about it, without the option's number. */
    void said(int what, byte[] content, int bytes);
  }

  /** What waits for the connection: data and commands, as they go. */
  private static final int OUT_BYTES = 4096;

  /** Kept free of data, so that commands always find room. */
  private static final int COMMAND_BYTES = 1024;

  private static final int OPTIONS = 256;

  private final Call call;
  private final Talk talk;
  private final TelnetDecoder decoder = new TelnetDecoder(this);
  private final MemorySegment out = Arena.ofAuto().allocate(OUT_BYTES);
  private final MemorySegment byte255 = Arena.ofAuto().allocate(1);

  /** Options that are on here, and at the other end; asked for by us, or agreed to. */
  private final boolean[] ours = new boolean[OPTIONS];

  private final boolean[] theirs = new boolean[OPTIONS];
  private Listener listener;
  private int filled;

  /** Data were refused: there will be room. */
  private boolean refused;

  /** The other end wants no data for now. */
  private boolean suspended;

  TelnetCall(Call call, Talk talk) {
    this.call = call;
    this.talk = talk;
    byte255.set(ValueLayout.JAVA_BYTE, 0, (byte) IAC);
  }

  @Override
  public void open(Listener to) {
    listener = to;
    call.open(this);
  }

  @Override
  public void onConnected() {
    begin(WILL, BINARY);
    begin(DO, BINARY);
    begin(WILL, SUPPRESS_GO_AHEAD);
    begin(DO, SUPPRESS_GO_AHEAD);
    begin(WILL, COM_PORT);
    flush();
    listener.onConnected();
  }

  /** Asks for an option, and counts on it; the answer may be no. */
  private void begin(int verb, int option) {
    (verb == WILL ? ours : theirs)[option] = true;
    command(verb, option);
  }

  // In

  @Override
  public int onBytes(MemorySegment from, long offset, int bytes) {
    return decoder.decode(from, offset, bytes);
  }

  @Override
  public int data(MemorySegment from, long offset, int bytes) {
    return listener.onBytes(from, offset, bytes);
  }

  @Override
  public boolean dataByte255() {
    return listener.onBytes(byte255, 0, 1) == 1;
  }

  /** RFC 854: only changes are answered, so that two ends never go on for ever. */
  @Override
  public void option(int verb, int option) {
    switch (verb) {
      case DO, DONT -> onOurs(option, verb == DO);
      default -> onTheirs(option, verb == WILL);
    }
    flush();
  }

  private void onOurs(int option, boolean wanted) {
    boolean known = option == BINARY || option == SUPPRESS_GO_AHEAD || option == COM_PORT;
    if (option == COM_PORT) {
      talk.comPort(wanted);
    }
    if (wanted && !known) {
      command(WONT, option);
    } else if (wanted != ours[option]) {
      ours[option] = wanted;
      command(wanted ? WILL : WONT, option);
    }
  }

  private void onTheirs(int option, boolean offered) {
    // An echo, too: whoever is behind the other end's port does that, or nobody.
    boolean known = option == BINARY || option == SUPPRESS_GO_AHEAD || option == COM_PORT;
    if (offered && !known) {
      command(DONT, option);
    } else if (offered != theirs[option]) {
      theirs[option] = offered;
      command(offered ? DO : DONT, option);
    }
  }

  @Override
  public void subnegotiation(int option, byte[] content, int bytes) {
    if (option == COM_PORT && bytes > 0) {
      talk.said(content[0] & 0xFF, content, bytes);
    }
  }

  // Out

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    int taken = 0;
    while (taken < bytes && !suspended) {
      byte value = from.get(ValueLayout.JAVA_BYTE, offset + taken);
      int needed = value == (byte) IAC ? 2 : 1;
      if (filled + needed > OUT_BYTES - COMMAND_BYTES) {
        flush();
        if (filled + needed > OUT_BYTES - COMMAND_BYTES) {
          break;
        }
      }
      put(value);
      if (needed == 2) {
        put(value);
      }
      taken++;
    }
    flush();
    refused = taken < bytes;
    return taken;
  }

  /** The other end wants no data, or wants them again. */
  void suspend(boolean on) {
    suspended = on;
    room();
  }

  /** Says something about the COM port. */
  void say(int what, int... content) {
    int escaped = 0;
    for (int value : content) {
      escaped += value == IAC ? 1 : 0;
    }
    if (filled + 6 + content.length + escaped > OUT_BYTES) {
      return; // The connection stands still; it is told anew when it is made anew.
    }
    put((byte) IAC);
    put((byte) SB);
    put((byte) COM_PORT);
    put((byte) what);
    for (int value : content) {
      put((byte) value);
      if (value == IAC) {
        put((byte) IAC);
      }
    }
    put((byte) IAC);
    put((byte) SE);
    flush();
  }

  /** An answer for which there is no room is not given: only a flood of questions comes so far. */
  private void command(int verb, int option) {
    if (filled + 3 <= OUT_BYTES) {
      put((byte) IAC);
      put((byte) verb);
      put((byte) option);
    }
  }

  private void put(byte value) {
    out.set(ValueLayout.JAVA_BYTE, filled++, value);
  }

  private void flush() {
    if (filled > 0) {
      int sent = call.send(out, 0, filled);
      MemorySegment.copy(out, sent, out, 0, filled - sent);
      filled -= sent;
    }
  }

  @Override
  public void onRoom() {
    flush();
    room();
  }

  private void room() {
    if (refused && !suspended && filled == 0) {
      refused = false;
      listener.onRoom();
    }
  }

  @Override
  public void onEnded(End end) {
    listener.onEnded(end);
  }

  @Override
  public void resume() {
    call.resume();
  }

  @Override
  public String toString() {
    return call.toString();
  }

  @Override
  public void close() {
    call.close();
  }
}
