/**
 * A store's state without files, threads and clocks: what is there, what was, which leases live. It
 * changes by steps that are staged, and then published when they are on the disk, or undone.
 */
package farslot.store.engine;
