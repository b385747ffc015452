package farslot.cards.virtio;

import java.util.ArrayList;
import java.util.List;

/**
 * Contexts for requests, made when first needed. They are reserved before ring entries are read.
 */
final class RequestPool {
  private final VirtioDevice device;
  private final List<Request> made = new ArrayList<>();
  private Request free;
  private int used;

  RequestPool(VirtioDevice device) {
    this.device = device;
  }

  /** How many more may be reserved. */
  int available() {
    return VirtioLimits.REQUESTS_MAX - used;
  }

  /** Whether none is reserved or active. */
  boolean isIdle() {
    return used == 0;
  }

  /** Sets some aside; {@link #take} uses them up. */
  void reserve(int count) {
    used += count;
  }

  void unreserve(int count) {
    used -= count;
  }

  /** A context that has been reserved. */
  Request take() {
    Request request = free;
    if (request == null) {
      request = new Request(device);
      made.add(request);
      return request;
    }
    free = request.next;
    request.next = null;
    return request;
  }

  void release(Request request) {
    used--;
    request.next = free;
    free = request;
  }

  /** Abandons all; see {@link Request#abandon}. */
  void abandon(boolean dmaAbandoned) {
    for (int i = 0; i < made.size(); i++) {
      if (made.get(i).active()) {
        made.get(i).abandon(dmaAbandoned);
      }
    }
  }
}
