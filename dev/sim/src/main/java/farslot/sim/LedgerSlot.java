package farslot.sim;

import farslot.function.endpoint.FunctionEndpoint;
import farslot.link.LinkStream;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;

/** An owner's time with a {@link LedgerCard}: between its stream and the card's endpoint. */
final class LedgerSlot implements TlpIn, Holder {
  private final Slot slot;
  private final Node node;
  private final String who;
  private final FunctionEndpoint endpoint;
  private final LedgerCard card;
  private LinkStream stream;
  private boolean over;

  LedgerSlot(Slot slot, Node node, String who, FunctionEndpoint endpoint, LedgerCard card) {
    this.slot = slot;
    this.node = node;
    this.who = who;
    this.endpoint = endpoint;
    this.card = card;
  }

  void begin(LinkStream to) {
    stream = to;
    endpoint.connect(to);
  }

  @Override
  public LinkStream stream() {
    return stream;
  }

  @Override
  public String who() {
    return who;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public boolean isAtRest() {
    return over || card.isAtRest();
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    slot.touched(this);
    endpoint.onTlp(segment, offset, tlpBytes);
  }

  @Override
  public void onRoom() {
    endpoint.onRoom();
  }

  @Override
  public void onHotReset() {
    slot.touched(this);
    endpoint.onHotReset();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    slot.touched(this);
    endpoint.onPush(address, segment, offset, bytes, steady);
  }

  @Override
  public void onStalePush(long address, int bytes) {
    slot.touched(this);
    endpoint.onStalePush(address, bytes);
  }

  @Override
  public void onRevoke() {
    slot.touched(this);
    endpoint.onRevoke();
  }

  @Override
  public void onDown() {
    if (!over) {
      over = true;
      endpoint.disconnect();
      slot.onDown(this);
    }
  }

  @Override
  public String toString() {
    return who + (card.isAtRest() ? " at rest" : " at work");
  }
}
