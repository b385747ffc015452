package farslot.fabric;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A root port, a fake card and the two pipes between them, on a manual clock. */
public final class Bench implements PortStream, PortWatcher, LocalFunction.Listener {
  static final long RAM = 0x1000_0000L;
  static final long FOREVER = Long.MAX_VALUE / 4;

  public final ManualAgent agent = new ManualAgent();
  final FakeCard card = new FakeCard();
  final Pipe down = new Pipe();
  final Pipe up = new Pipe();
  public final RootPort port;
  final MemorySegment ram = Arena.ofAuto().allocate(1 << 16, 4096);
  final List<String> events = new ArrayList<>();
  int closes;

  public Bench() {
    this(PortOptions.DEFAULT);
  }

  public Bench(PortOptions options) {
    port = new RootPort("disk0", agent, options, this);
    port.listener(this);
    down.to(card);
    up.to(port);
    card.out = up;
  }

  /** A card that has been brought up, with bus mastering on and a window of RAM. */
  static Bench up() {
    return up(PortOptions.DEFAULT);
  }

  static Bench up(PortOptions options) {
    Bench bench = new Bench(options);
    bench.down.pushes = true;
    bench.attach();
    bench.port.dmaWindows().map(new DmaWindow(RAM, 1 << 16, Access.READ_WRITE, bench.ram, null));
    bench.configWrite(4, 2, 0x6);
    bench.events.clear();
    bench.card.log.clear();
    return bench;
  }

  public void attach() {
    card.changes = 0;
    port.attach(this);
    run();
  }

  /** Delivers until nothing moves; time stands still. */
  public void run() {
    boolean moved = true;
    while (moved) {
      moved = agent.runTasks();
      while (down.deliver() | up.deliver()) {
        moved = true;
      }
    }
  }

  /** Runs, letting timers fire for this long. */
  void runFor(long ns) {
    long end = agent.nowNs() + ns;
    run();
    while (agent.fireNext(end - agent.nowNs())) {
      run();
    }
    agent.advance(Math.max(0, end - agent.nowNs()));
  }

  long read(int region, long offset, int bytes) {
    Reply reply = start(region, offset, bytes);
    runFor(10_000_000_000L);
    return reply.value();
  }

  Reply start(int region, long offset, int bytes) {
    Reply reply = new Reply();
    port.read(region, offset, bytes, reply, 77);
    return reply;
  }

  int config(int offset, int bytes) {
    return (int) read(LocalFunction.REGION_CONFIG, offset, bytes);
  }

  /** The whole configuration space in one read, as QEMU asks for it. */
  byte[] whole() {
    Reply reply = start(LocalFunction.REGION_CONFIG, 0, 4096);
    run();
    return reply.data;
  }

  Reply configWrite(int offset, int bytes, int value) {
    Reply reply = post(LocalFunction.REGION_CONFIG, offset, bytes, value);
    run();
    return reply;
  }

  Reply post(int region, long offset, int bytes, long value) {
    Reply reply = new Reply();
    MemorySegment from = Arena.ofAuto().allocate(8);
    from.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, value);
    port.write(region, offset, from, 0, bytes, reply, 78);
    from.fill((byte) 0x33);
    return reply;
  }

  /** Where an access's end arrives. */
  static final class Reply implements LocalFunction.ReadDone, LocalFunction.WriteDone {
    int calls;
    byte[] data;

    @Override
    public void done(long cookie, MemorySegment from, long offset, int bytes) {
      calls++;
      assert cookie == 77;
      data = new byte[bytes];
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, data, 0, bytes);
    }

    @Override
    public void done(long cookie) {
      calls++;
      assert cookie == 78;
    }

    long value() {
      assert calls == 1 : calls + " answers";
      ByteBuffer eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      eight.put(0, data);
      return eight.getLong(0);
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
    run();
    card.onHotReset();
  }

  @Override
  public void detach(String cause) {
    closes++;
    down.drop();
    up.drop();
  }

  @Override
  public void onPresent(RootPort which) {
    events.add("present");
  }

  @Override
  public void onAbsent(RootPort which, String cause) {
    events.add("absent: " + cause);
  }

  @Override
  public void onGuideFailed(RootPort which, String guide, Throwable cause) {
    events.add("guide " + guide + " failed");
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    events.add("irq " + kind + "." + vector);
  }

  @Override
  public void onPresence(boolean present, String cause) {
    events.add((present ? "back: " : "gone: ") + cause);
  }

  @Override
  public void onRoom() {
    events.add("room");
  }

  /** The card's BAR 0, little-endian. */
  public ByteBuffer bar() {
    return card.bar;
  }

  /** What the card holds in a DW of its own configuration space. */
  public int cardConfig(int offset) {
    return card.config.getInt(offset);
  }

  /** Has the card send an MSI-X message. */
  public void msix(int vector) {
    card.msix(vector);
  }
}
