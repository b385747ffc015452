/**
 * The deterministic simulator: initiators, appliances and a hostile network in one thread, with
 * virtual time and one seed. A {@link farslot.sim.Plan} says what is done to a {@link
 * farslot.sim.Cluster}; parties at the ends of each stream know what they said to each other; a
 * {@link farslot.sim.Judge} hears of every {@link farslot.sim.Rule} that is broken. The link under
 * test is the one that ships, unchanged.
 */
package farslot.sim;
