package farslot.backend;

import farslot.function.BlockStore;
import java.lang.foreign.MemorySegment;

/** One request to a store, pooled. {@link FileSteps} says which operation of it comes next. */
final class Request {
  /** What is to be done. */
  enum Kind {
    READ,
    WRITE,
    FLUSH,
    DEALLOCATE,
    WRITE_ZEROES
  }

  /** What the kernel is asked for. */
  enum Operation {
    READ,
    WRITE,
    /** A write of zeroes, at most {@link FileSteps#ZEROES_BYTES} of what is left. */
    WRITE_ZEROES,
    ZERO_RANGE,
    PUNCH_HOLE,
    SYNC,
    /** Notes the block size and syncs that, too. */
    NOTE
  }

  FileStore store;
  Kind kind;

  /** What is left to be done, and where. */
  long position;

  long bytes;

  /** Kept until the kernel has let go of it. */
  MemorySegment memory;

  long offset;
  boolean durable;

  Operation operation;

  /** Of a write: 0, or that it is durable by itself. */
  int flags;

  /** How often the kernel has asked to try again. */
  int tries;

  BlockStore.Status status;
  BlockStore.Done done;
  long cookie;

  /** The one behind it in whichever queue it is in. */
  Request next;

  /** Those that the sync of this one serves, too, by their {@link #next}. */
  Request followers;

  /** Lets go of what belongs to others. */
  void clear() {
    store = null;
    memory = null;
    done = null;
  }
}
