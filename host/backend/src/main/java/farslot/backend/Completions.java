package farslot.backend;

import farslot.function.Agent;

/**
 * Ends of requests on their way to the agent thread: put from any thread, reported in one go. One
 * task is posted to the agent for as many as have gathered, and it is the same object each time.
 */
final class Completions implements Runnable {
  private Agent agent;
  private Request first;
  private Request last;
  private Request free;

  void open(Agent agent) {
    this.agent = agent;
  }

  /** A request to fill in; on the agent thread. As many exist as the card has ever had at once. */
  Request request() {
    Request request = free;
    if (request == null) {
      return new Request();
    }
    free = request.next;
    request.next = null;
    return request;
  }

  /** The request has ended; from any thread. */
  void put(Request request) {
    boolean wake;
    synchronized (this) {
      request.next = null;
      wake = first == null;
      if (wake) {
        first = request;
      } else {
        last.next = request;
      }
      last = request;
    }
    if (wake) {
      agent.execute(this);
    }
  }

  @Override
  public void run() {
    Request request;
    synchronized (this) {
      request = first;
      first = null;
      last = null;
    }
    while (request != null) {
      Request next = request.next;
      report(request);
      request = next;
    }
  }

  private void report(Request request) {
    var done = request.done;
    long cookie = request.cookie;
    var status = request.status;
    // Back in the pool before it is reported: the card's next request may come from inside.
    request.clear();
    request.next = free;
    free = request;
    done.done(cookie, status);
  }
}
