package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Call;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A call, and what goes over it. Finds out whether a modem of ours is at the other end; then
 * everything is records, otherwise bytes are bytes and there is nothing but data.
 */
final class Trunk implements Call.Listener, AutoCloseable {
  /** What a trunk tells. None is called from within a call of the trunk's. */
  interface Listener {
    /** The other end has been reached, and is no modem of ours. */
    void onRaw();

    /** The other end has been reached, and is a modem. What it does next follows. */
    void onModem();

    /** To who is called: the caller's mode and number. */
    void onSetup(int mode, String number);

    void onRinging();

    /** To the caller. */
    void onAnswer(int mode);

    void onBusy();

    /** Returns how many bytes were taken; the others come again after {@link Trunk#resume}. */
    int onData(MemorySegment data, long offset, int bytes);

    /** One of {@link TrunkFormat#CARRIER}, BITS, FRAME, SILENCE; false: again after resume. */
    boolean onSignal(int type, MemorySegment data, long offset, int bytes);

    /** There is room again. */
    void onRoom();

    /** Nothing follows. */
    void onEnded(Call.End end);
  }

  private enum State {
    CONNECTING,
    GREETING,
    RAW,
    HEADER,
    /** A record is being gathered. */
    RECORD,
    /** Data that need not be gathered. */
    STREAM,
    CLOSED
  }

  private static final int OUT_BYTES = 1 << 13;

  /** Kept free for what is not data. */
  private static final int OUT_RESERVE =
      2 * (TrunkFormat.HEADER_BYTES + TrunkFormat.PAYLOAD_BYTES_MAX);

