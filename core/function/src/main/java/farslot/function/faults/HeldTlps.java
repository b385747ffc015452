package farslot.function.faults;

import java.util.ArrayDeque;

/** TLPs of one class that have to wait, in their order. Only faults make any wait here. */
final class HeldTlps {
  /** More is refused, as a link without credits refuses. */
  static final int BYTES_MAX = 1 << 20;

  private static final int OVERHEAD_BYTES = 64;

  private record Held(byte[] tlp, int dataBytes, long dueNs, long barrier) {}

  private final ArrayDeque<Held> queue = new ArrayDeque<>();
  private int bytes;

  boolean isEmpty() {
    return queue.isEmpty();
  }

  boolean hasRoom() {
    return bytes < BYTES_MAX;
  }

  /** Whether so much has gone that it is worth saying. */
  boolean hasAmpleRoom() {
    return bytes < BYTES_MAX / 2;
  }

  /**
   * Adds one.
   *
   * @param barrier how many posted TLPs have to go first
   */
  void add(byte[] tlp, int dataBytes, long dueNs, long barrier) {
    queue.add(new Held(tlp, dataBytes, dueNs, barrier));
    bytes += tlp.length + OVERHEAD_BYTES;
  }

  boolean ready(long nowNs, long postedGone) {
    Held head = queue.peek();
    return head != null && head.dueNs <= nowNs && head.barrier <= postedGone;
  }

  /** When the next one may go, or the end of time. */
  long dueNs() {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueNs;
  }

  byte[] head() {
    return queue.element().tlp;
  }

  int headDataBytes() {
    return queue.element().dataBytes;
  }

  void pop() {
    bytes -= queue.remove().tlp.length + OVERHEAD_BYTES;
  }

  void clear() {
    queue.clear();
    bytes = 0;
  }
}
