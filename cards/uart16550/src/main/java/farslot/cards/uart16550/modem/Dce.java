package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Calls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a modem does with the computer's bytes and with its calls. A byte goes to whoever has the
 * line just now: the command editor, a data call, a fax transmitter; or it aborts what is going on.
 */
final class Dce implements Telephone.Listener, Actions, FaxHost, DataCall.Owner {
  /** The computer's side of the modem. */
  interface Dte {
    /** Something is to be handed over, or signals have changed. */
    void wake();

    /** There may be room for what the computer was refused. */
    void roomAgain();
  }

  /** Where the computer's bytes go. */
  private enum Mode {
    COMMAND,
    /** A command takes its time; a character aborts it. */
    BUSY,
    DATA,
    FAX_SENDING,
    /** The computer was told CONNECT and receives; a character aborts it. */
    FAX_RECEIVING
  }

  private final Agent agent;
  private final ModemConfig config;
  private final Profile profile;
  private final DteOutput output;
  private final Dte dte;
  private final Progress progress;
  private final CommandEditor editor = new CommandEditor();
  private final Interpreter interpreter;
  private final Telephone telephone;
  private final DataCall dataCall;
  private final FaxTransmitter transmitter;
  private final FaxReceiver receiver;
  private final Agent.Timer stopTimer;
  private Mode mode = Mode.COMMAND;
  private int baud = 115_200;
  private boolean dtr;
  private long commandNs;
  private long lastRingNs;

  Dce(
      Agent agent,
      ModemConfig config,
      Exchange exchange,
      Calls calls,
      Profile profile,
      DteOutput output,
      Dte dte) {
    this.agent = agent;
    this.config = config;
    this.profile = profile;
    this.output = output;
    this.dte = dte;
    progress = new Progress(profile, output);
    interpreter = new Interpreter(profile, this);
    telephone = new Telephone(agent, config, exchange, calls, this);
    dataCall = new DataCall(agent, profile, this);
    transmitter = new FaxTransmitter(agent, this);
    receiver = new FaxReceiver(agent, this);
    stopTimer = agent.timer(() -> faxDone(ResultCode.OK));
  }

  Telephone telephone() {
    return telephone;
  }

  boolean commanding() {
    return mode == Mode.COMMAND;
  }

  void baud(int baud) {
    this.baud = baud;
  }

  /** Circuit 108/2. */
  void dtr(boolean on) {
    boolean dropped = dtr && !on;
    dtr = on;
    if (dropped) {
      onDtrDropped();
    }
  }

  /** Takes what the computer sends; returns how many bytes. */
  int take(MemorySegment from, long offset, int bytes) {
    return switch (mode) {
      case COMMAND -> command(from.get(ValueLayout.JAVA_BYTE, offset) & 0xFF);
      case BUSY, FAX_RECEIVING -> abort(from.get(ValueLayout.JAVA_BYTE, offset));
      case DATA, FAX_SENDING -> flow(from, offset, bytes);
    };
  }

  /** The computer has taken something: there may be more for it. */
  void proceed() {
    receiver.process();
    if (telephone.trunk() != null) {
      telephone.trunk().resume();
    }
  }

  /** &amp;D (V.250, 6.2.9). */
  private void onDtrDropped() {
    switch (profile.ampersand('D')) {
      case 1 -> {
        if (mode == Mode.DATA) {
          onEscape();
        }
      }
      case 2 -> hangUpWith(ResultCode.NO_CARRIER);
      case 3 -> {
        hangUpWith(ResultCode.NO_CARRIER);
        interpreter.run("Z");
      }
      default -> {}
    }
  }

  private void hangUpWith(ResultCode result) {
    boolean had = telephone.active() || mode != Mode.COMMAND;
    onHook();
    if (had) {
      result(result);
    }
  }

  private int command(int value) {
    if (!output.roomForAnswers()) {
      return 0;
    }
    if (profile.echo()) {
      output.put(value);
    }
    switch (editor.next(value, profile)) {
      case LINE, REPEAT -> {
        commandNs = agent.nowNs();
        ResultCode result = interpreter.run(editor.line());
        if (result != null) {
          result(result);
        }
      }
      case TOO_LONG -> result(ResultCode.ERROR);
      case NOTHING -> {}
    }
    return 1;
  }

