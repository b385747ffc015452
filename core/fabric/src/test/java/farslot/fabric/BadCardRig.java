package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.function.faults.FaultInjector;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.CompletionStatus;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A root port and a well-behaved card, between which faults are made, on a manual clock. */
final class BadCardRig
    implements PortStream, PortWatcher, LocalFunction.Listener, FaultInjector.Presence {
  static final long RAM = 0x1000_0000L;
  static final int BAR = 0;
  static final int IO = 4;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final ManualAgent agent = new ManualAgent();
  final Pipe down = new Pipe();
  final Pipe up = new Pipe();
  final MemorySegment ram = Arena.ofAuto().allocate(1 << 16, 4096);
  final Card card = new Card();
  final FunctionEndpoint endpoint = new FunctionEndpoint(card, agent);
  final FaultInjector faults = new FaultInjector(endpoint, agent, this);
  final RootPort port;
  final List<String> events = new ArrayList<>();

  BadCardRig() {
    port = new RootPort("bad0", agent, PortOptions.DEFAULT, this);
    port.listener(this);
    up.dropsMalformed = true;
    down.pushes = true;
    down.to(faults);
    up.to(port);
    connect();
    port.dmaWindows().map(new DmaWindow(RAM, 1 << 16, Access.READ_WRITE, ram, null));
    write(LocalFunction.REGION_CONFIG, 4, 2, 0x6);
    events.clear();
  }

  void connect() {
    faults.connect(up);
    port.attach(this);
    runFor(1_000_000_000L);
  }

  /** As a hypervisor arms it for a driver. */
  void arm(int kind, int count) {
    boolean[] all = new boolean[count];
    java.util.Arrays.fill(all, true);
    port.arm(kind, 0, all);
    run();
  }

  /** Where a capability is. */
  int capability(int id) {
    int at = (int) read(LocalFunction.REGION_CONFIG, 0x34, 1);
    while (read(LocalFunction.REGION_CONFIG, at, 1) != id) {
      at = (int) read(LocalFunction.REGION_CONFIG, at + 1, 1);
      assertThat(at).isNotZero();
    }
    return at;
  }

  void run() {
    boolean moved = true;
    while (moved) {
      moved = agent.runTasks();
      while (down.deliver() | up.deliver()) {
        moved = true;
      }
    }
  }

  void runFor(long ns) {
    long end = agent.nowNs() + ns;
    run();
    while (agent.fireNext(end - agent.nowNs())) {
      run();
    }
    agent.advance(Math.max(0, end - agent.nowNs()));
  }

  /** Reads, and waits as long as the root port lets anybody wait. */
  long read(int region, long offset, int bytes) {
    Bench.Reply reply = start(region, offset, bytes);
    run();
    if (reply.calls == 0) {
      runFor(3_000_000_000L);
    }
    return reply.value();
  }

  Bench.Reply start(int region, long offset, int bytes) {
    Bench.Reply reply = new Bench.Reply();
    port.read(region, offset, bytes, reply, 77);
    return reply;
  }

  void write(int region, long offset, int bytes, long value) {
    MemorySegment from = Arena.ofAuto().allocate(8);
    from.set(LONG, 0, value);
    port.write(region, offset, from, 0, bytes, new Bench.Reply(), 78);
    run();
  }

  long count(PortEvent event) {
    return port.count(event);
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
    run();
    faults.onHotReset();
  }

  @Override
  public void detach(String cause) {
    down.drop();
    up.drop();
  }

  @Override
  public void onPresent(RootPort which) {}

  @Override
  public void onAbsent(RootPort which, String cause) {}

  @Override
  public void onGuideFailed(RootPort which, String guide, Throwable cause) {}

  @Override
  public void onInterrupt(int kind, int vector) {
    events.add("irq " + kind + "." + vector);
  }

  @Override
  public void onPresence(boolean present, String cause) {}

  @Override
  public void onRoom() {}

  @Override
  public void away(String cause) {
    events.add("away: " + cause);
    faults.disconnect();
    down.drop();
    up.drop();
    port.onDown();
  }

  @Override
  public void back() {
    events.add("back");
    connect();
  }

  /** Registers that are memory, DMA as told, interrupts as told. */
  static final class Card implements PciFunction, Dma.Done {
    static final int VECTORS = 8;
    static final int BYTES = 0x2000;
    private final FunctionSpec spec =
        new FunctionSpecBuilder(0xABCD, 0x1234, 0xFF0000)
            .memory32(BAR, 2 * BYTES)
            .io(IO, 32)
            .msix(VECTORS, BAR, BYTES, BYTES + 0x800)
            .interruptPin(1)
            .readMostly(BAR, 0x100, 8)
            .build();
    final MemorySegment registers = Arena.ofAuto().allocate(BYTES + 32);
    final List<String> ended = new ArrayList<>();
    int writes;
    int reads;
    FunctionPort slot;

    @Override
    public FunctionSpec spec() {
      return spec;
    }

    @Override
    public void plug(FunctionPort port) {
      slot = port;
    }

    @Override
    public long read(int bar, long offset, int bytes) {
      reads++;
      long value = 0;
      for (int i = bytes - 1; i >= 0; i--) {
        byte one = registers.get(ValueLayout.JAVA_BYTE, (bar == IO ? BYTES : 0) + offset + i);
        value = value << 8 | one & 0xFF;
      }
      return value;
    }

    @Override
    public void write(int bar, long offset, int bytes, long value) {
      writes++;
      for (int i = 0; i < bytes; i++) {
        long at = (bar == IO ? BYTES : 0) + offset + i;
        registers.set(ValueLayout.JAVA_BYTE, at, (byte) (value >>> 8 * i));
      }
    }

    @Override
    public void reset(ResetKind kind) {}

    @Override
    public void done(long cookie, CompletionStatus status) {
      ended.add(cookie + ":" + status);
    }
  }
}
