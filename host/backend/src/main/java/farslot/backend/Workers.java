package farslot.backend;

/**
 * The threads that wait for media, a fixed number of them for all stores of an appliance. The queue
 * is bounded by what cards have in flight: each command holds at most one request.
 */
final class Workers implements AutoCloseable {
  private final Thread[] threads;
  private Request first;
  private Request last;
  private int idle;
  private boolean closed;

  Workers(int count) {
    threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] = Thread.ofPlatform().daemon().name("farslot-disk-" + i).start(this::run);
    }
  }

  /** Hands a request over. */
  synchronized void put(Request request) {
    if (closed) {
      throw new IllegalStateException("the workers are closed");
    }
    request.next = null;
    if (first == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
    if (idle > 0) {
      notify();
    }
  }

  private void run() {
    Request request;
    while ((request = take()) != null) {
      request.store.carryOut(request);
    }
  }

  private synchronized Request take() {
    while (first == null) {
      if (closed) {
        return null;
      }
      idle++;
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts these threads; close() ends them.
      }
      idle--;
    }
    Request request = first;
    first = request.next;
    return request;
  }

  /** Ends the threads once the queue is empty. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
