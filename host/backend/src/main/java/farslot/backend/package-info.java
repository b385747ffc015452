/**
 * What stands behind cards: {@link farslot.function.BackEnds} in terms of this machine. Files and
 * block devices by io_uring or threads, memory, TAP devices and interfaces, UDP, telephone calls
 * over TCP, serial lines (in {@code serial}), devices of other processes.
 *
 * <p>Cards call on their agent's thread and are answered there; nothing here blocks it.
 */
package farslot.backend;
