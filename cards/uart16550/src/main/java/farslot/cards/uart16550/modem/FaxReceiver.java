package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * +FRM, +FRH and +FRS (T.31, 8.3.2, 8.3.4 and 8.3.6): what the other end has put on the line, told
 * to the computer when it asks for this carrier. What was heard waits for the command, since a
 * computer may be late; what it did not ask for before its carrier ended is passed over.
 */
final class FaxReceiver {
  private static final int QUEUE_BYTES = 1 << 16;

  /** What may wait while the computer receives: the other end should not be far ahead of it. */
  private static final int BACKLOG_BYTES = 1 << 12;

  private enum State {
    IDLE,
    /** A carrier is waited for. */
    WAITING,
    /** The computer was told CONNECT. */
    RECEIVING,
    /** Silence is waited for. */
    SILENCE
  }

  private final Agent agent;
  private final FaxHost host;
  private final Agent.Timer timer;

  /** Records as they have come: type, length, bytes. */
  private final ByteQueue queue = new ByteQueue(QUEUE_BYTES);

  private State state = State.IDLE;
  private Modulation wanted;

  /** The carrier to which the queue's first record belongs, or null. */
  private Modulation on;

  /** The carrier that is on the line now, or null, and since when there is none. */
  private Modulation onLine;

  private long silentSinceNs;

  /** Carriers in the queue that have ended. */
  private int ends;

  private boolean gone;
  private long silenceNs;

  /** Of the record whose bytes are being handed over. */
  private int left;

  private boolean frame;

  /** A frame was the last that the computer got. */
  private boolean framed;

  private boolean frameGood;

  FaxReceiver(Agent agent, FaxHost host) {
    this.agent = agent;
    this.host = host;
    timer = agent.timer(this::onTimer);
  }

  /** A new call. */
  void reset() {
    stop();
    ends = 0;
    forget();
    gone = false;
    onLine = null;
    on = null;
    silentSinceNs = agent.nowNs();
  }

  /** This end begins to send: what was heard before is of no use any more. */
  void forget() {
    for (; ends > 0; ends--) {
      host.heard();
    }
    queue.clear();
    left = 0;
    on = onLine;
  }

  /** Ends a command without a result. */
  void stop() {
    state = State.IDLE;
    timer.cancel();
    // The rest of a record that nobody wants any more.
    queue.drop(left);
    left = 0;
  }

  /** +FRM or +FRH. */
  void start(Modulation modulation) {
    wanted = modulation;
    framed = false;
    state = State.WAITING;
    timer.arm(host.carrierNs());
    process();
  }

  /** +FRS: until there has been silence for so long. */
  void silence(long forNs) {
    silenceNs = forNs;
    state = State.SILENCE;
    waitForSilence();
  }

  private void waitForSilence() {
    if (onLine == null) {
      timer.arm(Math.max(0, silentSinceNs + silenceNs - agent.nowNs()));
    } else {
      timer.cancel();
    }
  }

  private void onTimer() {
    done(state == State.SILENCE ? ResultCode.OK : ResultCode.NO_CARRIER);
    host.faxProgress();
  }

  /** The computer has sent a character: it has had enough. */
  void abort() {
    if (state == State.RECEIVING) {
      end();
    }
    done(ResultCode.OK);
  }

  /** The other end has hung up: there will be silence for ever. */
  void gone() {
    gone = true;
    arrived(null);
    process();
  }

  private void arrived(Modulation carrier) {
    if (carrier == null && onLine != null) {
      silentSinceNs = agent.nowNs();
    }
    onLine = carrier;
    if (state == State.SILENCE) {
      waitForSilence();
    }
  }

