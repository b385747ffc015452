/**
 * Bad hardware on demand: {@link farslot.function.faults.FaultInjector} stands before a function's
 * endpoint and makes go wrong what it is told to. No card knows.
 */
package farslot.function.faults;
