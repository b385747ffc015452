/** A disk in memory that forgets, for tests and simulators of whatever keeps things on one. */
package farslot.store.crash;