  private int abort(byte value) {
    boolean soon = agent.nowNs() - commandNs < ModemSpec.ABORT_GRACE_NS;
    boolean flow = held(value & 0x7F);
    if (!flow && !(soon && (telephone.active() && !telephone.connected() || lineEnd(value)))) {
      abort();
    }
    return 1;
  }

  private boolean lineEnd(byte value) {
    return value == profile.register(ModemSpec.S_FORMATTING)
        || value == profile.register(ModemSpec.S_LINE_END);
  }

  private void abort() {
    if (telephone.connected()) {
      stopTimer.cancel();
      receiver.abort();
    } else {
      hangUpWith(ResultCode.NO_CARRIER);
    }
  }

  /** Bytes of a data call or a fax, XON and XOFF taken out where they are the computer's own. */
  private int flow(MemorySegment from, long offset, int bytes) {
    int byDte = profile.flowByDte();
    if (byDte != Profile.FLOW_XON_XOFF && byDte != Profile.FLOW_XON_XOFF_TRANSPARENT) {
      return data(from, offset, bytes);
    }
    int plain = 0;
    while (plain < bytes && !isFlow(from.get(ValueLayout.JAVA_BYTE, offset + plain))) {
      plain++;
    }
    if (plain > 0) {
      return data(from, offset, plain);
    }
    boolean passes = byDte == Profile.FLOW_XON_XOFF_TRANSPARENT;
    if (passes && data(from, offset, 1) == 0) {
      return 0;
    }
    held(from.get(ValueLayout.JAVA_BYTE, offset));
    return 1;
  }

  private static boolean isFlow(byte value) {
    return value == ModemSpec.XON || value == ModemSpec.XOFF;
  }

  /** Whether a byte is the computer's XON or XOFF: then output goes on, or waits. */
  private boolean held(int value) {
    boolean flow = isFlow((byte) value) && profile.flowByDte() % 2 == Profile.FLOW_XON_XOFF;
    if (flow) {
      output.xoff(value == ModemSpec.XOFF);
    }
    return flow;
  }

  private int data(MemorySegment from, long offset, int bytes) {
    return mode == Mode.FAX_SENDING
        ? transmitter.take(from, offset, bytes)
        : dataCall.take(telephone.trunk(), from, offset, bytes);
  }

  @Override
  public void onEscape() {
    if (mode == Mode.DATA) {
      dataCall.stop();
      become(Mode.COMMAND);
      result(ResultCode.OK);
      dte.wake();
    }
  }

  @Override
  public void onIdle() {
    if (mode == Mode.DATA) {
      hangUpWith(ResultCode.NO_CARRIER);
      dte.wake();
    }
  }

  @Override
  public ResultCode dial(DialString dial) {
    if (telephone.active()) {
      return ResultCode.ERROR;
    }
    long pauseNs =
        dial.pauses() * (profile.register(ModemSpec.S_PAUSE_SECONDS) * ModemSpec.SECOND_NS);
    ResultCode result = telephone.dial(dial.target(), pauseNs, callMode(), profile.connectNs());
    if (result != null) {
      return progress.shown(result);
    }
    if (dial.stays()) {
      return ResultCode.OK;
    }
    become(Mode.BUSY);
    return null;
  }

  private int callMode() {
    return profile.fax() ? TrunkFormat.MODE_FAX : TrunkFormat.MODE_DATA;
  }

  @Override
  public ResultCode answer() {
    if (!telephone.answer(callMode(), profile.connectNs())) {
      return ResultCode.NO_CARRIER; // Nobody calls.
    }
    become(Mode.BUSY);
    return null;
  }

  @Override
  public ResultCode hook(int value) {
    onHook();
    telephone.offHook(value == 1);
    return ResultCode.OK;
  }

  @Override
  public ResultCode online() {
    if (!telephone.connected() || telephone.trunk() == null || profile.fax()) {
      return ResultCode.NO_CARRIER;
    }
    goOnline();
    return null;
  }

  @Override
  public ResultCode reset() {
    hook(0);
    settled();
    return ResultCode.OK;
  }

  @Override
  public void settled() {
    dte.wake();
  }

  @Override
  public ResultCode fax(String command, int value) {
    if (!telephone.connected()) {
      return ResultCode.ERROR;
    }
    long ns = value * ModemSpec.SILENCE_UNIT_NS;
    become(Mode.BUSY);
    switch (command) {
      case "+FTS" -> stopTimer.arm(ns);
      case "+FRS" -> receiver.silence(ns);
      case "+FTM", "+FTH" -> send(Modulation.of(value));
      default -> receiver.start(Modulation.of(value));
    }
    return null;
  }

