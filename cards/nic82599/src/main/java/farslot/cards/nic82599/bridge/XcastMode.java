package farslot.cards.nic82599.bridge;

/**
 * What a port is given besides frames to its own addresses, each more than the one before: the
 * modes of the mailbox's UPDATE_XCAST_MODE, whose number is the {@code ordinal}.
 */
public enum XcastMode {
  /** Nothing else, not even broadcasts. */
  NONE,
  /** Broadcasts, and the groups whose hashes are in the port's table. How a port begins. */
  MULTI,
  /** All groups. Only for ports that are trusted. */
  ALLMULTI,
  /** Every frame of the port's VLANs, whoever it is for. Only for ports that are trusted. */
  PROMISC
}
