package farslot.backend;

import farslot.linux.Errno;

/**
 * The threads that wait for media, a fixed number of them for all stores of an appliance. The queue
 * is bounded by what cards have in flight: each command holds at most one request.
 *
 * <p>One idle worker at a time looks for the next request for a while before it blocks, as long as
 * requests have lately come that soon: waking a thread takes longer than most of what it would do.
 */
final class Workers implements Engine, AutoCloseable {
  /** How long one worker looks before it blocks; longer than it takes to wake a cold core. */
  static final long SPIN_NS = 50_000;

  private final Thread[] threads;
  private Request first;
  private Request last;
  private int blocked;
  private boolean started;
  private boolean closed;

  /** A worker is looking; whoever puts a request need not wake one. */
  private boolean looking;

  /** Requests have lately come within {@link #SPIN_NS} of a worker's becoming idle. */
  private boolean worthLooking = true;

  /** What the one who looks sees without the lock. */
  private volatile boolean something;

  Workers(int count) {
    threads = new Thread[count];
  }

  /** Hands a request over; from any thread. */
  @Override
  public synchronized void put(Request request) {
    if (closed) {
      throw new IllegalStateException("the workers are closed");
    }
    if (!started) {
      start();
    }
    request.next = null;
    if (first == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
    something = true;
    if (!looking && blocked > 0) {
      notify();
    }
  }

  /** Not before the first request: with io_uring there may never be one. */
  private void start() {
    started = true;
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().daemon().name("farslot-disk-" + i).start(this::run);
    }
  }

  private void run() {
    Request request;
    while ((request = next()) != null) {
      while (request != null) {
        FileStore store = request.store;
        request = store.ended(request, perform(store, request));
      }
    }
  }

  private static long perform(FileStore store, Request request) {
    try {
      return store.perform(request);
    } catch (RuntimeException | Error e) {
      // A worker must live on and a command must end, whatever this was; it is a bug of ours.
      System.getLogger(Workers.class.getName())
          .log(System.Logger.Level.ERROR, "disk request failed", e);
      return -Errno.EIO;
    }
  }

  /** The next request, or null when the workers are closed. */
  private Request next() {
    if (mayLook()) {
      look();
    }
    return take();
  }

  private synchronized boolean mayLook() {
    boolean may = first == null && !looking && worthLooking && !closed;
    looking |= may;
    return may;
  }

  private void look() {
    long untilNs = System.nanoTime() + SPIN_NS;
    while (!something && System.nanoTime() - untilNs < 0) {
      Thread.yield(); // whoever is to put the next one may wait for this very processor
    }
    synchronized (this) {
      looking = false;
      worthLooking = first != null;
    }
  }

  private synchronized Request take() {
    while (first == null) {
      if (closed) {
        return null;
      }
      block();
    }
    Request request = first;
    first = request.next;
    something = first != null;
    if (first != null && blocked > 0) {
      notify(); // who put it may have counted on this worker
    }
    return request;
  }

  private void block() {
    long sinceNs = System.nanoTime();
    blocked++;
    try {
      wait();
    } catch (InterruptedException e) {
      // Nobody interrupts these threads; close() ends them.
    }
    blocked--;
    worthLooking |= System.nanoTime() - sinceNs < SPIN_NS;
  }

  /** Ends the threads once the queue is empty. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      something = true;
      notifyAll();
    }
    for (Thread thread : started ? threads : new Thread[0]) {
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
