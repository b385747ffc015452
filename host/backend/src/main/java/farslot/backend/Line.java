package farslot.backend;

/**
 * One store's requests at a {@link RingEngine}: so many of them at once, the others in line. A disk
 * that answers no more (a file server that is gone) then holds up itself, and not all that the ring
 * has room for. On the agent thread.
 */
final class Line {
  private int underWay;
  private Request first;
  private Request last;

  /** Whether the request may go at once; else it is in line. */
  boolean enter(Request request, int underWayMax) {
    if (underWay < underWayMax) {
      underWay++;
      return true;
    }
    request.next = null;
    if (first == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
    return false;
  }

  /** One has ended; the one that may go in its place, or null. */
  Request leave() {
    Request request = first;
    if (request == null) {
      underWay--;
      return null;
    }
    first = request.next;
    request.next = null;
    return request;
  }

  /** Nothing is under way or in line. */
  boolean isEmpty() {
    return underWay == 0;
  }
}
