package farslot.fabric;

import farslot.function.CardsName;
import farslot.memory.Access;
import farslot.memory.DmaCopy;
import farslot.memory.DmaWindows;
import java.lang.foreign.MemorySegment;

/**
 * A card that was lost while its driver was at work, until another is in its place: whether the
 * driver still believes in it, and what its guide may do in its name.
 */
final class LostCard implements CardsName {
  private final DmaWindows windows;
  private final CardInterrupts interrupts;
  private boolean believed;
  private boolean doubted;

  LostCard(DmaWindows windows, CardInterrupts interrupts) {
    this.windows = windows;
    this.interrupts = interrupts;
  }

  /**
   * The card is gone.
   *
   * @param atWork whether the driver had let it master the bus
   */
  void lost(boolean atWork) {
    believed = atWork && !doubted;
  }

  /** What the driver thinks is not known any more, until it begins anew. */
  void doubt() {
    doubted = true;
    believed = false;
  }

  /** A driver begins anew with a card that has just been reset. */
  void begin() {
    doubted = false;
    believed = false;
  }

  /** The driver has seen that something is wrong, or has let go of it, or is another. */
  void disbelieve() {
    believed = false;
  }

  boolean isBelieved() {
    return believed;
  }

  /** Whether the driver goes on as if nothing had happened; asked once. */
  boolean takeBelief() {
    boolean was = believed;
    believed = false;
    return was;
  }

  @Override
  public boolean read(long address, MemorySegment to, long offset, int bytes) {
    boolean there = reaches(address, bytes, Access.READ);
    if (there) {
      DmaCopy.read(windows, address, to, offset, bytes);
    }
    return there;
  }

  @Override
  public boolean write(long address, MemorySegment from, long offset, int bytes) {
    boolean there = reaches(address, bytes, Access.WRITE);
    if (there) {
      DmaCopy.write(windows, address, from, offset, bytes);
    }
    return there;
  }

  private boolean reaches(long address, int bytes, Access wanted) {
    return bytes > 0 && windows.reach(address, bytes, wanted) == DmaWindows.Reach.MAPPED;
  }

  @Override
  public boolean hears(int vector) {
    return interrupts.heardBy(vector) >= 0;
  }

  @Override
  public void interrupt(int vector) {
    int kind = interrupts.heardBy(vector);
    if (kind >= 0) {
      interrupts.onMessage(kind, vector);
    }
  }
}
