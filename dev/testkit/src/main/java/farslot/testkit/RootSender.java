package farslot.testkit;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;

/** What the root complex sends: at once, or kept in order until there is room. */
final class RootSender {
  /** Writes a TLP. */
  interface Encoder {
    void encode(MemorySegment to, long at);
  }

  private record Waiting(MemorySegment tlp, int dataBytes) {}

  private final Map<FlowClass, ArrayDeque<Waiting>> waiting = new EnumMap<>(FlowClass.class);
  private TlpOut out;

  void connect(TlpOut newOut) {
    out = newOut;
    for (FlowClass flow : FlowClass.values()) {
      waiting.put(flow, new ArrayDeque<>());
    }
  }

  /** Sends a TLP. Nothing passes a posted request, posted requests pass the others (2.4.1). */
  void send(FlowClass flow, int headerBytes, int dataBytes, Encoder encoder) {
    int tlpBytes = headerBytes + dataBytes;
    boolean behind = !waiting.get(FlowClass.POSTED).isEmpty() || !waiting.get(flow).isEmpty();
    long at = behind ? -1 : out.claim(flow, tlpBytes, dataBytes);
    if (at >= 0) {
      encoder.encode(out.segment(), at);
      out.commit();
      return;
    }
    MemorySegment tlp = MemorySegment.ofArray(new byte[tlpBytes]);
    encoder.encode(tlp, 0);
    waiting.get(flow).add(new Waiting(tlp, dataBytes));
  }

  void onRoom() {
    drain(FlowClass.POSTED);
    if (waiting.get(FlowClass.POSTED).isEmpty()) {
      drain(FlowClass.COMPLETION);
      drain(FlowClass.NON_POSTED);
    }
  }

  private void drain(FlowClass flow) {
    ArrayDeque<Waiting> queue = waiting.get(flow);
    while (!queue.isEmpty()) {
      Waiting first = queue.peek();
      int bytes = (int) first.tlp.byteSize();
      long at = out.claim(flow, bytes, first.dataBytes);
      if (at < 0) {
        return;
      }
      MemorySegment.copy(first.tlp, 0, out.segment(), at, bytes);
      out.commit();
      queue.remove();
    }
  }
}
