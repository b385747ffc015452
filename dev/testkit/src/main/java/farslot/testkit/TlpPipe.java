package farslot.testkit;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpError;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;

/**
 * One direction of a stream inside the process: keeps TLPs until {@link #deliver}, and takes and
 * returns credits as a link does. Refuses, as an error of the test, any TLP that a link's check
 * would drop.
 */
public final class TlpPipe implements TlpOut {
  /** Bytes that one data credit stands for (PCI Express Base Specification 2.6.1). */
  private static final int DATA_CREDIT_BYTES = 16;

  private static final int EVENT_HEAD_BYTES = 16;

  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** Looks at each TLP when it is sent. */
  public interface Tap {
    void onTlp(MemorySegment segment, long offset, int tlpBytes);
  }

  /** What a record is. */
  private enum Kind {
    TLP,
    PUSH,
    STEADY_PUSH,
    REVOKE,
    EVENT
  }

  /** One record; {@code flow} is null for what takes no credits, {@code address} is a push's. */
  private record Queued(
      Kind kind, MemorySegment segment, int bytes, FlowClass flow, int dataCredits, long address) {}

  private static final class Credits {
    int headers = UNLIMITED;
    int data = UNLIMITED;
    boolean blocked;
  }

  private final String name;
  private final Map<FlowClass, Credits> credits = new EnumMap<>(FlowClass.class);
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private final ArrayDeque<MemorySegment> pool = new ArrayDeque<>();
  private TlpIn sender;
  private TlpIn receiver;
  private Tap tap;
  private MemorySegment claimed;
  private int claimedBytes;
  private int claimedData;
  private FlowClass claimedFlow;
  private Kind claimedKind;
  private long claimedAddress;
  private boolean pushes = true;
  private boolean events;
  private boolean refused;
  private boolean down;

  /**
   * @param name for messages
   */
  public TlpPipe(String name) {
    this.name = name;
    for (FlowClass flow : FlowClass.values()) {
      credits.put(flow, new Credits());
    }
  }

  /** Who sends here, and is told when there is room again; and who receives. */
  public void join(TlpIn newSender, TlpIn newReceiver) {
    sender = newSender;
    receiver = newReceiver;
  }

  /** Looks at everything that is sent from now on; null to stop. */
  public void tap(Tap newTap) {
    tap = newTap;
  }

  /** Credits of a class: header and data ones. Set before traffic. */
  public void limit(FlowClass flow, int headers, int data) {
    credits.get(flow).headers = headers;
    credits.get(flow).data = data;
  }

  /** Refuses claims of a class, or takes them again and says so to the sender. */
  public void block(FlowClass flow, boolean blocked) {
    credits.get(flow).blocked = blocked;
    if (!blocked) {
      room();
    }
  }

  /** The stream is down: what is queued is lost, and every claim is refused from now on. */
  public void down() {
    down = true;
    queue.clear();
  }

  public int queued() {
    return queue.size();
  }

  /** Whether the other end takes pushes; it does unless a test says otherwise. */
  public void pushes(boolean on) {
    pushes = on;
  }

  @Override
  public boolean pushes() {
    return pushes && !down;
  }

  /** Whether the other end takes events; it does only if a test says so. */
  public void events(boolean on) {
    events = on;
  }

  @Override
  public boolean events() {
    return events && !down;
  }

  /** Before its values an event has 16 bytes here: BAR, offset, changes. */
  @Override
  public long claimEvent(int bar, long offset, int changes, int bytes) {
    check(bytes > 0 && bytes <= 256, "event of " + bytes + " bytes");
    if (!events() || claim(FlowClass.POSTED, EVENT_HEAD_BYTES + bytes + 3 & ~3, bytes) < 0) {
      return -1;
    }
    claimedKind = Kind.EVENT;
    claimedBytes = EVENT_HEAD_BYTES + bytes;
    claimed.set(ValueLayout.JAVA_INT_UNALIGNED, 0, bar);
    claimed.set(ValueLayout.JAVA_INT_UNALIGNED, 4, changes);
    claimedAddress = offset;
    return EVENT_HEAD_BYTES;
  }

  @Override
  public boolean harmless(int bar, long offset, long bytes) {
    if (!events() || claim(FlowClass.POSTED, EVENT_HEAD_BYTES, 4) < 0) {
      return false;
    }
    claimedKind = Kind.EVENT;
    claimedBytes = 0;
    claimed.set(ValueLayout.JAVA_INT_UNALIGNED, 0, bar);
    claimed.set(ValueLayout.JAVA_INT_UNALIGNED, 4, (int) bytes);
    claimedAddress = offset;
    commit();
    return true;
  }

