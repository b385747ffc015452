package farslot.function;

/**
 * A kind of device that there is a {@link MirrorGuide} for; found by {@link
 * java.util.ServiceLoader} where the device is, by what it says of itself, whoever made it.
 */
public interface MirrorGuideProvider {
  /**
   * Whether its guide knows such a device.
   *
   * @param classCode 24 bits
   */
  boolean knows(int vendorId, int deviceId, int classCode);

  /** A guide for one function. */
  MirrorGuide guide(MirrorPort port);
}
