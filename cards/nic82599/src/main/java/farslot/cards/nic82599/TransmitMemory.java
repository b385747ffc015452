package farslot.cards.nic82599;

/**
 * Places of packets in a transmit queue's memory: each in a row, given back in the order in which
 * they were taken.
 */
final class TransmitMemory {
  private final int capacity;
  private int begin;
  private int end;
  private boolean empty = true;

  TransmitMemory(int capacity) {
    this.capacity = capacity;
  }

  void clear() {
    empty = true;
  }

  /** Takes so many bytes; returns where they begin, or -1 when there is no room now. */
  int take(int bytes) {
    if (empty) {
      begin = 0;
      end = 0;
    }
    int at = place(bytes);
    if (at >= 0) {
      end = at + bytes;
      empty = false;
    }
    return at;
  }

  private int place(int bytes) {
    if (empty || end > begin) {
      if (capacity - end >= bytes) {
        return end;
      }
      return begin >= bytes ? 0 : -1;
    }
    return begin - end >= bytes ? end : -1;
  }

  /**
   * The oldest packet is gone.
   *
   * @param nextBegin where the next one begins; -1 when there is none
   */
  void give(int nextBegin) {
    empty = nextBegin < 0;
    begin = nextBegin;
  }
}
