package farslot.fuzz;

import farslot.fabric.LocalFunction;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.testkit.FakeAgent;
import farslot.testkit.TlpPipe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A guest, its memory, its root port, the card behind that, and a script that may be the card. */
final class Server implements PortStream, PortWatcher, LocalFunction.Listener {
  private static final int MEMORY_BYTES = 1 << 16;
  private static final int WINDOW_IOVA = 0x10000;
  private static final int WINDOW_BYTES = 0x4000;
  private static final int WINDOW_AT = 0x6000;
  private static final MemorySegment CANARIES =
      MemorySegment.ofArray(new byte[MEMORY_BYTES]).fill((byte) 0x5C);

  private final FakeAgent agent = new FakeAgent();
  private final FunctionEndpoint card = new FunctionEndpoint(Cards.scratch(), agent);
  private final RootPort port = new RootPort("fuzz", agent, PortOptions.DEFAULT, this);
  private final MemorySegment memory = MemorySegment.ofArray(new byte[MEMORY_BYTES]);
  private final List<OpenRead> requests = new ArrayList<>();
  private final TlpView tlp = new TlpView();
  private TlpPipe down;
  private TlpPipe up;
  private boolean cardAnswers = true;
  private boolean mapped;
  private int asked;
  private int answered;

  Server() {
    port.listener(this);
    memory.copyFrom(CANARIES);
    window(0);
  }

  // The link.

  void attach() {
    down = new TlpPipe("root port");
    up = new TlpPipe("card");
    up.events(true);
    down.join(port, new Front());
    up.join(card, port);
    card.connect(up);
    port.attach(this);
    settle();
  }

  void relink(boolean orderly) {
    if (port.attached() && orderly) {
      port.detach("script");
    } else if (port.attached()) {
      port.onDown();
    } else {
      attach();
    }
  }

  /** The card's side of the wire: the real card, or nobody but the script. */
  private final class Front implements Hearer {
    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      tlp.wrap(segment, offset, tlpBytes);
      boolean posted = TlpType.isMemoryWrite(tlp.fmtType()) || TlpType.isMessage(tlp.fmtType());
      if (cardAnswers) {
        card.onTlp(segment, offset, tlpBytes);
      } else if (!posted && !TlpType.isCompletion(tlp.fmtType())) {
        requests.add(OpenRead.of(tlp));
      }
    }
  }

  @Override
  public TlpOut out() {
    return down;
  }

  @Override
  public int payloadBytesMax() {
    return 512;
  }

  @Override
  public void hotReset() {
    card.onHotReset();
  }

  @Override
  public void detach(String cause) {
    down.down();
    up.down();
    card.disconnect();
    requests.clear();
  }

  /** The card says what registers hold. */
  void event(int bar, long offset, int changes, int bytes) {
    MemorySegment values = MemorySegment.ofArray(new byte[bytes]);
    port.onEvent(bar, offset, changes, values, 0, bytes);
  }

  void harmless(int bar, long offset, long bytes) {
    port.onHarmless(bar, offset, bytes);
  }

  void cardAnswers(boolean does) {
    cardAnswers = does;
  }

  void fromCard(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (port.attached() && TlpView.check(segment, 0, bytes.length) == null) {
      port.onTlp(segment, 0, bytes.length);
    }
  }

  void answer(Script script) {
    int which = script.u8();
    if (!requests.isEmpty()) {
      fromCard(requests.remove(which % requests.size()).answer(script));
    }
  }

  // The guest.

  void read(int region, long offset, int bytes) {
    asked++;
    port.read(region, offset, bytes, (cookie, data, at, count) -> answered++, 0);
  }

  void write(int region, long offset, byte[] bytes) {
    asked++;
    MemorySegment from = MemorySegment.ofArray(bytes);
    port.write(region, offset, from, 0, bytes.length, cookie -> answered++, 0);
  }

  void reset() {
    asked++;
    port.reset(cookie -> answered++, 0);
  }

  void arm(int kind, int vectors) {
    boolean[] armed = new boolean[Math.min(vectors, port.vectors(kind))];
    java.util.Arrays.fill(armed, true);
    port.arm(kind, 0, armed);
    port.maskIntx((vectors & 1) != 0);
  }

  /** Maps what the card may reach, or takes it back. */
  void window(int how) {
    if (mapped) {
      port.dmaWindows().unmap(WINDOW_IOVA, WINDOW_BYTES);
    }
    mapped = (how & 3) != 1;
    if (mapped) {
      Access access = (how & 3) == 2 ? Access.READ : Access.READ_WRITE;
      MemorySegment part = memory.asSlice(WINDOW_AT, WINDOW_BYTES);
      port.dmaWindows().map(new DmaWindow(WINDOW_IOVA, WINDOW_BYTES, access, part, null));
    }
  }

  // Time and judgement.

  void settle() {
    for (int i = 0; i < 10_000; i++) {
      boolean moved = agent.runTasks();
      moved |= up.deliver();
      moved |= down.deliver();
      if (!moved) {
        return;
      }
    }
    throw new AssertionError("never comes to rest");
  }

  void pass(long ns) {
    settle();
    agent.advance(ns);
    settle();
  }

  void judge() {
    for (int i = 0; i < 20; i++) {
      pass(1_000_000_000L);
    }
    if (answered != asked) {
      throw new AssertionError(answered + " answers to " + asked + " accesses");
    }
    untouched(0, WINDOW_AT);
    untouched(WINDOW_AT + WINDOW_BYTES, MEMORY_BYTES);
  }

  private void untouched(int from, int to) {
    long at = MemorySegment.mismatch(memory, from, to, CANARIES, from, to);
    if (at >= 0) {
      throw new AssertionError("DMA outside of the window, at " + (from + at));
    }
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    if (vector < 0 || vector >= port.vectors(kind)) {
      throw new AssertionError("interrupt of kind " + kind + ", vector " + vector);
    }
  }

  @Override
  public void onPresence(boolean present, String cause) {}

  @Override
  public void onRoom() {}

  @Override
  public void onPresent(RootPort which) {}

  @Override
  public void onAbsent(RootPort which, String cause) {}
}
