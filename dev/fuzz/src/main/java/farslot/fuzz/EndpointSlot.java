package farslot.fuzz;

import farslot.function.Card;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.testkit.FakeAgent;
import farslot.testkit.TestSlot;
import farslot.testkit.TlpPipe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A card behind its endpoint, and a server that a script plays: the wire's other end, and what came
 * over it.
 */
final class EndpointSlot implements Hearer {
  static final int TLP = 0;
  static final int WRITE = 1;
  static final int ANSWER = 2;
  static final int PASS = 3;
  static final int BLOCK = 4;
  static final int RESET = 5;
  static final int PUSH = 6;
  static final int REVOKE = 7;
  private static final int CODES = 8;
  static final int BAR0 = 0xE0000000;
  private static final int BAR2 = 0xE0100000;
  private static final int DEEDS_MAX = 300;

  private final FakeAgent agent = new FakeAgent();
  private final TlpPipe up = new TlpPipe("card");
  private final TlpView tlp = new TlpView();
  private final FunctionEndpoint endpoint;
  private final List<OpenRead> reads = new ArrayList<>();
  private long asked;
  private long ended;
  private boolean blocked;

  EndpointSlot(Card card) {
    TestSlot slot = new TestSlot(card, agent);
    endpoint = new FunctionEndpoint(slot.function(card.functions().getFirst()), agent);
    up.join(endpoint, this);
    up.events(true);
    endpoint.connect(up);
    send(Tlps.configWrite(0x10, 15, BAR0));
    send(Tlps.configWrite(0x14, 15, 0));
    send(Tlps.configWrite(0x18, 15, BAR2));
    send(Tlps.configWrite(0x1C, 15, 0));
    send(Tlps.configWrite(0x04, 3, 7));
    settle();
  }

  void run(Script script) {
    for (int i = 0; i < DEEDS_MAX && script.goesOn(); i++) {
      deed(script.u8(), script);
      agent.runTasks();
    }
    block(false);
    settle();
    if (ended > asked) {
      throw new AssertionError(ended + " answers to " + asked + " requests");
    }
    endpoint.unplug();
  }

  private void deed(int code, Script script) {
    switch (code % CODES) {
      case TLP -> send(Tlps.scripted(script));
      case WRITE -> send(Tlps.memoryWriteDw(BAR0 + (script.u16() & ~3), script.i32()));
      case ANSWER -> answer(script);
      case PASS -> {
        settle();
        agent.advance(script.u16() * 100_000L);
        settle();
      }
      case BLOCK -> block((code & 8) != 0);
      case RESET -> endpoint.onHotReset();
      case PUSH -> push(code / CODES, script);
      default -> {
        if ((code & 8) == 0) {
          endpoint.onRevoke();
        } else {
          endpoint.onStalePush(script.u16() * 64L, 1 + (script.u8() & 0x3F));
        }
      }
    }
  }

  private void push(int how, Script script) {
    long address = script.u16() * 64L;
    int bytes = Math.min(1 + (script.u16() & 0xFFF), 0x1000 - (int) (address & 0xFFF));
    MemorySegment memory = MemorySegment.ofArray(new byte[bytes]);
    memory.fill((byte) script.u8());
    endpoint.onPush(address, memory, 0, bytes, (how & 1) == 0);
  }

  private void block(boolean on) {
    blocked = on;
    for (FlowClass flow : FlowClass.values()) {
      up.block(flow, on);
    }
  }

  FunctionEndpoint endpoint() {
    return endpoint;
  }

  void settle() {
    for (int i = 0; i < 10_000 && (agent.runTasks() | up.deliver()); i++) {
      // Until all is out.
    }
  }

  private void answer(Script script) {
    settle();
    int which = script.u8();
    if (!reads.isEmpty()) {
      OpenRead read = reads.remove(which % reads.size());
      send(read.answer(script));
    }
  }

  private void send(byte[] bytes) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (TlpView.check(segment, 0, bytes.length) != null) {
      endpoint.onMalformed();
      return;
    }
    tlp.wrap(segment, 0, bytes.length);
    asked += tlp.flowClass() == FlowClass.NON_POSTED ? 1 : 0;
    endpoint.onTlp(segment, 0, bytes.length);
    if (!blocked) {
      settle();
    }
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    tlp.wrap(segment, offset, tlpBytes);
    if (TlpType.isCompletion(tlp.fmtType())) {
      boolean last = tlp.dataBytes() == 0 || tlp.completedBytes() == tlp.byteCount();
      ended += last ? 1 : 0;
    } else if (TlpType.isMemoryRead(tlp.fmtType())) {
      reads.add(OpenRead.of(tlp));
    }
  }
}
