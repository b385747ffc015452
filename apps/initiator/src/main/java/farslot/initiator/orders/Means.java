package farslot.initiator.orders;

import farslot.api.agent.HoldingOrder;

/**
 * What an initiator can do. None of it waits, or calls back from inside: what came of it is told
 * later, by the {@code on...} of {@link Fulfilment}.
 */
public interface Means {
  /** Asks the appliance for a function, again and again, and shows it by a socket once it is up. */
  void acquire(HoldingOrder order);

  /** The same function on the same terms, with other addresses or another quality of service. */
  void adjust(HoldingOrder order);

  /** Takes the socket away and gives the function back; at once, whoever uses it. */
  void letGo(String function, String cause);

  /**
   * Plugs a function that is shown into a guest.
   *
   * @param bootOrder 1 for the first; 0 for none
   */
  void plug(String guest, String function, int bootOrder);

  /** Asks a guest to let go of a function. */
  void unplug(String guest, String function);
}
