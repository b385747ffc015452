package farslot.fuzz;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/** One direction of a link: in order, malformed TLPs dropped, without room when it is told so. */
final class Wire implements TlpOut {
  private final MemorySegment claimed = Arena.ofAuto().allocate(8192, 8);
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private int bytes;
  private TlpIn to;
  private TlpIn from;
  private boolean blocked;
  private boolean refused;

  void join(TlpIn sender, TlpIn receiver) {
    from = sender;
    to = receiver;
  }

  /** No room any more, or again. */
  void block(boolean on) {
    blocked = on;
    if (!on && refused) {
      refused = false;
      from.onRoom();
    }
  }

  /** Whatever is on its way is lost. */
  void cut() {
    queue.clear();
    refused = false;
  }

  /** Delivers one TLP; false when there is none. */
  boolean deliver() {
    byte[] tlp = queue.poll();
    if (tlp == null) {
      return false;
    }
    MemorySegment copy = Arena.ofAuto().allocate(tlp.length, 8);
    MemorySegment.copy(tlp, 0, copy, ValueLayout.JAVA_BYTE, 0, tlp.length);
    if (TlpView.check(copy, 0, tlp.length) == null) {
      to.onTlp(copy, 0, tlp.length);
    }
    return true;
  }

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    if (blocked) {
      refused = true;
      return -1;
    }
    bytes = tlpBytes;
    return 0;
  }

  @Override
  public MemorySegment segment() {
    return claimed;
  }

  @Override
  public void commit() {
    queue.add(claimed.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
  }
}
