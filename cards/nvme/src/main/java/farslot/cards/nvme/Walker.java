package farslot.cards.nvme;

import java.lang.foreign.MemorySegment;

/** Follows a command's data pointer. Pure: it says what to read, and is given what was read. */
interface Walker {
  /** All is in the scatter list. */
  int DONE = 0;

  /** Read {@link #listBytes} at {@link #listAddress}, then call {@link #next}. */
  int NEED_LIST = -1;

  long listAddress();

  /** At most {@link NvmeLimits#LIST_BYTES}. */
  int listBytes();

  /**
   * Goes on with what was asked for.
   *
   * @return {@link #DONE}, {@link #NEED_LIST}, or the status that the command fails with
   */
  int next(MemorySegment list, ScatterList out);
}