  /** A record has come; false when there is no room for it yet. */
  boolean onSignal(int type, MemorySegment data, long offset, int bytes) {
    if (state == State.RECEIVING && queue.size() > BACKLOG_BYTES) {
      return false;
    }
    if (queue.room() < TrunkFormat.HEADER_BYTES + bytes) {
      // Nobody listens to all this.
      forget();
    }
    switch (type) {
      case TrunkFormat.CARRIER -> {
        Modulation carrier =
            bytes == 0 ? null : Modulation.of(data.get(ValueLayout.JAVA_BYTE, offset) & 0xFF);
        if (carrier == null) {
          return true; // Of a later version: nothing that we hear.
        }
        arrived(carrier);
      }
      case TrunkFormat.SILENCE -> {
        ends++;
        arrived(null);
      }
      default -> {
        if (onLine == null || bytes == 0) {
          return true; // Bytes on no carrier.
        }
      }
    }
    queue.put(type);
    queue.put(bytes >> Byte.SIZE);
    queue.put(bytes);
    queue.put(data, offset, bytes);
    process();
    return true;
  }

  /** Tells the computer what it has asked for, as far as there is something and room for it. */
  void process() {
    if (state == State.IDLE && framed && queue.size() > 0) {
      endFramed();
    }
    boolean more = true;
    while (more && (state == State.WAITING || state == State.RECEIVING)) {
      more = left > 0 ? deliver() : queue.size() > 0 ? record() : ended();
    }
  }

  /** The carrier behind a frame that the computer has got is of no interest any more. */
  private void endFramed() {
    framed = false;
    if (queue.peek(0) == TrunkFormat.SILENCE) {
      record();
    }
  }

  /** Nothing waits. */
  private boolean ended() {
    if (gone) {
      lost();
    } else if (on != null && !on.heardAs(wanted)) {
      done(ResultCode.FCERROR);
    }
    return false;
  }

  private boolean record() {
    int type = queue.peek(0);
    int bytes = queue.peek(1) << Byte.SIZE | queue.peek(2);
    switch (type) {
      case TrunkFormat.SILENCE -> {
        skip(bytes);
        ends--;
        host.heard();
        on = null;
        if (state == State.RECEIVING) {
          lost();
        }
      }
      case TrunkFormat.CARRIER -> {
        on = Modulation.of(queue.peek(TrunkFormat.HEADER_BYTES));
        skip(bytes);
        if (on.heardAs(wanted)) {
          connect();
        }
      }
      default -> {
        return on != null && on.heardAs(wanted) ? begin(type, bytes) : pass(bytes);
      }
    }
    return true;
  }

  private void skip(int bytes) {
    queue.drop(TrunkFormat.HEADER_BYTES + bytes);
  }

  private boolean begin(int type, int bytes) {
    frame = type == TrunkFormat.FRAME;
    if (frame != (wanted == Modulation.V21)) {
      skip(bytes);
      return true;
    }
    connect();
    queue.drop(TrunkFormat.HEADER_BYTES);
    left = bytes;
    frameGood = frame && good(bytes);
    return true;
  }

  private boolean good(int bytes) {
    byte[] copy = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      copy[i] = (byte) queue.peek(i);
    }
    return Hdlc.good(MemorySegment.ofArray(copy), 0, bytes);
  }

  /** Another carrier than the one asked for: over it is passed, now it is an error. */
  private boolean pass(int bytes) {
    if (on != null && ends == 0 && !gone) {
      done(ResultCode.FCERROR);
      return false;
    }
    skip(bytes);
    return true;
  }

  private void connect() {
    if (state == State.WAITING) {
      state = State.RECEIVING;
      timer.cancel();
      host.faxConnected();
    }
  }

  private boolean deliver() {
    DteOutput output = host.output();
    while (left > 0 && output.dataRoom() >= 2) {
      int value = queue.take();
      left--;
      output.put(value);
      if (value == ModemSpec.DLE) {
        output.put(value);
      }
    }
    if (left == 0 && frame) {
      framed = true;
      end();
      done(frameGood ? ResultCode.OK : ResultCode.ERROR);
      process();
    }
    return left == 0;
  }

  private void end() {
    host.output().put(ModemSpec.DLE);
    host.output().put(ModemSpec.ETX);
  }

  /** The carrier has ended, or there is none to come. */
  private void lost() {
    if (state == State.RECEIVING) {
      end();
    }
    done(ResultCode.NO_CARRIER);
  }

  private void done(ResultCode result) {
    stop();
    host.faxDone(result);
  }
}
