package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.BackEnds;
import farslot.function.Call;
import farslot.function.Calls;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import java.lang.foreign.MemorySegment;

/**
 * A modem at the end of a serial port (V.250; fax: T.31). This is its plug: bytes and signals to
 * and from the UART. What it does with them is {@link Dce}'s.
 */
public final class Modem implements SerialLine, Calls.Incoming {
  private static final int CTS = 8;
  private static final int DSR = 4;
  private static final int RI = 2;
  private static final int DCD = 1;

  private final ModemConfig config;
  private final Exchange exchange;

  /** Null where no network is. */
  private final Calls calls;

  private final Profile profile = new Profile();
  private final DteOutput output = new DteOutput(profile);
  private final Runnable pump = this::pump;
  private Agent agent;
  private Listener listener;

  /** Null until it was opened. */
  private Dce dce;

  private boolean pumping;
  private boolean closed;

  /** The computer has been refused bytes; and something has happened since that makes room. */
  private boolean refused;

  private boolean roomAgain;
  private boolean sentXoff;

  /** The signals as they were told. */
  private int told = -1;

  /**
   * @param calls the network's, or null for none
   * @throws IllegalArgumentException if another modem of the card has its number
   */
  Modem(ModemConfig config, Exchange exchange, Calls calls) {
    this.config = config;
    this.exchange = exchange;
    this.calls = calls;
    if (!config.number().isEmpty() && !exchange.join(config.number(), this)) {
      throw new IllegalArgumentException("another modem has the number " + config.number());
    }
  }

  /**
   * Makes a modem as {@code modem:} of a port describes it.
   *
   * @param exchange the card's, by which its modems reach each other
   */
  public static Modem open(CardConfig config, BackEnds backEnds, Exchange exchange)
      throws CardConfigException {
    ModemConfig read = ModemConfig.read(config);
    if (!read.number().isEmpty() && exchange.has(read.number())) {
      throw config.wrong("number", "another one: a modem of this card has that");
    }
    Calls calls = read.network() ? backEnds.calls(config) : null;
    try {
      config.finish();
    } catch (CardConfigException e) {
      if (calls != null) {
        calls.close();
      }
      throw e;
    }
    return new Modem(read, exchange, calls);
  }

  @Override
  public void open(Agent agent, Listener listener) {
    this.agent = agent;
    this.listener = listener;
    output.open(listener);
    dce = new Dce(agent, config, exchange, calls, profile, output, new ComputersSide());
    if (calls != null) {
      calls.open(this);
    }
    wake();
  }

  @Override
  public void onCall(Call call) {
    if (dce == null || closed) {
      call.close();
    } else {
      dce.telephone().onCall(call);
    }
  }

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    int taken = 0;
    int part = -1;
    while (taken < bytes && part != 0) {
      part = dce.take(from, offset + taken, bytes - taken);
      taken += part;
    }
    refused |= taken < bytes;
    wake();
    return taken;
  }

  @Override
  public void resume() {
    output.resume();
    wake();
  }

  @Override
  public void settings(SerialSettings settings) {
    dce.baud(settings.baud());
  }

  /** A break is not carried to the other end, which may be no serial line at all. */
  @Override
  public void sendBreak(boolean on) {}

  @Override
  public void lines(boolean dtr, boolean rts) {
    output.rts(rts);
    dce.dtr(dtr);
    wake();
  }

  private void wake() {
    if (!pumping && !closed) {
      pumping = true;
      agent.execute(pump);
    }
  }

  /** Hands over what waits; nothing of this happens within a call of the computer's. */
  private void pump() {
    pumping = false;
    if (closed) {
      return;
    }
    while (output.pump()) {
      dce.proceed();
    }
    tellRoom();
    tellLines();
  }

  private void tellRoom() {
    if (refused && (roomAgain || dce.commanding() && output.roomForAnswers())) {
      roomAgain = false;
      refused = false;
      listener.onRoom();
    }
    roomAgain = false;
    boolean wanted = profile.flowByDce() == Profile.FLOW_XON_XOFF && !dce.commanding();
    if ((refused && wanted) != sentXoff) {
      sentXoff = !sentXoff;
      output.put(sentXoff ? ModemSpec.XOFF : ModemSpec.XON);
      output.pump();
    }
  }

  private void tellLines() {
    Telephone telephone = dce.telephone();
    boolean connected = telephone.connected();
    boolean cts = !refused || profile.flowByDce() != Profile.FLOW_CIRCUIT;
    boolean dsr = connected || profile.ampersand('S') == 0;
    boolean ri = telephone.ringing();
    boolean dcd = connected || profile.ampersand('C') == 0;
    int now = (cts ? CTS : 0) | (dsr ? DSR : 0) | (ri ? RI : 0) | (dcd ? DCD : 0);
    if (now != told) {
      told = now;
      listener.onLines(cts, dsr, ri, dcd);
    }
  }

  /** In words for people: {@code modem 100 (127.0.0.1:7600): on hook}. */
  @Override
  public String toString() {
    String place = calls == null ? "" : " (" + calls + ")";
    return "modem " + config.number() + place + ": " + (dce == null ? "off" : dce.telephone());
  }

  @Override
  public void close() {
    if (!closed) {
      if (dce != null) {
        dce.hook(0);
      }
      closed = true;
      if (!config.number().isEmpty()) {
        exchange.leave(config.number());
      }
      if (calls != null) {
        calls.close();
      }
    }
  }

  private final class ComputersSide implements Dce.Dte {
    @Override
    public void wake() {
      Modem.this.wake();
    }

    @Override
    public void roomAgain() {
      roomAgain = true;
    }
  }
}
