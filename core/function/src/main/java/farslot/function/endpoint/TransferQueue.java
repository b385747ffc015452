package farslot.function.endpoint;

/** Transfers in order, linked through themselves. */
final class TransferQueue {
  private ReadTransfer head;
  private ReadTransfer tail;

  boolean isEmpty() {
    return head == null;
  }

  /** The first, or null. */
  ReadTransfer peek() {
    return head;
  }

  void add(ReadTransfer transfer) {
    transfer.next = null;
    if (head == null) {
      head = transfer;
    } else {
      tail.next = transfer;
    }
    tail = transfer;
  }

  /** Takes the first. */
  ReadTransfer remove() {
    ReadTransfer first = head;
    head = first.next;
    first.next = null;
    return first;
  }
}
