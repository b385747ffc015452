package farslot.fabric;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** One direction of a stream: queues TLPs until a test delivers them, with credits if it likes. */
final class Pipe implements TlpOut {
  private final MemorySegment claimed = Arena.ofAuto().allocate(8192);
  private final Queue<byte[]> queue = new ArrayDeque<>();
  private final Map<FlowClass, Integer> credits = new EnumMap<>(FlowClass.class);
  private boolean refused;
  private int bytes = -1;
  private FlowClass flow;
  private TlpIn to;
  private long pushAddress;
  private int pushed = -1;
  private boolean steady;

  /** Whether pushes are taken. */
  boolean pushes;

  /** Drops malformed TLPs, as a link does, instead of taking them for a mistake of the test. */
  boolean dropsMalformed;

  int malformed;

  private Consumer<byte[]> tap = b -> {};

  Pipe() {
    for (FlowClass each : FlowClass.values()) {
      credits.put(each, Integer.MAX_VALUE);
    }
  }

  void to(TlpIn in) {
    to = in;
  }

  void tap(Consumer<byte[]> each) {
    tap = each;
  }

  /** TLPs of this class that may still be claimed. */
  void credits(FlowClass of, int count) {
    credits.put(of, count);
  }

  int waiting() {
    return queue.size();
  }

  @Override
  public long claim(FlowClass of, int tlpBytes, int dataBytes) {
    // A claim that was never committed is forgotten, as a real stream forgets it.
    assert tlpBytes % 4 == 0;
    if (credits.get(of) == 0) {
      refused = true;
      return -1;
    }
    // What was there before must not be what makes a test pass.
    claimed.fill((byte) 0xA5);
    bytes = tlpBytes;
    pushed = -1;
    flow = of;
    return 4;
  }

  @Override
  public boolean pushes() {
    return pushes;
  }

  @Override
  public long claimPush(long address, int count, boolean isSteady) {
    assert count > 0 && (address & 4095) + count <= 4096 : address + "+" + count;
    if (!pushes || credits.get(FlowClass.POSTED) == 0) {
      return -1;
    }
    claimed.fill((byte) 0xA5);
    pushAddress = address;
    pushed = count;
    steady = isSteady;
    return 4;
  }

  @Override
  public void revoke() {
    queue.add(new byte[0]);
  }

  @Override
  public MemorySegment segment() {
    return claimed;
  }

  @Override
  public void commit() {
    if (pushed >= 0) {
      commitPush();
      return;
    }
    assert bytes >= 0 : "commit without a claim";
    byte[] tlp = claimed.asSlice(4, bytes).toArray(ValueLayout.JAVA_BYTE);
    if (dropsMalformed && TlpView.check(claimed, 4, bytes) != null) {
      malformed++;
      bytes = -1;
      return;
    }
    assert TlpView.check(claimed, 4, bytes) == null : TlpView.check(claimed, 4, bytes);
    assert new TlpView().wrap(claimed, 4, bytes).flowClass() == flow;
    credits.merge(flow, -1, (a, b) -> a == Integer.MAX_VALUE ? a : a + b);
    bytes = -1;
    queue.add(tlp);
    tap.accept(tlp);
  }

  /** Two bytes that no TLP begins with, the address, and what is pushed. */
  private void commitPush() {
    byte[] push = new byte[11 + pushed];
    ByteBuffer.wrap(push).put((byte) -1).put((byte) -1).put((byte) (steady ? 1 : 0));
    ByteBuffer.wrap(push).putLong(3, pushAddress);
    MemorySegment.copy(claimed, ValueLayout.JAVA_BYTE, 4, push, 11, pushed);
    credits.merge(FlowClass.POSTED, -1, (a, b) -> a == Integer.MAX_VALUE ? a : a + b);
    pushed = -1;
    queue.add(push);
  }

  /** Delivers one TLP; false when nothing waits. */
  boolean deliver() {
    byte[] tlp = queue.poll();
    if (tlp == null) {
      return false;
    }
    if (tlp.length == 0) {
      to.onRevoke();
      return true;
    }
    MemorySegment copy = Arena.ofAuto().allocate(tlp.length + 8L);
    MemorySegment.copy(MemorySegment.ofArray(tlp), 0, copy, 8, tlp.length);
    if (tlp[0] == -1) {
      long address = ByteBuffer.wrap(tlp).getLong(3);
      to.onPush(address, copy, 8 + 11, tlp.length - 11, tlp[2] == 1);
    } else {
      to.onTlp(copy, 8, tlp.length);
    }
    copy.fill((byte) 0x5A);
    return true;
  }

  void drop() {
    queue.clear();
  }

  /** Gives credits back and says so. */
  void refill(TlpIn owner) {
    for (FlowClass each : FlowClass.values()) {
      credits.put(each, Integer.MAX_VALUE);
    }
    if (refused) {
      refused = false;
      owner.onRoom();
    }
  }
}
