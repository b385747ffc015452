package farslot.backend;

import farslot.function.BlockStore;
import java.lang.foreign.MemorySegment;

/** One request to a store, pooled. */
final class Request {
  /** What is to be done. */
  enum Kind {
    READ,
    WRITE,
    FLUSH,
    DEALLOCATE,
    WRITE_ZEROES
  }

  FileStore store;
  Kind kind;
  long position;
  long bytes;
  MemorySegment memory;
  long offset;
  boolean durable;
  BlockStore.Status status;
  BlockStore.Done done;
  long cookie;

  /** The one behind it in whichever queue it is in. */
  Request next;

  /** Lets go of what belongs to others. */
  void clear() {
    store = null;
    memory = null;
    done = null;
  }
}