  private final Call call;
  private final boolean caller;
  private final boolean greets;
  private final String number;
  private final int mode;
  private final Listener listener;
  private final Agent agent;
  private final Agent.Timer greetingTimer;
  private final ByteQueue out = new ByteQueue(OUT_BYTES);
  private final MemorySegment record =
      Arena.ofAuto().allocate(TrunkFormat.PAYLOAD_BYTES_MAX, Long.BYTES);
  private final MemorySegment greeting =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, TrunkFormat.GREETING);
  private final Runnable replay = this::replay;
  private State state = State.CONNECTING;

  /** Raw bytes wait until the call has been answered here. */
  private boolean answered;

  /** Its owner has closed it, and is told nothing more. */
  private boolean left;

  private int greeted;
  private int replayed;
  private int header;
  private int headerBytes;
  private int type;
  private int length;
  private int gathered;

  /**
   * @param caller whether the call went out from here
   * @param greets whether a caller is told that this is a modem
   * @param mode of {@link TrunkFormat#SETUP}
   */
  Trunk(
      Agent agent,
      Call call,
      boolean caller,
      boolean greets,
      int mode,
      String number,
      Listener listener) {
    this.agent = agent;
    this.call = call;
    this.caller = caller;
    this.greets = greets;
    this.mode = mode;
    this.number = number;
    this.listener = listener;
    answered = caller;
    greetingTimer = agent.timer(this::becomeRaw);
  }

  void open() {
    call.open(this);
  }

  @Override
  public void onConnected() {
    state = State.GREETING;
    if (!caller && !greets) {
      becomeRaw();
      return;
    }
    if (!caller) {
      out.put(greeting, 0, TrunkFormat.GREETING.length);
      flush();
    }
    greetingTimer.arm(TrunkFormat.GREETING_NS);
  }

  private void becomeRaw() {
    if (state == State.GREETING) {
      greetingTimer.cancel();
      state = State.RAW;
      listener.onRaw();
    }
  }

  /** Whether the other end is a modem of ours, known once it was told. */
  boolean modem() {
    return state == State.HEADER || state == State.RECORD || state == State.STREAM;
  }

  void ringing() {
    control(TrunkFormat.RINGING);
  }

  /** Answers here; raw bytes that have come meanwhile follow. */
  void answer(int mode) {
    answered = true;
    if (modem()) {
      put(TrunkFormat.ANSWER, 1);
      out.put(mode);
      flush();
    } else {
      resume();
    }
  }

  /** Sends data; returns how many bytes were taken, {@link Listener#onRoom} follows when less. */
  int data(MemorySegment from, long offset, int bytes) {
    return modem() ? records(TrunkFormat.DATA, from, offset, bytes) : raw(from, offset, bytes);
  }

  private int raw(MemorySegment from, long offset, int bytes) {
    return out.size() > 0 ? 0 : call.send(from, offset, bytes);
  }

  /** Sends bytes on a carrier; returns how many were taken. */
  int bits(MemorySegment from, long offset, int bytes) {
    // To who is no modem a carrier is nothing that could be heard.
    return !modem() ? bytes : records(TrunkFormat.BITS, from, offset, bytes);
  }

  private int records(int type, MemorySegment from, long offset, int bytes) {
    int taken = 0;
    while (taken < bytes) {
      int room = out.room() - OUT_RESERVE - TrunkFormat.HEADER_BYTES;
      int part = Math.min(Math.min(bytes - taken, TrunkFormat.PAYLOAD_BYTES_MAX), room);
      if (part <= 0) {
        break;
      }
      put(type, part);
      out.put(from, offset + taken, part);
      taken += part;
      flush();
    }
    return taken;
  }

  /** Whether a frame, or a change of carrier, can be sent now. */
  boolean roomForSignal() {
    return out.room() >= OUT_RESERVE;
  }

  void carrier(Modulation modulation) {
    if (modem() && fits(1)) {
      put(TrunkFormat.CARRIER, 1);
      out.put(modulation.code());
      flush();
    }
  }

  void frame(MemorySegment from, long offset, int bytes) {
    if (modem()) {
      put(TrunkFormat.FRAME, bytes);
      out.put(from, offset, bytes);
      flush();
    }
  }

  void silence() {
    control(TrunkFormat.SILENCE);
  }

  void heard() {
    control(TrunkFormat.HEARD);
  }

  private void control(int type) {
    if (modem() && fits(0)) {
      put(type, 0);
      flush();
    }
  }

  /**
   * Whether there is room. A peer that reads nothing while this end begins one carrier after the
   * other is hung up on.
   */
  private boolean fits(int bytes) {
    boolean fits = out.room() >= TrunkFormat.HEADER_BYTES + bytes;
    if (!fits) {
      shut();
      agent.execute(this::tellEnd);
    }
    return fits;
  }

  private void put(int type, int bytes) {
    assert out.room() >= TrunkFormat.HEADER_BYTES + bytes : out.room();
    out.put(type);
    out.put(bytes >> Byte.SIZE);
    out.put(bytes);
  }

  private void flush() {
    while (out.size() > 0) {
      int bytes = out.contiguous();
      int sent = call.send(out.memory(), out.offset(), bytes);
      out.drop(sent);
      if (sent < bytes) {
        return;
      }
    }
  }

  private void tellEnd() {
    if (!left) {
      listener.onEnded(Call.End.HUNG_UP);
    }
  }

  void resume() {
    if (state != State.CLOSED) {
      if (state == State.RAW && replayed < greeted) {
        agent.execute(replay);
      }
      call.resume();
    }
  }

  @Override
  public void onRoom() {
    flush();
    if (out.room() > OUT_RESERVE) {
      listener.onRoom();
    }
  }

  @Override
  public int onBytes(MemorySegment data, long offset, int bytes) {
    int at = 0;
    while (at < bytes && state != State.CLOSED) {
      State before = state;
      int taken =
          switch (before) {
            case GREETING -> greeted(data.get(ValueLayout.JAVA_BYTE, offset + at));
            case RAW -> rawCame(data, offset + at, bytes - at);
            case HEADER -> headerCame(data.get(ValueLayout.JAVA_BYTE, offset + at) & 0xFF);
            case RECORD -> gather(data, offset + at, bytes - at);
            case STREAM -> stream(data, offset + at, bytes - at);
            case CONNECTING, CLOSED -> 0;
          };
      if (taken == 0 && state == before) {
        break;
      }
      at += taken;
    }
    return state == State.CLOSED ? bytes : at;
  }

  private int greeted(byte value) {
    if (value != TrunkFormat.GREETING[greeted]) {
      becomeRaw();
      return 0; // It is looked at again, as data.
    }
    if (++greeted == TrunkFormat.GREETING.length) {
      greetingTimer.cancel();
      state = State.HEADER;
      if (caller) {
        introduce();
      }
      listener.onModem();
    }
    return 1;
  }

  private void introduce() {
    out.put(greeting, 0, TrunkFormat.GREETING.length);
    byte[] digits = number.getBytes(StandardCharsets.US_ASCII);
    put(TrunkFormat.SETUP, 1 + digits.length);
    out.put(mode);
    for (byte digit : digits) {
      out.put(digit);
    }
    flush();
  }

  private int rawCame(MemorySegment data, long offset, int bytes) {
    if (!answered) {
      return 0;
    }
    replay();
    return replayed < greeted || state != State.RAW ? 0 : listener.onData(data, offset, bytes);
  }

  /** What looked like a greeting and was none: data too. */
  private void replay() {
    int taken = -1;
    while (state == State.RAW && answered && replayed < greeted && taken != 0) {
      taken = listener.onData(greeting, replayed, greeted - replayed);
      replayed += taken;
    }
  }

  private int headerCame(int value) {
    header = header << Byte.SIZE | value;
    if (++headerBytes == TrunkFormat.HEADER_BYTES) {
      headerBytes = 0;
      type = header >> Short.SIZE;
      length = header & 0xFFFF;
      header = 0;
      gathered = 0;
      if (length > TrunkFormat.PAYLOAD_BYTES_MAX) {
        // Not what we agreed to speak.
        shut();
        listener.onEnded(Call.End.HUNG_UP);
      } else if (length > 0) {
        state = type == TrunkFormat.DATA ? State.STREAM : State.RECORD;
      } else if (!came()) {
        // Nothing was taken of a record without bytes: its last header byte comes again.
        headerBytes = TrunkFormat.HEADER_BYTES - 1;
        header = type << Byte.SIZE;
        return 0;
      }
    }
    return 1;
  }

  private int stream(MemorySegment data, long offset, int bytes) {
    int taken = listener.onData(data, offset, Math.min(bytes, length - gathered));
    gathered += taken;
    if (gathered == length && state == State.STREAM) {
      state = State.HEADER;
    }
    return taken;
  }

  private int gather(MemorySegment data, long offset, int bytes) {
    int part = Math.min(bytes, length - gathered);
    MemorySegment.copy(data, offset, record, gathered, part);
    if (gathered + part < length) {
      gathered += part;
      return part;
    }
    if (!came()) {
      // All but the last byte were taken: it comes again.
      gathered = length - 1;
      return part - 1;
    }
    if (state == State.RECORD) {
      state = State.HEADER;
    }
    return part;
  }

  /** A record has come whole; false when it has to come again. */
  private boolean came() {
    switch (type) {
      case TrunkFormat.SETUP -> {
        if (!caller && length > 0) {
          listener.onSetup(record.get(ValueLayout.JAVA_BYTE, 0), digits());
        }
      }
      case TrunkFormat.RINGING -> {
        if (caller) {
          listener.onRinging();
        }
      }
      case TrunkFormat.ANSWER -> {
        if (caller && length > 0) {
          listener.onAnswer(record.get(ValueLayout.JAVA_BYTE, 0));
        }
      }
      case TrunkFormat.BUSY -> {
        if (caller) {
          listener.onBusy();
        }
      }
      case TrunkFormat.CARRIER,
          TrunkFormat.BITS,
          TrunkFormat.FRAME,
          TrunkFormat.SILENCE,
          TrunkFormat.HEARD -> {
        return listener.onSignal(type, record, 0, length);
      }
      default -> {
        // Of a later version.
      }
    }
    return true;
  }

  private String digits() {
    int count = Math.min(length - 1, TrunkFormat.NUMBER_CHARACTERS_MAX);
    StringBuilder digits = new StringBuilder(count);
    for (int i = 1; i <= count; i++) {
      int c = record.get(ValueLayout.JAVA_BYTE, i);
      digits.append(c > ' ' && c < 0x7F ? (char) c : '?');
    }
    return digits.toString();
  }

  @Override
  public void onEnded(Call.End end) {
    greetingTimer.cancel();
    state = State.CLOSED;
    listener.onEnded(end);
  }

  @Override
  public void close() {
    left = true;
    shut();
  }

  private void shut() {
    if (state != State.CLOSED) {
      greetingTimer.cancel();
      state = State.CLOSED;
      call.close();
    }
  }

  @Override
  public String toString() {
    return call.toString();
  }
}
