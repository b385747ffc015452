package farslot.link;

/**
 * A session with a peer: one sequence space, over one rail after another, and a stream for each
 * function attached. On the owner's thread only.
 */
public final class LinkSession {
  private final int id;
  private final LinkPeer peer;

  LinkSession(int id, LinkPeer peer) {
    this.id = id;
    this.peer = peer;
  }

  /** Its number, never 0; the acceptor chose it. */
  public int id() {
    return id;
  }

  public LinkPeer peer() {
    return peer;
  }

  public LinkState state() {
    throw new UnsupportedOperationException();
  }

  /** Max_Payload_Size agreed on, bytes. */
  public int payloadBytesMax() {
    throw new UnsupportedOperationException();
  }

  /** Max_Read_Request_Size agreed on, bytes. */
  public int readRequestBytesMax() {
    throw new UnsupportedOperationException();
  }

  /** Last measured round trip, without what the peer held back; 0 before the first. */
  public long roundTripNs() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String toString() {
    return String.format("session %08x", id);
  }
}
