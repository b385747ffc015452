package farslot.function;

/**
 * What a {@link Card} may do to its slot. On the slot's agent thread only, but for {@link
 * #execute}.
 */
public interface CardSlot extends Agent {
  /**
   * A function is there and can be lent. One that was there before must have been {@link #absent}.
   *
   * @param function one of {@link Card#functions}
   */
  void present(String function, PciFunction what);

  /**
   * A function is not there any more, or not yet, and nobody can have it. For a server that has it
   * this is surprise removal; it gets the function back when it is present again, though it may
   * then be another. What was there is told by {@link PciFunction#unplug}, from inside this call.
   *
   * @param cause for people: what is wrong, and what would bring it back
   */
  void absent(String function, String cause);
}
