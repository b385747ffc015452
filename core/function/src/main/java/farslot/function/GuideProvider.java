package farslot.function;

/**
 * A kind of card that there is a guide for; found by {@link java.util.ServiceLoader} at the
 * server's end, by what a card says of itself, whoever made it.
 */
public interface GuideProvider {
  /** For configuration and people: {@code nvme}. */
  String name();

  /**
   * Whether its guide knows such a card.
   *
   * @param vendorId as in configuration space
   * @param deviceId as in configuration space
   * @param classCode 24 bits
   */
  boolean knows(int vendorId, int deviceId, int classCode);

  /** A guide for one function. */
  DmaGuide guide(GuidePort port);
}
