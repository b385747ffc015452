package farslot.initiator;

/**
 * How a function is asked for.
 *
 * @param exported its name at its appliance
 * @param epoch of its assignment, if there is a manager who counts them; or 0
 */
record Terms(String exported, long epoch) {}
