package farslot.function.endpoint;

import farslot.function.FunctionSpec;

/** Which BAR an address hits, as software has set them up. */
final class BarMap {
  private final FunctionSpec.Bar[] bars;
  private final long[] bases;
  private boolean memoryEnabled;
  private boolean ioEnabled;

  BarMap(FunctionSpec spec) {
    bars = spec.bars().toArray(FunctionSpec.Bar[]::new);
    bases = new long[bars.length];
  }

  /** Takes over what software has configured. */
  void configure(Type0Header header, boolean awake) {
    memoryEnabled = awake && header.memorySpace.isSet();
    ioEnabled = awake && header.ioSpace.isSet();
    for (int i = 0; i < bars.length; i++) {
      bases[i] = header.base(bars[i]);
    }
  }

  /**
   * Finds the BAR that holds all of a range.
   *
   * @param bytes at least 1
   * @return its place in this map, or -1 when nothing here answers
   */
  int find(long address, int bytes, boolean io) {
    if (io ? !ioEnabled : !memoryEnabled) {
      return -1;
    }
    for (int i = 0; i < bars.length; i++) {
      long into = address - bases[i];
      boolean kind = (bars[i].kind() == FunctionSpec.BarKind.IO) == io;
      if (kind && into >= 0 && into <= bars[i].sizeBytes() - bytes) {
        return i;
      }
    }
    return -1;
  }

  /** Whether memory requests reach registers at all. */
  boolean memoryEnabled() {
    return memoryEnabled;
  }

  /** The address that software has given to the BAR of this index; 0 when there is none. */
  long base(int index) {
    for (int i = 0; i < bars.length; i++) {
      if (bars[i].index() == index) {
        return bases[i];
      }
    }
    return 0;
  }

  /** The BAR's index as the card knows it, 0 to 5. */
  int index(int place) {
    return bars[place].index();
  }

  /** The address's offset in the BAR. */
  long offset(int place, long address) {
    return address - bases[place];
  }
}
