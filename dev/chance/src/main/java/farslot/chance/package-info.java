/** Random tests: where they begin, how long they go on, and how a failure is replayed. */
package farslot.chance;
