package farslot.cards.virtio;

/** Requests in a row, first come first served. A request is in one at a time. */
final class RequestList {
  private Request first;
  private Request last;

  boolean isEmpty() {
    return first == null;
  }

  void add(Request request) {
    if (first == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
  }

  Request remove() {
    Request request = first;
    first = request.next;
    request.next = null;
    return request;
  }

  void clear() {
    while (first != null) {
      remove();
    }
  }
}
