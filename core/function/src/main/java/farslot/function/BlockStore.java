package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * What stands behind a disk: bytes that stay. Requests may be carried out in any order and finish
 * on the agent thread, through {@link Agent#execute} if the store works elsewhere; never from
 * inside the call. Ranges have been checked against {@link #sizeBytes} by the card.
 */
public interface BlockStore extends AutoCloseable {
  /** How a request ended. */
  enum Status {
    OK,
    /** The medium could not be read. */
    READ_ERROR,
    /** The medium could not be written. */
    WRITE_ERROR,
    /** No space left behind a thin image: NVMe's Capacity Exceeded. */
    NO_SPACE,
    /** The store is read-only: NVMe's Attempted Write to Read Only Range. */
    READ_ONLY
  }

  /** Where a request's end is reported. */
  interface Done {
    void done(long cookie, Status status);
  }

  /** Capacity, bytes. */
  long sizeBytes();

  /** Whether writes are refused. */
  boolean readOnly();

  /**
   * Size of the logical blocks that the medium was formatted with, bytes; 0 when it has none noted.
   */
  default int blockBytes() {
    return 0;
  }

  /** Whether a size given to {@link #blockBytes(int)} lasts as long as the data do. */
  default boolean keepsBlockBytes() {
    return true;
  }

  /** Notes the size of logical blocks; on stable media after the next {@link #flush}. */
  default void blockBytes(int bytes) {}

  /** The agent that requests come from and answers go to; called once before any request. */
  void open(FunctionPort port);

  /**
   * The memory that holds a range, for the card to copy from without a request and a buffer: of a
   * store that is memory. Null where it is not, or not in one piece: then {@link #read} it. Byte
   * {@code position} lies at {@link #memoryOffset}. Good until the next call to this store, and for
   * reading only.
   */
  default MemorySegment memory(long position, int bytes) {
    return null;
  }

  /**
   * As {@link #memory}, for the card to copy to without a request. Null also when there is no more
   * memory; {@link #write} then says so.
   */
  default MemorySegment memoryToWrite(long position, int bytes) {
    return null;
  }

  /** Where a byte lies in what {@link #memory} and {@link #memoryToWrite} return for it. */
  default long memoryOffset(long position) {
    return 0;
  }

  void read(long position, MemorySegment to, long offset, int bytes, Done done, long cookie);

  /**
   * As {@link #read}, but what can be had without waiting is there at once: a card that goes on by
   * itself then saves a turn of its agent.
   *
   * @return true when the bytes are in {@code to}, and {@code done} will not be called; false when
   *     it will be called as always
   */
  default boolean readAtOnce(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    read(position, to, offset, bytes, done, cookie);
    return false;
  }

  /**
   * @param durable on stable media before {@code done} (FUA)
   */
  void write(
      long position,
      MemorySegment from,
      long offset,
      int bytes,
      boolean durable,
      Done done,
      long cookie);

  /** Everything written and reported before this call is on stable media when it is done. */
  void flush(Done done, long cookie);

  /** Reads as zeroes afterwards, and takes no space where the medium can punch holes. */
  void deallocate(long position, long bytes, Done done, long cookie);

  /** Reads as zeroes afterwards; {@code durable} as in {@link #write}. */
  void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie);

  /** Waits for what is under way and gives everything back. */
  @Override
  void close();
}
