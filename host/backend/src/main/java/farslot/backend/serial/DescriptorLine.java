package farslot.backend.serial;

import farslot.function.Agent;
import farslot.function.SerialLine;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A line that is a descriptor which comes and goes. While there is none, or nobody at its other
 * end, what is sent leads nowhere. On the loop's thread only.
 */
abstract class DescriptorLine implements SerialLine {
  /** Read at once. */
  private static final int READ_BYTES = 4096;

  /** Reads in one turn of the loop, so that a flood starves nobody. */
  private static final int READS_MAX = 4;

  static final int NONE = -1;

  final EventLoop loop;
  Listener listener;
  private final EventLoop.Handler handler = this::onReady;
  private final Runnable again = this::deliverAgain;
  private final MemorySegment in = Arena.ofAuto().allocate(READ_BYTES, Long.BYTES);
  private int fd = NONE;
  private int interest;
  private int at;
  private int filled;
  private boolean full;
  private boolean blocked;

  /** Nothing was taken of what was sent last. */
  private boolean stuck;

  private boolean resuming;
  private boolean closed;

  DescriptorLine(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public final void open(Agent agent, Listener to) {
    listener = to;
    // Not within this call: nothing is told from within one.
    loop.execute(this::begin);
  }

  private void begin() {
    if (!closed) {
      onOpen();
    }
  }

  /** The line may begin to tell things. */
  abstract void onOpen();

  /** Reading or writing has failed, or the other end has gone; {@link #leave} was called. */
  abstract void onGone(String why);

  /** Whether bytes may be handed over now. */
  boolean mayReceive() {
    return true;
  }

  /**
   * Hands over bytes that were read; how many were taken.
   *
   * @param data valid during this call
   */
  int receive(MemorySegment data, int offset, int bytes) {
    return listener.onBytes(data, offset, bytes);
  }

  /** There is somebody at the other end of this descriptor. */
  final void enter(int newFd) {
    fd = newFd;
    full = false;
    blocked = false;
    at = 0;
    filled = 0;
    watch();
  }

  /** There is nobody any more; the descriptor stays open. */
  final void leave() {
    if (fd != NONE) {
      loop.unwatch(fd);
      interest = 0;
      fd = NONE;
      full = false;
      if (blocked) {
        loop.execute(this::room); // What waited leads nowhere now.
      }
    }
  }

  /** There should be room now. */
  private void room() {
    blocked = false;
    stuck = false;
    if (!closed) {
      listener.onRoom();
    }
    if (stuck) {
      // Ready, and takes nothing: that is how a hang-up shows when only room is waited for.
      gone("hung up");
    }
  }

  final boolean isThere() {
    return fd != NONE;
  }

  final boolean isClosed() {
    return closed;
  }

  private void watch() {
    if (fd != NONE) {
      boolean reading = !full && mayReceive();
      watch((reading ? EventLoop.READ : 0) | (blocked ? EventLoop.WRITE : 0));
    }
  }

  private void watch(int wanted) {
    if (wanted != interest) {
      interest = wanted;
      loop.watch(fd, wanted, handler);
    }
  }

  private void onReady(int ready) {
    if ((ready & EventLoop.WRITE) != 0 && blocked) {
      room();
    }
    if ((ready & EventLoop.READ) != 0) {
      read();
    }
    watch();
  }

  private void read() {
    try {
      for (int i = 0; i < READS_MAX && fd != NONE && !full && mayReceive(); i++) {
        int got = Fd.read(fd, in, 0, READ_BYTES);
        if (got == Fd.AGAIN) {
          return;
        }
        if (got == Fd.END) {
          gone("hung up");
          return;
        }
        at = 0;
        filled = got;
        deliver();
      }
    } catch (ErrnoException e) {
      gone(e.getMessage());
    }
  }

  private void gone(String why) {
    leave();
    onGone(why);
  }

  private void deliver() {
    while (fd != NONE && at < filled && mayReceive()) {
      int taken = receive(in, at, filled - at);
      assert taken >= 0 && taken <= filled - at : taken;
      if (taken == 0) {
        break;
      }
      at += taken;
    }
    full = at < filled;
  }

  @Override
  public final int send(MemorySegment from, long offset, int bytes) {
    if (fd == NONE) {
      return bytes;
    }
    try {
      int sent = Math.max(0, Fd.write(fd, from, offset, bytes));
      stuck = sent == 0;
      if (sent < bytes) {
        blocked = true;
        watch();
      }
      return sent;
    } catch (ErrnoException e) {
      // The next read says that it has gone; what is sent leads nowhere.
      return bytes;
    }
  }

  @Override
  public final void resume() {
    if (!resuming) {
      resuming = true;
      loop.execute(again);
    }
  }

  private void deliverAgain() {
    resuming = false;
    if (!closed && fd != NONE) {
      deliver();
      watch();
    }
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      if (loop.onLoop()) {
        leave();
      }
      release();
    }
  }

  /** Gives back what is held. */
  abstract void release();
}