  private void send(Modulation modulation) {
    receiver.forget();
    mode = Mode.FAX_SENDING;
    transmitter.start(modulation);
  }

  @Override
  public void info(String text) {
    output.info(text);
  }

  // Calls.

  @Override
  public void onRing() {
    long now = agent.nowNs();
    int rings = profile.register(ModemSpec.S_RING_COUNT);
    boolean more = rings < 255 && now - lastRingNs < ModemSpec.RING_FORGOTTEN_NS;
    rings = more ? rings + 1 : 1;
    lastRingNs = now;
    profile.register(ModemSpec.S_RING_COUNT, rings);
    if (mode == Mode.COMMAND) {
      result(ResultCode.RING);
    }
    int after = profile.register(ModemSpec.S_ANSWER_RINGS);
    boolean listens = dtr || profile.ampersand('D') == 0;
    if (after > 0 && rings >= after && listens && answer() == ResultCode.NO_CARRIER) {
      become(Mode.COMMAND);
    }
    dte.wake();
  }

  @Override
  public void onLinesChanged() {
    dte.wake();
  }

  @Override
  public void onConnected() {
    receiver.reset();
    transmitter.reset();
    profile.register(ModemSpec.S_RING_COUNT, 0);
    if (profile.fax()) {
      beginFax();
    } else if (mode == Mode.BUSY) {
      goOnline();
    } // else it was dialled with a semicolon: O goes online.
    dte.wake();
  }

  /** T.31, 8.3.5: who answers sends at once, who has called receives, both as HDLC. */
  private void beginFax() {
    if (mode != Mode.BUSY) {
      return;
    }
    if (telephone.caller()) {
      receiver.start(Modulation.V21);
    } else {
      send(Modulation.V21);
    }
  }

  private void goOnline() {
    progress.connect(baud);
    become(Mode.DATA);
    dataCall.begin();
    telephone.trunk().resume();
  }

  @Override
  public void onFailed(ResultCode result) {
    onHook();
    result(progress.shown(result));
    dte.wake();
  }

  @Override
  public void onLost() {
    if (profile.fax() && mode != Mode.DATA) {
      // A fax machine hears silence, and says so when it is asked.
      telephone.keepOffHook();
      transmitter.gone();
      receiver.gone();
    } else {
      hangUpWith(ResultCode.NO_CARRIER);
    }
    dte.wake();
  }

  @Override
  public int onData(MemorySegment data, long offset, int bytes) {
    if (mode != Mode.DATA) {
      return 0;
    }
    int taken = output.put(data, offset, bytes);
    if (taken > 0) {
      dataCall.came();
      dte.wake();
    }
    return taken;
  }

  @Override
  public boolean onSignal(int type, MemorySegment data, long offset, int bytes) {
    boolean taken = true;
    if (type == TrunkFormat.HEARD) {
      transmitter.heard();
    } else {
      taken = receiver.onSignal(type, data, offset, bytes);
    }
    dte.wake();
    return taken;
  }

  @Override
  public void onRoom() {
    faxProgress();
  }

  private void onHook() {
    dataCall.stop();
    stopTimer.cancel();
    transmitter.stop();
    receiver.stop();
    telephone.hangUp();
    output.xoff(false);
    become(Mode.COMMAND);
  }

  // FaxHost.

  @Override
  public Trunk trunk() {
    return telephone.trunk();
  }

  @Override
  public DteOutput output() {
    return output;
  }

  @Override
  public int faxSpeed() {
    return config.faxSpeed();
  }

  @Override
  public long carrierNs() {
    return profile.connectNs();
  }

  @Override
  public void faxConnected() {
    if (mode == Mode.BUSY) {
      mode = Mode.FAX_RECEIVING;
    }
    output.result(ResultCode.CONNECT, "");
    faxProgress();
  }

  @Override
  public void faxDone(ResultCode result) {
    become(Mode.COMMAND);
    result(result);
    dte.wake();
  }

  @Override
  public void faxProgress() {
    dte.roomAgain();
    dte.wake();
  }

  private void become(Mode next) {
    mode = next;
    dte.roomAgain();
  }

  private void result(ResultCode result) {
    output.result(result, "");
  }
}
