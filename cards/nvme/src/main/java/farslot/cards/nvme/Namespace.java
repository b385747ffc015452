package farslot.cards.nvme;

import farslot.function.BlockStore;
import java.util.UUID;

/** A namespace: a block store in logical blocks. */
final class Namespace {
  /** LBA formats: log2 of the block size. Format 0 is 512 bytes, 1 is 4096. */
  static final int[] LBA_SHIFTS = {9, 12};

  final int nsid;
  final UUID uuid;
  final BlockStore store;
  final Gate gate = new Gate();

  /** A Format is under way: other commands fail instead of waiting. */
  boolean formatting;

  /** The Error Recovery feature's TLER, 100 ms; kept and not used: stores have their own limits. */
  int errorRecovery;

  private int format;

  Namespace(int nsid, UUID uuid, BlockStore store, int format) {
    this.nsid = nsid;
    this.uuid = uuid;
    this.store = store;
    this.format = format;
  }

  /** The LBA format with this block size, or -1. */
  static int formatOf(long blockBytes) {
    for (int i = 0; i < LBA_SHIFTS.length; i++) {
      if (blockBytes == 1L << LBA_SHIFTS[i]) {
        return i;
      }
    }
    return -1;
  }

  int format() {
    return format;
  }

  void format(int lbaFormat) {
    format = lbaFormat;
  }

  /** log2 of the logical block size. */
  int shift() {
    return LBA_SHIFTS[format];
  }

  /** Logical blocks; what is left over at the end of the store is not used. */
  long blocks() {
    return store.sizeBytes() >> shift();
  }
}
