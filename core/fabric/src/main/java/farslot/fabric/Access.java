package farslot.fabric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One access that waits for its card: pooled, and linked to its neighbours in time. */
final class Access {
  /** What it is, and so which TLPs carry it. */
  enum Kind {
    READ_MEMORY,
    READ_IO,
    WRITE_IO,
    READ_CONFIG,
    WRITE_CONFIG;

    boolean write() {
      return this == WRITE_IO || this == WRITE_CONFIG;
    }

    boolean config() {
      return this == READ_CONFIG || this == WRITE_CONFIG;
    }
  }

  /** What a guest's configuration write does to the card beside changing a register. */
  enum Effect {
    NONE,
    FLR,
    POWER
  }

  private static final int SMALL_BYTES = 64;

  private MemorySegment data = Arena.ofAuto().allocate(SMALL_BYTES, 8);

  Kind kind;
  boolean guest;
  int region;

  /** Bus address, I/O address or configuration offset. */
  long address;

  /** Offset in the region, as the guest gave it. */
  long offset;

  int bytes;
  int issued;

  /** Bytes of a configuration write that have been translated for the card. */
  int prepared;

  int unanswered;
  boolean failed;
  Effect effect;
  long barrier;
  long deadlineNs;
  long serial;
  LocalFunction.ReadDone readDone;
  LocalFunction.WriteDone writeDone;
  long cookie;

  /** All live accesses, oldest first. */
  Access older;

  Access newer;

  /** Accesses that are not wholly issued. */
  Access nextWaiting;

  /** Where its bytes are; grows to a page the first time that one is needed, and stays. */
  MemorySegment data(int size) {
    if (size > data.byteSize()) {
      data = Arena.ofAuto().allocate(LocalFunction.ACCESS_BYTES_MAX, 8);
    }
    return data;
  }

  MemorySegment data() {
    return data;
  }
}
