package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * Knows how one kind of card uses its server's memory. It stands at the server's end, sees what
 * software writes to the card's registers, and sends along the bytes that the card will read
 * because of it: so an I/O costs one round trip instead of several. A guide never decides what is
 * right: a card whose guide is wrong, late or absent reads by itself, and gets the same bytes.
 *
 * <p>What software does wrong is software's: a guide never throws for it, and bounds what one write
 * can make it do. On the server's agent thread only; allocates nothing once it runs.
 */
public interface DmaGuide {
  /**
   * Software writes registers. Called before the card gets the write, so that what is pushed
   * arrives before it.
   *
   * @param bar 0 to 5
   * @param offset in the BAR
   * @param from holds the bytes at {@code at}, little-endian as in memory, valid during the call
   * @param bytes 1 to 4096
   */
  void onWrite(int bar, long offset, MemorySegment from, long at, int bytes);

  /**
   * Whether only the last one counts of several writes to this register that follow one another
   * with nothing between: a doorbell that tells a tail. False unless the card's specification says
   * so.
   */
  default boolean lastCounts(int bar, long offset, int bytes) {
    return false;
  }

  /**
   * Whether such a write, one of those where the last counts, may be held back until something else
   * goes to the card, or for some microseconds: nobody waits for what the card does with it. False
   * unless the card's specification says so.
   */
  default boolean mayWait(int bar, long offset) {
    return false;
  }

  /**
   * The card writes the server's memory, while the guide has asked to be shown it ({@link
   * GuidePort#watch}): permitted writes only, no interrupts, in the order in which they are made.
   *
   * @param from holds the bytes at {@code at}, valid during the call
   * @param bytes 1 to 4096, inside one page
   */
  default void onCardWrite(long address, MemorySegment from, long at, int bytes) {}

  /**
   * The card has lost its state as by a power failure, another like it is in its place, and
   * software has done nothing in between but write registers, which were shown. It waits for what
   * the lost card had under way. If cards of this kind have a way to say that they have failed,
   * this is the time to say it for them; otherwise software finds out when its patience ends.
   * {@link #reset} follows.
   */
  default void onReplaced(CardsName name) {}

  /** The function has been reset, or is another one: what was learned is void. */
  void reset();
}
