package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * What a {@link DmaGuide} may do. Memory is the server's as the card may see it: outside of what
 * software has mapped for the card, and while bus mastering is off, there is none. On the server's
 * agent thread only.
 */
public interface GuidePort {
  /** A register of configuration space, 4 bytes, as the card showed it when it was brought up. */
  int configDw(int offset);

  /**
   * Copies memory now, for the guide's own eyes.
   *
   * @return false when some of it is not the card's to read, or is not at hand (memory that has to
   *     be asked for by message)
   */
  boolean read(long address, MemorySegment to, long offset, int bytes);

  /**
   * Sends memory as it is now, ahead of the write that is being seen. When that cannot be (no
   * credits, not the card's, too much of it on the way) the card will ask, and nothing older is
   * given to it instead.
   *
   * @param bytes of any length; cut at pages here
   * @param steady see {@link farslot.pcie.TlpOut#claimPush}
   */
  void push(long address, int bytes, boolean steady);

  /**
   * Whether {@link DmaGuide#onCardWrite} is called. Off at first and after each reset; a guide asks
   * for it only while it has to learn something, since it costs every write a call.
   */
  void watch(boolean on);

  /** The card may read this because of the write that is being seen, but it is not pushed. */
  void leave(long address, int bytes);

  /**
   * The card may now read memory that the guide does not know of: nothing that was pushed before is
   * given to it.
   */
  void leaveAll();
}