  private void deliverEvent(Queued event) {
    int bar = event.segment.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    int number = event.segment.get(ValueLayout.JAVA_INT_UNALIGNED, 4);
    int bytes = event.bytes - EVENT_HEAD_BYTES;
    if (event.bytes == 0) {
      receiver.onHarmless(bar, event.address, number);
    } else {
      receiver.onEvent(bar, event.address, number, event.segment, EVENT_HEAD_BYTES, bytes);
    }
  }

  @Override
  public long claimPush(long address, int bytes, boolean steady) {
    check(bytes > 0 && (address & 0xFFF) + bytes <= 0x1000, "push of " + bytes + " bytes");
    boolean wasRefused = refused;
    if (!pushes || claim(FlowClass.POSTED, bytes + 3 & ~3, bytes) < 0) {
      refused = wasRefused; // an offer: nobody is told when there is room again
      return -1;
    }
    claimedBytes = bytes;
    claimedKind = steady ? Kind.STEADY_PUSH : Kind.PUSH;
    claimedAddress = address;
    return 0;
  }

  @Override
  public void revoke() {
    check(claimed == null, "revoke inside a claim");
    if (pushes()) {
      queue.add(new Queued(Kind.REVOKE, MemorySegment.NULL, 0, null, 0, 0));
    }
  }

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    check(claimed == null, "claim inside a claim");
    check(tlpBytes > 0 && (tlpBytes & 3) == 0, "claim of " + tlpBytes + " bytes");
    check(tlpBytes <= TlpLimits.TLP_BYTES_MAX, "claim of " + tlpBytes + " bytes");
    Credits have = credits.get(flow);
    int data = (dataBytes + DATA_CREDIT_BYTES - 1) / DATA_CREDIT_BYTES;
    if (down || have.blocked || have.headers < 1 || have.data < data) {
      refused = true;
      return -1;
    }
    claimed = pool.isEmpty() ? newSlot() : pool.poll();
    claimedBytes = tlpBytes;
    claimedData = data;
    claimedFlow = flow;
    claimedKind = Kind.TLP;
    return 0;
  }

  private static MemorySegment newSlot() {
    return MemorySegment.ofArray(new byte[TlpLimits.TLP_BYTES_MAX]);
  }

  @Override
  public MemorySegment segment() {
    check(claimed != null, "segment without a claim");
    return claimed;
  }

  @Override
  public void commit() {
    check(claimed != null, "commit without a claim");
    if (claimedKind == Kind.TLP) {
      checkClaimed();
      if (tap != null) {
        tap.onTlp(claimed, 0, claimedBytes);
      }
    }
    take(claimedFlow, -1, -claimedData);
    queue.add(
        new Queued(claimedKind, claimed, claimedBytes, claimedFlow, claimedData, claimedAddress));
    claimed = null;
  }

  private void checkClaimed() {
    TlpError error = TlpView.check(claimed, 0, claimedBytes);
    if (error != null) {
      throw new AssertionError(name + ": sent a malformed TLP: " + error + " " + hex());
    }
    int fmtType = claimed.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
    if (!TlpType.isPrefix(fmtType) && TlpType.flowClass(fmtType) != claimedFlow) {
      throw new AssertionError(name + ": sent as " + claimedFlow + ": " + hex());
    }
  }

  /** Delivers what is first and returns its credits. Returns false when there is nothing. */
  public boolean deliver() {
    Queued first = queue.poll();
    if (first == null) {
      return false;
    }
    if (first.kind == Kind.REVOKE) {
      receiver.onRevoke();
      return true;
    }
    take(first.flow, 1, first.dataCredits);
    switch (first.kind) {
      case PUSH -> receiver.onPush(first.address, first.segment, 0, first.bytes, false);
      case EVENT -> deliverEvent(first);
      case STEADY_PUSH -> receiver.onPush(first.address, first.segment, 0, first.bytes, true);
      default -> receiver.onTlp(first.segment, 0, first.bytes);
    }
    pool.add(first.segment);
    room();
    return true;
  }

  private void room() {
    if (refused && !down) {
      refused = false;
      sender.onRoom();
    }
  }

  private void take(FlowClass flow, int headers, int data) {
    Credits have = credits.get(flow);
    have.headers += have.headers == UNLIMITED ? 0 : headers;
    have.data += have.data == UNLIMITED ? 0 : data;
  }

  private String hex() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(claimedBytes, 32); i++) {
      text.append(String.format("%02x", claimed.get(ValueLayout.JAVA_BYTE, i)));
    }
    return text.toString();
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(name + ": " + otherwise);
    }
  }
}
