package farslot.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Operations by io_uring, for all stores of an agent: what a turn of it has brought goes to the
 * kernel in one call at the turn's end, and what has ended meanwhile is taken at once. No thread of
 * ours is involved. Never more is under way than the ring has room for ends; the rest waits in
 * line, bounded by what the cards have in flight.
 *
 * <p>A request's memory stays reachable from here until its end has come, whatever became of the
 * card that asked: the kernel may write to it until then.
 *
 * <p>On the agent thread, or when that has ended.
 */
final class RingEngine implements Engine, AutoCloseable {
  /** When to offer again what the kernel did not take, nanoseconds. */
  private static final long AGAIN_NS = 1_000_000;

  /** Where it lives. */
  interface Home {
    /** Calls {@link RingEngine#submit} at the end of every turn. */
    void attach(RingEngine engine, int fd);

    /** Calls {@link RingEngine#submit} after so long, even if there is no turn. */
    void again(long delayNs);

    void detach(RingEngine engine, int fd);
  }

  private final Ring ring;
  private final Home home;
  private final int eachMax;

  /** By tag. */
  private final Request[] underWay;

  private final int[] freeTags;
  private int free;

  /** Those that have found no room. */
  private Request first;

  private Request last;
  private boolean prepared;

  /**
   * On a ring.
   *
   * @param eachMax requests of one store that are under way at once; more wait in its {@link Line}
   */
  RingEngine(Ring ring, int eachMax, Home home) {
    this.eachMax = eachMax;
    this.ring = ring;
    this.home = home;
    underWay = new Request[ring.endsMax()];
    freeTags = new int[underWay.length];
    for (int tag = 0; tag < freeTags.length; tag++) {
      freeTags[tag] = freeTags.length - 1 - tag;
    }
    free = freeTags.length;
    home.attach(this, ring.fd());
  }

  @Override
  public void put(Request request) {
    if (request.store.line().enter(request, eachMax)) {
      admit(request);
    }
  }

  private void admit(Request request) {
    if (first == null && free > 0 && ring.hasRoom()) {
      prepare(request);
      return;
    }
    request.next = null;
    if (first == null) {
      first = request;
    } else {
      last.next = request;
    }
    last = request;
  }

  private void prepare(Request request) {
    int tag = freeTags[--free];
    underWay[tag] = request;
    ring.prepare(request, tag);
    prepared = true;
  }

  /** Hands over what has been put since, and takes what has ended. */
  void submit() {
    if (!prepared && first == null) {
      return;
    }
    int left = offer();
    reap();
    // What has ended makes room; what has come to an end of its own has more to do.
    while (left == 0 && (prepared || first != null && free > 0)) {
      left = offer();
      reap();
    }
    if (left > 0) {
      home.again(AGAIN_NS);
    }
  }

  private int offer() {
    while (first != null && free > 0 && ring.hasRoom()) {
      Request request = first;
      first = request.next;
      request.next = null;
      prepare(request);
    }
    try {
      int left = ring.submit();
      prepared = left > 0;
      return left;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends have come. */
  void onReady() {
    reap();
  }

  private void reap() {
    while (ring.next()) {
      int tag = ring.tag();
      Request request = underWay[tag];
      underWay[tag] = null;
      freeTags[free++] = tag;
      FileStore store = request.store;
      Request next = store.ended(request, ring.result());
      Request waiting = store.line().leave();
      if (waiting != null) {
        admit(waiting);
      }
      if (next != null) {
        store.go(next);
      }
    }
  }

  @Override
  public void drain(FileStore store) {
    try {
      while (!store.line().isEmpty()) {
        submit();
        if (prepared) {
          LockSupport.parkNanos(AGAIN_NS);
        } else if (!store.line().isEmpty()) {
          ring.await();
        }
        reap();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing may be under way any more. */
  @Override
  public void close() {
    assert free == freeTags.length : "requests are under way";
    home.detach(this, ring.fd());
    ring.close();
  }
}
