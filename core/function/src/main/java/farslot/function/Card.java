package farslot.function;

import java.util.List;

/**
 * What sits in a slot: one function or several, each lent by itself. A card of one function that is
 * always there is its {@link PciFunction}; others (virtual functions that share what is behind
 * them, a device whose program comes and goes) put their functions into place themselves.
 *
 * <p>Every call comes on the slot's agent thread, or before that thread has begun.
 */
public interface Card {
  /**
   * The functions by name, at least one, never changing: a slot {@code nic0} with the functions
   * {@code vf0} and {@code vf1} lends {@code nic0.vf0} and {@code nic0.vf1}. The empty name stands
   * for the slot's own.
   */
  List<String> functions();

  /**
   * The card is in its slot. It says of each function when it is {@link CardSlot#present}, from
   * inside this call or later. Called once.
   */
  void insert(CardSlot slot);

  /**
   * The slot is being emptied for good: give back what is not a single function's. Each function
   * that was present has been told by {@link PciFunction#unplug} before.
   */
  default void remove() {}
}
