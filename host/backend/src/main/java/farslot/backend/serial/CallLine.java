package farslot.backend.serial;

import farslot.function.Agent;
import farslot.function.Call;
import farslot.function.Calls;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import java.lang.foreign.MemorySegment;

/**
 * A line that is a TCP connection, made by us or by others, and made again when it ends. CTS, DSR
 * and DCD are on while there is one; bytes for whom nobody is there lead nowhere.
 */
public class CallLine implements SerialLine, Call.Listener, Calls.Incoming {
  /** How long to wait before dialling again: twice as long after each failure. */
  private static final long PAUSE_MIN_NS = 100_000_000;

  private static final long PAUSE_MAX_NS = 5_000_000_000L;

  private final Calls calls;

  /** Where to, or null when others call us. */
  private final String to;

  private final boolean heedsRts;
  private Agent agent;
  private Agent.Timer redial;
  private Listener listener;
  private Call call;
  private boolean connected;
  private boolean rts;
  private boolean blocked;
  private long pauseNs = PAUSE_MIN_NS;
  private long refused;
  private boolean closed;

  /**
   * @param calls is closed with this
   * @param to where to call, {@code host:port}; null to be called
   * @param heedsRts whether bytes wait while RTS is off
   */
  public CallLine(Calls calls, String to, boolean heedsRts) {
    this.calls = calls;
    this.to = to;
    this.heedsRts = heedsRts;
  }

  @Override
  public final void open(Agent onAgent, Listener toListener) {
    agent = onAgent;
    listener = toListener;
    redial = agent.timer(this::dial);
    calls.open(this);
    if (to != null) {
      redial.arm(0);
    }
  }

  private void dial() {
    if (!closed) {
      call = wrap(calls.dial(to));
      call.open(this);
    }
  }

  /** One at a time: a port has one connector. */
  @Override
  public final void onCall(Call incoming) {
    if (closed || call != null || to != null) {
      refused++;
      incoming.close();
    } else {
      call = wrap(incoming);
      call.open(this);
    }
  }

  /** What is spoken on the connection. */
  Call wrap(Call plain) {
    return plain;
  }

  @Override
  public final void onConnected() {
    connected = true;
    pauseNs = PAUSE_MIN_NS;
    began();
  }

  /** There is a connection. */
  void began() {
    tellLines(true, true, false, true);
  }

  final void tellLines(boolean cts, boolean dsr, boolean ri, boolean dcd) {
    listener.onLines(cts, dsr, ri, dcd);
  }

  final Listener listener() {
    return listener;
  }

  @Override
  public final int onBytes(MemorySegment data, long offset, int bytes) {
    return rts || !heedsRts ? listener.onBytes(data, offset, bytes) : 0;
  }

  @Override
  public final void onRoom() {
    blocked = false;
    listener.onRoom();
  }

  @Override
  public final void onEnded(Call.End end) {
    call = null;
    connected = false;
    tellLines(false, false, false, false);
    if (blocked) {
      onRoom(); // It leads nowhere now.
    }
    if (to != null && !closed) {
      redial.arm(pauseNs);
      pauseNs = Math.min(PAUSE_MAX_NS, 2 * pauseNs);
    }
  }

  @Override
  public final int send(MemorySegment from, long offset, int bytes) {
    if (!connected) {
      return bytes;
    }
    int taken = call.send(from, offset, bytes);
    blocked = taken < bytes;
    return taken;
  }

  @Override
  public final void resume() {
    if (connected) {
      call.resume();
    }
  }

  @Override
  public void settings(SerialSettings settings) {}

  @Override
  public void sendBreak(boolean on) {}

  @Override
  public void lines(boolean dtr, boolean newRts) {
    rts = newRts;
    resume();
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      if (redial != null) {
        redial.cancel();
      }
      if (call != null) {
        call.close();
      }
      calls.close();
    }
  }

  final boolean isConnected() {
    return connected;
  }

  @Override
  public String toString() {
    String how = connected ? "connected" : "not connected";
    return (to == null ? calls + ", " + how : to + ", " + how)
        + (refused == 0 ? "" : ", " + refused + " refused");
  }
}
