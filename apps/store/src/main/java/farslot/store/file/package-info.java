/**
 * The store's default: a directory with a snapshot, a log of what came since, and a lock.
 *
 * <p>A generation N is {@code snapshot.N} and {@code log.N}. One frame of the log is one group of
 * changes; the next is written only when the one before is on the disk. So what a crash tears is
 * the last frame and nothing else, and had not been answered.
 */
package farslot.store.file;
