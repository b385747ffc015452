package farslot.fuzz;

import farslot.fabric.LocalFunction;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.function.faults.Fault;
import farslot.function.faults.FaultInjector;
import farslot.function.faults.FaultKind;
import farslot.function.faults.Traffic;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import farslot.testkit.FakeAgent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A guest at a root port, and any faults between that and a good card: every access is answered
 * once and in time, and when the faults are cleared everything is as it should be.
 */
final class BadCardTarget implements Target {
  static final int FAULT = 0;
  static final int READ = 1;
  static final int WRITE = 2;
  static final int CONFIG = 3;
  static final int DMA = 4;
  static final int PASS = 5;
  static final int BLOCK = 6;
  static final int CLEAR = 7;
  private static final int CODES = 8;
  private static final int DEEDS_MAX = 200;
  private static final long MS = 1_000_000L;
  private static final long DEADLINE_NS = 3_000 * MS;
  private static final long RAM = 0x10_0000;
  private static final int SCRATCH = 0x10;
  private static final int BUS_MASTER = 6;

  @Override
  public void run(byte[] input) {
    new Rig().run(new Script(input));
  }

  private static final class Rig
      implements PortStream, PortWatcher, LocalFunction.Listener, FaultInjector.Presence {
    private final FakeAgent agent = new FakeAgent();
    private final Wire down = new Wire();
    private final Wire up = new Wire();
    private final MemorySegment ram = Arena.ofAuto().allocate(1 << 14, 4096);
    private final MemorySegment data = Arena.ofAuto().allocate(8, 8);
    private final FaultInjector faults =
        new FaultInjector(new FunctionEndpoint(Cards.scratch(), agent), agent, this);
    private final RootPort port = new RootPort("bad0", agent, PortOptions.DEFAULT, this);
    private long lastValue;

    /** Accesses under way, and the time by which they must have ended. */
    private int open;

    private long dueNs;

    Rig() {
      down.join(port, faults);
      up.join(faults, port);
      port.listener(this);
      connect();
      port.dmaWindows().map(new DmaWindow(RAM, 1 << 14, Access.READ_WRITE, ram, null));
      write(LocalFunction.REGION_CONFIG, 4, 2, BUS_MASTER);
      pass(10 * MS);
    }

    private void connect() {
      faults.connect(up);
      port.attach(this);
      pass(500 * MS);
    }

    void run(Script script) {
      for (int i = 0; i < DEEDS_MAX && script.goesOn(); i++) {
        deed(script.u8(), script);
        settle();
      }
      faults.clear();
      block(false);
      pass(20_000 * MS);
      if (!port.present()) {
        // A card that could not be brought up for its faults is given up; it is lent once more.
        away("it could not be brought up");
        connect();
        pass(10_000 * MS);
      }
      // Whatever the guest itself has done to configuration space (power states!) ends here.
      begin();
      port.reset(cookie -> ended(), 0);
      pass(2_000 * MS);
      write(LocalFunction.REGION_CONFIG, 4, 2, BUS_MASTER);
      write(0, SCRATCH, 4, 0x1234_5678);
      read(0, SCRATCH, 4);
      pass(10 * MS);
      if (open != 0 || lastValue != 0x1234_5678) {
        throw new AssertionError("not well again: %d open, %x".formatted(open, lastValue));
      }
      faults.unplug();
    }

    private void deed(int code, Script script) {
      int more = code / CODES;
      switch (code % CODES) {
        case FAULT -> fault(script);
        case READ -> read(0, script.u8() & ~3, 4);
        case WRITE -> write(0, script.u8() & ~3, 4, script.i32());
        case CONFIG -> {
          int at = 4 * (script.u8() & 0x3F);
          if ((more & 1) == 0) {
            read(LocalFunction.REGION_CONFIG, at, 4);
          } else {
            write(LocalFunction.REGION_CONFIG, at, 4, script.i32());
          }
        }
        case DMA -> {
          write(0, 0x20, 8, RAM + script.u8() * 64L);
          write(0, 0x28, 8, (long) (1 + script.u8()) << 32);
          write(0, 0x30, 4, 0x100 | more & 0xF);
        }
        case PASS -> pass(script.u8() * 20 * MS);
        case BLOCK -> block((more & 1) != 0);
        default -> faults.clear(script.u8());
      }
    }

    private void fault(Script script) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("kind", FaultKind.values()[script.u8() % FaultKind.values().length].word());
      values.put("on", Traffic.values()[script.u8() % Traffic.values().length].word());
      int how = script.u8();
      if ((how & 1) != 0) {
        values.remove("on");
      }
      if ((how & 2) != 0) {
        values.put("count", 1 + script.u8());
      }
      if ((how & 4) != 0) {
        values.put("probability", 1 + script.u8() % 100);
      }
      if ((how & 8) != 0) {
        values.put("delay", 1 + script.u16() + "us");
      }
      if ((how & 16) != 0) {
        values.put("for", 1 + script.u8() + "ms");
      }
      if ((how & 32) != 0) {
        values.put("skip", script.u8());
      }
      try {
        faults.set(Fault.read(new CardConfig("fault", values)));
      } catch (CardConfigException | IllegalStateException e) {
        // No such fault, or too many: said in words.
      }
    }

