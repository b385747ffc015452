package farslot.function;

/**
 * Keeps memory that stands for the server's ({@link MirrorPort}) the same as the server's, as far
 * as one kind of device looks at it: before a write to a register makes the device read memory,
 * that memory is fetched; when the device says that it has written some, that is stored. So a
 * device that insists on memory can be far from its server. On the slot's agent thread only.
 */
public interface MirrorGuide {
  /**
   * Software writes a register; the device has not been told yet.
   *
   * @param bytes 1, 2, 4 or 8
   * @return false if the device shall be told now; true if the guide will {@link MirrorPort#pass}
   *     it on, when what the device will read has been fetched
   */
  boolean onWrite(int bar, long offset, int bytes, long value);

  /** What the device has answered to a read of software's; arguments as in {@link #onWrite}. */
  void onRead(int bar, long offset, int bytes, long value);

  /**
   * Looks what the device has done since, and stores what the server is to see of it.
   *
   * @return false if there was more than there is room for: to be called again when there is
   */
  boolean look();

  /** The end of a {@link MirrorPort#fetch}. */
  void fetched(long cookie, boolean ok);

  /** The function has been reset: what was under way is void, and no {@link #fetched} will come. */
  void reset();
}
