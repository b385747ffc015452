package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Call;
import farslot.function.Calls;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/** A modem's telephone line: one call at a time, out or in, and the bell. */
final class Telephone implements Trunk.Listener, Calls.Incoming {
  private static final Logger LOG = System.getLogger(Telephone.class.getName());

  /** What it tells its modem. */
  interface Listener {
    void onRing();

    /** The bell's signal, circuit 125, has changed; or the call there was. */
    void onLinesChanged();

    /** A call has been answered, here or there. */
    void onConnected();

    /** A call that was dialled or answered did not come about. */
    void onFailed(ResultCode result);

    /** A call that had been connected is over. */
    void onLost();

    int onData(MemorySegment data, long offset, int bytes);

    boolean onSignal(int type, MemorySegment data, long offset, int bytes);

    void onRoom();
  }

  private enum State {
    IDLE,
    /** Somebody calls, and it may ring. */
    RINGING,
    /** Answered here before it was known who calls. */
    ANSWERING,
    /** Before dialling: commas. */
    PAUSE,
    CALLING,
    CONNECTED
  }

  /** Then the caller is sent away: one that has gone is not always noticed. */
  private static final int RINGS_MAX = 20;

  /** From one refusal in the log to the next. */
  private static final long LOG_PERIOD_NS = 60 * ModemSpec.SECOND_NS;

  private final Agent agent;
  private final ModemConfig config;
  private final Exchange exchange;

  /** Null where no network is. */
  private final Calls calls;

  private final Listener listener;
  private final Agent.Timer bell;
  private final Agent.Timer bellOff;
  private final Agent.Timer patience;
  private State state = State.IDLE;
  private Trunk trunk;
  private boolean offHook;
  private boolean ringing;

  /** It is known who calls: it may ring. */
  private boolean announced;

  private int rings;
  private int mode;
  private int peerMode;
  private boolean caller;
  private boolean rangThere;
  private String target = "";
  private long connectNs;
  private boolean logged;
  private long loggedNs;

  Telephone(Agent agent, ModemConfig config, Exchange exchange, Calls calls, Listener listener) {
    this.agent = agent;
    this.config = config;
    this.exchange = exchange;
    this.calls = calls;
    this.listener = listener;
    bell = agent.timer(this::ring);
    bellOff = agent.timer(() -> bell(false));
    patience = agent.timer(this::onPatience);
  }

  /** The call, or null. */
  Trunk trunk() {
    return trunk;
  }

  boolean connected() {
    return state == State.CONNECTED;
  }

  /** Whether a call is there, or is being made. */
  boolean active() {
    return state != State.IDLE && state != State.RINGING;
  }

  /** Circuit 125: the bell rings just now. */
  boolean ringing() {
    return ringing;
  }

  /** H1 and H0: nobody can call while the hook is off. */
  void offHook(boolean off) {
    offHook = off;
  }

  private Trunk trunk(Call call, boolean caller) {
    boolean greets = config.greets();
    return new Trunk(agent, call, caller, greets, mode, config.number(), this);
  }

  // Calls that come in.

  @Override
  public void onCall(Call call) {
    if (state != State.IDLE || offHook) {
      BusySignal.give(call, config.greets());
      return;
    }
    state = State.RINGING;
    announced = false;
    rings = 0;
    mode = TrunkFormat.MODE_DATA;
    trunk = trunk(call, false);
    trunk.open();
  }

  @Override
  public void onRaw() {
    if (state == State.CALLING) {
      // Whoever takes a connection and is no modem has answered.
      reached(TrunkFormat.MODE_DATA);
    } else {
      announce(TrunkFormat.MODE_DATA);
    }
  }

  @Override
  public void onModem() {
    // A caller waits for the other end's answer, the called end for the caller's introduction.
  }

  @Override
  public void onSetup(int callersMode, String number) {
    if (!announced && (state == State.RINGING || state == State.ANSWERING)) {
      announce(callersMode);
    }
  }

  private void announce(int callersMode) {
    announced = true;
    peerMode = callersMode;
    if (state == State.ANSWERING) {
      answered();
    } else if (state == State.RINGING) {
      trunk.ringing();
      ring();
    }
  }

  private void ring() {
    if (rings++ == RINGS_MAX) {
      hangUp();
      return;
    }
    bell(true);
    bell.arm(ModemSpec.RING_PERIOD_NS);
    bellOff.arm(ModemSpec.RING_ON_NS);
    listener.onRing();
  }

  private void bell(boolean on) {
    if (ringing != on) {
      ringing = on;
      listener.onLinesChanged();
    }
  }

  private void stopBell() {
    bell.cancel();
    bellOff.cancel();
    bell(false);
  }

  /** Whether the call went out from here. */
  boolean caller() {
    return caller;
  }

