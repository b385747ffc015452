package farslot.function;

import java.lang.foreign.MemorySegment;

/** What a {@link MirrorGuide} may do. On the slot's agent thread only. */
public interface MirrorPort {
  /**
   * The mirror: an address of the server's is an offset in it. The device may write at any time.
   */
  MemorySegment memory();

  /**
   * Copies the server's memory into the mirror; {@link MirrorGuide#fetched} comes later.
   *
   * @param bytes at least 1; inside the mirror
   */
  void fetch(long address, int bytes, long cookie);

  /** Copies the mirror into the server's memory, in the order of the calls. */
  void store(long address, int bytes);

  /** Whether stores go on now; see {@link MirrorGuide#look}. */
  boolean hasRoom();

  /** Tells the device of a write that was held back. */
  void pass(int bar, long offset, int bytes, long value);

  /** Whether the device is to be looked at all the time, for it has work that it may have done. */
  void watch(boolean on);
}
