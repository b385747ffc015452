package farslot.cards.uart16550;

import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.SerialLine;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A card of UARTs in a slot: which byte of the BAR is which register, and one interrupt for all.
 */
final class UartFunction implements SavableFunction, UartPort.Owner {
  private static final int VECTOR = 0;

  private static final String STATE = "uart16550";
  private static final int STATE_VERSION = 1;

  private final CardModel model;
  private final FunctionSpec spec;
  private final UartPort[] ports;
  private FunctionPort slot;
  private boolean interrupting;

  /** Software is writing: registers are told when that has been dealt with. */
  private boolean writing;

  /**
   * @param paced whether characters take their time
   */
  UartFunction(CardModel model, List<SerialLine> lines, boolean paced, long serialNumber) {
    this.model = model;
    spec = model.spec(lines.size(), serialNumber);
    ports = new UartPort[lines.size()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] =
          paced
              ? new PacedPort(this, lines.get(i), model.baudBase())
              : new UartPort(this, lines.get(i), model.baudBase());
    }
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort port) {
    slot = port;
    for (UartPort each : ports) {
      each.open(port);
    }
  }

  @Override
  public void unplug() {
    for (UartPort each : ports) {
      each.close();
    }
  }

  /** A modem at a port keeps its settings, as one in a box of its own does; no data are there. */
  @Override
  public boolean forgetsWhenReset() {
    return true;
  }

  @Override
  public void reset(ResetKind kind) {
    for (UartPort each : ports) {
      each.uart.reset();
    }
  }

  // Registers are bytes: wider accesses are as many, the lowest first.

  @Override
  public long read(int bar, long offset, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) readByte(offset + i) << 8 * i;
    }
    return value;
  }

  private int readByte(long offset) {
    int port = model.port(offset);
    return port < 0 || port >= ports.length ? 0 : ports[port].uart.read(model.register(offset));
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    writing = true;
    for (int i = 0; i < bytes; i++) {
      int port = model.port(offset + i);
      if (port >= 0 && port < ports.length) {
        ports[port].uart.write(model.register(offset + i), (int) (value >>> 8 * i) & 0xFF);
      }
    }
    writing = false;
  }

  /** LSR and MSR need not be asked for, while they have nothing to tell that reading ends. */
  @Override
  public boolean readsPlainly(int bar, long offset) {
    return ports[model.port(offset)].uart.readsPlainly();
  }

  @Override
  public void statusChanged() {
    if (!writing) {
      slot.registersChanged();
    }
  }

  /** One pin for all: on while any wants it. A message goes when it becomes so. */
  @Override
  public void interruptsChanged() {
    boolean any = false;
    for (UartPort each : ports) {
      any |= each.uart.interrupting();
    }
    if (any == interrupting) {
      return;
    }
    interrupting = any;
    slot.interrupts().level(any);
    if (any) {
      slot.interrupts().signal(VECTOR);
    }
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < ports.length; i++) {
      put(counts, "port" + i + "_bytes_sent", ports[i].bytesSent());
      put(counts, "port" + i + "_bytes_received", ports[i].bytesReceived());
      put(counts, "port" + i + "_overruns", ports[i].uart.overruns());
    }
    return counts;
  }

  private static void put(Map<String, Long> counts, String name, long value) {
    if (value != 0) {
      counts.put(name, value);
    }
  }

  // State

  @Override
  public void pause() {
    for (UartPort each : ports) {
      each.pause();
    }
  }

  /** A paused port does nothing by itself, and nobody waits for an answer. */
  @Override
  public boolean isQuiet() {
    return true;
  }

  @Override
  public void resume() {
    for (UartPort each : ports) {
      each.resume();
    }
  }

  @Override
  public void save(StateWriter state) {
    state.part(STATE, STATE_VERSION).u8(ports.length);
    for (UartPort each : ports) {
      each.uart.save(state);
    }
  }

  @Override
  public void restore(StateReader state) throws StateException {
    state.part(STATE, STATE_VERSION);
    int saved = state.u8();
    state.require(saved == ports.length, saved + " ports where there are " + ports.length);
    interrupting = false;
    for (UartPort each : ports) {
      each.uart.restore(state);
      interrupting |= each.uart.interrupting();
    }
  }
}
