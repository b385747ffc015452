package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Call;
import farslot.function.Calls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A network with one far place, which the test plays. */
final class FakeCalls implements Calls {
  private final Agent agent;
  final List<String> dialled = new ArrayList<>();
  Incoming incoming;
  Far far;

  /** What becomes of calls that go out; null when they get there. */
  Call.End fate;

  FakeCalls(Agent agent) {
    this.agent = agent;
  }

  @Override
  public void open(Incoming incoming) {
    this.incoming = incoming;
  }

  @Override
  public Call dial(String address) {
    dialled.add(address);
    CallPair pair = new CallPair(agent, "modem", address);
    far = new Far(pair.called());
    if (fate != null) {
      pair.called().close();
    } else {
      pair.called().open(far);
    }
    return pair.caller();
  }

  /** Somebody calls the modem. */
  Far ring() {
    CallPair pair = new CallPair(agent, "far", "modem");
    far = new Far(pair.caller());
    pair.caller().open(far);
    incoming.onCall(pair.called());
    return far;
  }

  @Override
  public boolean readable(String address) {
    return address.indexOf(':') > 0;
  }

  @Override
  public void close() {}

  /** The far end of a call. */
  static final class Far implements Call.Listener {
    final Call call;
    final StringBuilder heard = new StringBuilder();
    int appetite = Integer.MAX_VALUE;
    boolean ended;

    Far(Call call) {
      this.call = call;
    }

    @Override
    public void onConnected() {}

    @Override
    public int onBytes(MemorySegment data, long offset, int bytes) {
      int taken = Math.min(bytes, appetite);
      byte[] copy = data.asSlice(offset, taken).toArray(ValueLayout.JAVA_BYTE);
      heard.append(new String(copy, StandardCharsets.ISO_8859_1));
      return taken;
    }

    @Override
    public void onRoom() {}

    @Override
    public void onEnded(Call.End end) {
      ended = true;
    }

    int say(String text) {
      return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    int say(byte[] bytes) {
      return call.send(Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes), 0, bytes.length);
    }

    String text() {
      String text = heard.toString();
      heard.setLength(0);
      return text;
    }
  }
}
