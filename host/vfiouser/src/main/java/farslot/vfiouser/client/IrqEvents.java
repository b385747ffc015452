package farslot.vfiouser.client;

import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The eventfds by which a server signals: made when vectors are enabled, remembered when signalled,
 * told when all that the server sent before has been dealt with.
 */
final class IrqEvents {
  /** Who is told. */
  interface Sink {
    /** Something has been signalled: to be fetched by {@link #deliver}. */
    void onSignalled();

    void onInterrupt(int kind, int vector);
  }

  private final EventLoop loop;
  private final Sink sink;
  private final List<Vector> vectors = new ArrayList<>();
  private final List<Integer> left = new ArrayList<>();
  private Vector[] signalled = {};
  private int signalledCount;

  private final class Vector implements EventLoop.Handler {
    private final int kind;
    private final int index;
    private final int fd;
    private boolean waits;
    private boolean closed;

    private Vector(int kind, int index, int fd) {
      this.kind = kind;
      this.index = index;
      this.fd = fd;
    }

    @Override
    public void onReady(int ready) {
      try {
        if (EventFd.drain(fd) && !waits) {
          waits = true;
          signalled[signalledCount++] = this;
        }
      } catch (ErrnoException e) {
        throw new UncheckedIOException(e);
      }
      sink.onSignalled();
    }
  }

  IrqEvents(EventLoop loop, Sink sink) {
    this.loop = loop;
    this.sink = sink;
  }

  /**
   * Makes as many, all for one kind; those before are gone.
   *
   * @return the descriptors, ours: to be sent before the next call
   */
  int[] make(int kind, int count) throws ErrnoException {
    close();
    signalled = new Vector[count];
    int[] fds = new int[count];
    for (int i = 0; i < count; i++) {
      fds[i] = EventFd.create();
      Vector vector = new Vector(kind, i, fds[i]);
      vectors.add(vector);
      loop.watch(fds[i], EventLoop.READ, vector);
    }
    return fds;
  }

  boolean anySignalled() {
    return signalledCount > 0;
  }

  /** Tells what has been signalled. */
  void deliver() {
    int count = signalledCount;
    Vector[] batch = signalled;
    for (int i = 0; i < count; i++) {
      batch[i].waits = false;
    }
    signalledCount = 0;
    for (int i = 0; i < count && !batch[i].closed; i++) {
      sink.onInterrupt(batch[i].kind, batch[i].index);
    }
  }

  /** Hears no more. What is still to be sent to the server stays open until {@link #release}. */
  void close() {
    for (Vector vector : vectors) {
      vector.closed = true;
      loop.unwatch(vector.fd);
      left.add(vector.fd);
    }
    vectors.clear();
    signalledCount = 0;
  }

  /** Nothing waits to be sent any more. */
  void release() {
    left.forEach(Fd::close);
    left.clear();
  }
}
