package farslot.link;

/**
 * Who is at the other end, as it says itself.
 *
 * @param nodeName the name that its owner gave it: 1 to 64 bytes of UTF-8; ownership goes by it
 * @param instanceId drawn at random when it started, so that a restart can be told
 */
public record LinkPeer(String nodeName, long instanceId) {
  @Override
  public String toString() {
    return nodeName + " (instance " + Long.toHexString(instanceId) + ")";
  }
}
