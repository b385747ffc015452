package farslot.fabric;

import farslot.function.Agent;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/** One direction of a {@link LocalStream}. */
final class LocalQueue implements TlpOut {
  private static final int CAPACITY_BYTES = 1 << 20;

  /** No TLP has no bytes, so this stands for Hot Reset. */
  private static final int HOT_RESET = 0;

  private final Agent agent;
  private final Runnable onRoom;
  private final TlpIn receiver;
  private final RecordRing ring = new RecordRing(CAPACITY_BYTES);
  private final Runnable delivery = this::deliver;
  private boolean due;
  private boolean refused;
  private boolean closed;

  /**
   * @param onRoom told when a claim was refused and there is room again
   */
  LocalQueue(Agent agent, Runnable onRoom, TlpIn receiver) {
    this.agent = agent;
    this.onRoom = onRoom;
    this.receiver = receiver;
  }

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    if (closed) {
      return -1;
    }
    long at = ring.put(tlpBytes);
    refused |= at < 0;
    return at;
  }

  @Override
  public MemorySegment segment() {
    return ring.memory();
  }

  @Override
  public void commit() {
    if (!due) {
      due = true;
      agent.execute(delivery);
    }
  }

  /** Goes the same way, in order; it may always be sent. */
  void hotReset() {
    if (!closed && ring.put(HOT_RESET) >= 0) {
      commit();
    } else if (!closed) {
      // What a full queue holds was sent before a reset that forgets it all.
      ring.clear();
      hotReset();
    }
  }

  /** Delivers what is there now; what comes of it goes later. */
  private void deliver() {
    due = false;
    long until = ring.given();
    while (!closed && ring.taken() < until) {
      long at = ring.first();
      int bytes = ring.firstBytes();
      if (bytes == HOT_RESET) {
        ring.pop();
        receiver.onHotReset();
      } else {
        assert TlpView.check(ring.memory(), at, bytes) == null;
        receiver.onTlp(ring.memory(), at, bytes);
        if (!closed && ring.taken() < until) {
          ring.pop();
        }
      }
    }
    if (refused && !closed) {
      refused = false;
      onRoom.run();
    }
  }

  void close() {
    closed = true;
    ring.clear();
  }
}