  /** The other end has gone: the call is over only when this one hangs up too. */
  void keepOffHook() {
    state = State.CONNECTED;
  }

  /** Takes the call that rings; false when there is none. */
  boolean answer(int mode, long connectNs) {
    if (state != State.RINGING) {
      return false;
    }
    this.mode = mode;
    caller = false;
    stopBell();
    patience.arm(connectNs);
    state = State.ANSWERING;
    if (announced) {
      agent.execute(this::answered);
    }
    return true;
  }

  private void answered() {
    if (state == State.ANSWERING) {
      trunk.answer(mode);
      reached(peerMode);
    }
  }

  // Calls that go out.

  /**
   * Dials.
   *
   * @return null when it goes on, or the result when it cannot
   */
  ResultCode dial(String target, long pauseNs, int mode, long connectNs) {
    if (calls == null && !exchange.has(target)) {
      return ResultCode.NO_DIALTONE;
    }
    if (target.isEmpty() || state != State.IDLE) {
      return ResultCode.NO_CARRIER; // Nobody to call, or somebody else calls just now.
    }
    this.mode = mode;
    this.target = target;
    this.connectNs = connectNs;
    rangThere = false;
    caller = true;
    state = State.PAUSE;
    patience.arm(pauseNs);
    return null;
  }

  private void call() {
    Call call = outgoing();
    if (call == null) {
      fail(ResultCode.NO_CARRIER);
      return;
    }
    state = State.CALLING;
    patience.arm(connectNs);
    trunk = trunk(call, true);
    trunk.open();
  }

  /** A call to the target, or null when there is none, or none is permitted. */
  private Call outgoing() {
    String address = config.directory().getOrDefault(target, target);
    boolean listed = config.directory().containsKey(target);
    if (exchange.has(address)) {
      return exchange.dial(agent, config.number(), address);
    }
    if (calls == null || !calls.readable(address)) {
      return null;
    }
    if (!listed && !config.rules().permit(address)) {
      refused(address);
      return null;
    }
    return calls.dial(address);
  }

  /** Says so to whoever runs the appliance, but not as often as a guest can dial. */
  private void refused(String address) {
    long now = agent.nowNs();
    if (!logged || now - loggedNs >= LOG_PERIOD_NS) {
      logged = true;
      loggedNs = now;
      String who = "modem " + config.number();
      LOG.log(Level.WARNING, who + " may not dial " + address + "; 'allow' would permit it");
    }
  }

  @Override
  public void onRinging() {
    rangThere = true;
  }

  @Override
  public void onAnswer(int mode) {
    if (state == State.CALLING) {
      reached(mode);
    }
  }

  @Override
  public void onBusy() {
    if (state == State.CALLING) {
      fail(ResultCode.BUSY);
    }
  }

  /** Both ends are off the hook; whether they understand each other is a matter of their modes. */
  private void reached(int othersMode) {
    if (othersMode != mode || mode == TrunkFormat.MODE_FAX && !trunk.modem()) {
      fail(ResultCode.NO_CARRIER);
      return;
    }
    patience.cancel();
    state = State.CONNECTED;
    listener.onConnected();
  }

  private void onPatience() {
    if (state == State.PAUSE) {
      call();
    } else {
      fail(rangThere ? ResultCode.NO_ANSWER : ResultCode.NO_CARRIER);
    }
  }

  private void fail(ResultCode result) {
    hangUp();
    listener.onFailed(result);
  }

  /** On hook. */
  void hangUp() {
    patience.cancel();
    stopBell();
    state = State.IDLE;
    Trunk had = trunk;
    trunk = null;
    if (had != null) {
      had.close();
    }
  }

  // While connected.

  @Override
  public int onData(MemorySegment data, long offset, int bytes) {
    return listener.onData(data, offset, bytes);
  }

  @Override
  public boolean onSignal(int type, MemorySegment data, long offset, int bytes) {
    return state != State.CONNECTED || listener.onSignal(type, data, offset, bytes);
  }

  @Override
  public void onRoom() {
    listener.onRoom();
  }

  @Override
  public void onEnded(Call.End end) {
    State before = state;
    trunk = null;
    switch (before) {
      case CONNECTED -> {
        state = State.IDLE;
        listener.onLost();
      }
      case RINGING -> hangUp(); // Whoever called has thought better of it.
      case CALLING, ANSWERING -> fail(ResultCode.NO_CARRIER);
      case IDLE, PAUSE -> {}
    }
  }

  @Override
  public String toString() {
    return switch (state) {
      case IDLE -> offHook ? "off hook" : "on hook";
      case RINGING -> "ringing";
      case PAUSE, CALLING -> "calling " + target;
      case ANSWERING -> "answering";
      case CONNECTED -> "connected" + (trunk == null ? "" : " with " + trunk);
    };
  }
}
