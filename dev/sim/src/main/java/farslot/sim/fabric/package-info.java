/**
 * The management plane simulated: a manager on a disk that forgets, appliances and initiators with
 * what they really decide by, a network that loses and delays what they tell each other, crashes,
 * clocks that jump. One thread, one seed, virtual time.
 */
package farslot.sim.fabric;
