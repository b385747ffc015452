package farslot.cards.nvme;

import farslot.cards.nvme.spec.Event;
import farslot.cards.nvme.spec.LogPage;
import farslot.cards.nvme.spec.Status;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.Arrays;

/**
 * Asynchronous events (Base 5.2). Requests are kept by command identifier only; events wait, one of
 * each kind, until there is a request, and a type that has been reported stays silent until its log
 * page is read.
 */
final class AsyncEvents {
  private static final int[] LOG_PAGES = {
    LogPage.ERROR_INFORMATION, LogPage.SMART, LogPage.CHANGED_NAMESPACES
  };

  private final Controller controller;
  private final int[] requests = new int[NvmeLimits.ASYNC_EVENTS_MAX];
  private int count;

  /** For each type, a bit for each kind of information that waits. */
  private final int[] raised = new int[Event.TYPES];

  private final boolean[] silent = new boolean[Event.TYPES];

  AsyncEvents(Controller controller) {
    this.controller = controller;
  }

  /** Asynchronous Event Request: ends without a completion until there is something to say. */
  void request(Command command) {
    if (count == requests.length) {
      command.complete(Status.AER_LIMIT_EXCEEDED);
      return;
    }
    requests[count++] = command.cid();
    command.detach();
    deliver();
  }

  /** Abort of a request: whether there was one with this identifier. */
  boolean abort(int cid) {
    CompletionQueue cq = controller.queues().cq(0);
    for (int i = 0; i < count; i++) {
      if (requests[i] == cid && cq.available() > 0) {
        System.arraycopy(requests, i + 1, requests, i, --count - i);
        post(cq, cid, Status.ABORT_REQUESTED, 0);
        return true;
      }
    }
    return false;
  }

  /** Something has happened. */
  void raise(int type, int information) {
    raised[type] |= 1 << information;
    deliver();
  }

  /** The log page has been read without Retain Asynchronous Event. */
  void logPageRead(int page) {
    for (int type = 0; type < Event.TYPES; type++) {
      if (LOG_PAGES[type] == page) {
        silent[type] = false;
      }
    }
    deliver();
  }

  /** Reports what waits, as far as there are requests and room in the admin completion queue. */
  void deliver() {
    CompletionQueue cq = controller.queues().cq(0);
    for (int type = 0; type < Event.TYPES && cq != null; type++) {
      if (raised[type] != 0 && !silent[type] && count > 0 && cq.available() > 0) {
        int information = Integer.numberOfTrailingZeros(raised[type]);
        raised[type] &= ~(1 << information);
        silent[type] = true;
        post(cq, requests[--count], 0, type | information << 8 | LOG_PAGES[type] << 16);
      }
    }
  }

  private void post(CompletionQueue cq, int cid, int status, int dw0) {
    cq.reserve(1);
    cq.post(controller.queues().sq(0), cid, status, dw0);
  }

  void save(StateWriter state) {
    state.u8(count);
    for (int i = 0; i < count; i++) {
      state.u16(requests[i]);
    }
    for (int type = 0; type < Event.TYPES; type++) {
      state.i32(raised[type]).flag(silent[type]);
    }
  }

  void restore(StateReader state) throws StateException {
    count = 0;
    int waiting = state.u8();
    state.require(waiting <= requests.length, waiting + " event requests");
    for (int i = 0; i < waiting; i++) {
      requests[i] = state.u16();
    }
    for (int type = 0; type < Event.TYPES; type++) {
      raised[type] = state.i32();
      silent[type] = state.flag();
    }
    count = waiting;
  }

  void reset() {
    count = 0;
    Arrays.fill(raised, 0);
    Arrays.fill(silent, false);
  }
}