    private void read(int region, long offset, int bytes) {
      begin();
      port.read(
          region,
          offset,
          bytes,
          (cookie, from, at, count) -> {
            ended();
            lastValue = from.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xFFFF_FFFFL;
          },
          0);
    }

    private void write(int region, long offset, int bytes, long value) {
      begin();
      data.set(ValueLayout.JAVA_LONG, 0, value);
      port.write(region, offset, data, 0, bytes, cookie -> ended(), 0);
    }

    private void begin() {
      open++;
      dueNs = agent.nowNs() + DEADLINE_NS;
    }

    private void ended() {
      if (--open < 0) {
        throw new AssertionError("an access was answered twice");
      }
    }

    private void block(boolean on) {
      up.block(on);
      down.block(on);
    }

    private void pass(long ns) {
      long end = agent.nowNs() + ns;
      settle();
      for (int i = 0; i < 100_000 && agent.nowNs() < end; i++) {
        long next = agent.nextTimerNs();
        agent.advance(
            Math.min(end, next < 0 ? end : Math.max(next, agent.nowNs() + 1)) - agent.nowNs());
        settle();
      }
      if (open > 0 && agent.nowNs() > dueNs) {
        throw new AssertionError(open + " accesses are not answered in time");
      }
    }

    private void settle() {
      for (int i = 0; i < 10_000 && (agent.runTasks() | down.deliver() | up.deliver()); i++) {
        // Until all is out.
      }
    }

    @Override
    public TlpOut out() {
      return down;
    }

    @Override
    public int payloadBytesMax() {
      return 4096;
    }

    @Override
    public void hotReset() {
      settle();
      faults.onHotReset();
    }

    @Override
    public void detach(String cause) {
      down.cut();
      up.cut();
    }

    @Override
    public void away(String cause) {
      faults.disconnect();
      detach(cause);
      port.onDown();
    }

    @Override
    public void back() {
      agent.execute(this::connect);
    }

    @Override
    public void onPresent(RootPort which) {}

    @Override
    public void onAbsent(RootPort which, String cause) {}

    @Override
    public void onGuideFailed(RootPort which, String guide, Throwable cause) {}

    @Override
    public void onInterrupt(int kind, int vector) {}

    @Override
    public void onPresence(boolean present, String cause) {}

    @Override
    public void onRoom() {}
  }

  @Override
  public List<byte[]> seeds() {
    Script.Writer all = new Script.Writer();
    for (FaultKind kind : FaultKind.values()) {
      for (int on = 0; on < Traffic.values().length; on++) {
        all.u8(FAULT, kind.ordinal(), on, 2, 1);
      }
      all.u8(READ, 0, READ, 0x34, WRITE, SCRATCH).i32(7);
      all.u8(CONFIG, 1, DMA + CODES, 3, 63, PASS, 200, DMA + 2 * CODES, 3, 63, PASS, 10);
    }
    Script.Writer some = new Script.Writer();
    some.u8(FAULT, FaultKind.DELAY.ordinal(), Traffic.DMA_WRITE.ordinal(), 8).u16(30_000);
    some.u8(DMA + 2 * CODES, 0, 200, READ, 0x18, BLOCK + CODES, PASS, 5, BLOCK, PASS, 100);
    some.u8(FAULT, FaultKind.LINK_DOWN.ordinal(), 0, 1 + 16, 50, READ, 0, PASS, 20);
    some.u8(FAULT, FaultKind.REMOVE.ordinal(), 0, 0, READ, 0, PASS, 20, CLEAR, 3, PASS, 20);
    return List.of(all.done(), some.done());
  }
}
