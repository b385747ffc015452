package farslot.fabric;

import farslot.function.Agent;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;

/**
 * The way between a root port and a card of the same process: two bounded queues instead of a link.
 * Nobody is called from inside a call of his own: what was sent is delivered in a later task of the
 * agent. On its thread only.
 */
public final class LocalStream implements PortStream {
  private static final int PAYLOAD_BYTES_MAX = 4096;

  private final FunctionEndpoint card;
  private final LocalQueue down;
  private final LocalQueue up;
  private boolean closed;

  /** Connects the card; {@code port.attach} of this then brings it up. */
  public LocalStream(Agent agent, RootPort port, FunctionEndpoint card) {
    this.card = card;
    down = new LocalQueue(agent, port::onRoom, card);
    up = new LocalQueue(agent, card::onRoom, port);
    card.connect(up);
  }

  @Override
  public TlpOut out() {
    return down;
  }

  @Override
  public int payloadBytesMax() {
    return PAYLOAD_BYTES_MAX;
  }

  @Override
  public void hotReset() {
    down.hotReset();
  }

  @Override
  public void detach(String cause) {
    if (!closed) {
      closed = true;
      down.close();
      up.close();
      card.disconnect();
    }
  }
}
