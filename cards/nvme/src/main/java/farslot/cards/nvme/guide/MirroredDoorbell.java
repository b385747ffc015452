package farslot.cards.nvme.guide;

/** A tail doorbell that is held back until its commands are in the mirror. Pooled. */
final class MirroredDoorbell {
  /** Its place among all, for cookies. */
  final int index;

  int queue;
  int tail;
  long offset;

  /** The first new entry, and how many there are. */
  int first;

  int count;

  /** Entries that are being fetched, and commands that are not complete yet. */
  int due;

  MirroredDoorbell next;

  MirroredDoorbell(int index) {
    this.index = index;
  }
}
