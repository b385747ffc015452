package farslot.carrier;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Frames over a TCP connection, one behind the other. They are written straight from where the
 * session keeps them, many in one call, and parsed where they were read. On the loop's thread only.
 */
final class TcpRail implements Rail {
  /** Read at once; several frames even of the largest size. */
  private static final int READ_BYTES = 1 << 18;

  /** What may wait unsent in the socket while there are other rails: enough to stay busy. */
  private static final int UNSENT_BYTES_SHARED = 1 << 16;

  /** Reads in one turn, so that one busy peer does not starve the others. */
  private static final int READS_MAX = 4;

  /** How long what was said last may take to arrive, once a rail has been closed. */
  private static final long LINGER_NS = 1_000_000_000;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private enum State {
    OPEN,
    /** Closed by its owner: what was taken still goes out, what comes is thrown away. */
    LINGER,
    CLOSED
  }

  private final EventLoop loop;
  private final int fd;
  private final String name;
  private final EventLoop.Handler handler = this::onReady;
  private final MemorySegment in;
  private MemorySegment spill = MemorySegment.NULL;
  private final EventLoop.Timer linger;
  private RailListener listener;
  private State state = State.OPEN;
  private int filled;
  private int spillAt;
  private int spillEnd;
  private int interest;
  private boolean blocked;
  private boolean writingEnded;
  private String failure;

  TcpRail(EventLoop loop, int fd, String name) {
    this.loop = loop;
    this.fd = fd;
    this.name = name;
    in = Arena.ofAuto().allocate(READ_BYTES, 64);
    linger = loop.timer(this::release);
  }

  /** Begins to deliver; once. */
  void listen(RailListener listener) {
    this.listener = listener;
    if (state != State.CLOSED) {
      watch();
    }
  }

  private void watch() {
    int wanted = EventLoop.READ | (blocked ? EventLoop.WRITE : 0);
    if (wanted != interest && listener != null) {
      interest = wanted;
      loop.watch(fd, wanted, handler);
    }
  }

  private void onReady(int ready) {
    if ((ready & EventLoop.WRITE) != 0) {
      onWritable();
    }
    if ((ready & EventLoop.READ) != 0 && state != State.CLOSED) {
      onReadable();
    }
  }

  // Sending.

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    if (state != State.OPEN || failure != null) {
      // It goes nowhere; whoever needs it sends it again on the next rail.
      return bytes;
    }
    if (spillAt < spillEnd) {
      return 0;
    }
    int sent = write(segment, offset, bytes);
    if (sent == bytes) {
      return bytes;
    }
    blocked = true;
    watch();
    int whole = 0;
    while (whole < sent) {
      whole += frameBytes(segment, offset + whole);
    }
    // A frame of which a part has gone must follow whole: its rest waits here.
    spillAt = 0;
    spillEnd = whole - sent;
    if (spillEnd > spill.byteSize()) {
      spill = Arena.ofAuto().allocate(FrameFormat.FRAME_BYTES_MAX, 64);
    }
    MemorySegment.copy(segment, offset + sent, spill, 0, spillEnd);
    return whole;
  }

  @Override
  public void sharesLoad(boolean shares) {
    if (state != State.OPEN) {
      return;
    }
    try {
      TcpSocket.unsentBytesMax(fd, shares ? UNSENT_BYTES_SHARED : -1);
    } catch (ErrnoException e) {
      failure = e.getMessage();
      loop.execute(this::onFailure);
    }
  }

  private static int frameBytes(MemorySegment segment, long offset) {
    return segment.get(U16, offset + FrameFormat.LENGTH_AT) & 0xFFFF;
  }

  /**
   * Bytes that the socket took; all of them when it is broken, which is told at the loop's turn.
   */
  private int write(MemorySegment segment, long offset, int bytes) {
    try {
      int sent = Sockets.send(fd, segment, offset, bytes);
      return sent == Fd.AGAIN ? 0 : sent;
    } catch (ErrnoException e) {
      failure = e.getMessage();
      loop.execute(this::onFailure);
      return bytes;
    }
  }

  private void onFailure() {
    if (state == State.OPEN) {
      down(failure);
    } else {
      release();
    }
  }

  private void onWritable() {
    if (state == State.CLOSED) {
      return;
    }
    if (spillAt < spillEnd) {
      spillAt += write(spill, spillAt, spillEnd - spillAt);
      if (spillAt < spillEnd) {
        return;
      }
    }
    blocked = false;
    if (state == State.LINGER) {
      endWriting();
    } else if (failure == null) {
      listener.onWritable(loop.nowNs());
    }
    if (state != State.CLOSED) {
      watch();
    }
  }

  // Receiving.

  private void onReadable() {
    for (int reads = 0; reads < READS_MAX && state != State.CLOSED; reads++) {
      int room = READ_BYTES - filled;
      int read;
      try {
        read = Sockets.receive(fd, in, filled, room);
      } catch (ErrnoException e) {
        ended(e.getMessage());
        return;
      }
      if (read == Fd.AGAIN) {
        return;
      }
      if (read == Fd.END) {
        ended(filled == 0 ? "closed by the peer" : "closed by the peer inside a frame");
        return;
      }
      if (state == State.OPEN) {
        filled += read;
        deliver(loop.nowNs());
      }
      if (read < room) {
        return;
      }
    }
  }

  /** Delivers the whole frames that are there and moves the rest to the front. */
  private void deliver(long nowNs) {
    int at = 0;
    while (state == State.OPEN) {
      int bytes = FrameView.frameBytes(in, at, filled - at, FrameFormat.FRAME_BYTES_MAX);
      if (bytes < 0) {
        listener.onMalformed(FrameCheck.preamble(in, at, FrameFormat.FRAME_BYTES_MAX), nowNs);
        if (state == State.OPEN) {
          close("what came is no frame");
        }
      } else if (bytes == 0 || bytes > filled - at) {
        break;
      } else {
        listener.onFrame(in, at, bytes, nowNs);
        at += bytes;
      }
    }
    filled = state == State.OPEN ? filled - at : 0;
    if (filled > 0 && at > 0) {
      MemorySegment.copy(in, at, in, 0, filled);
    }
  }

  // The end.

  private void ended(String cause) {
    if (state == State.OPEN) {
      down(cause);
    } else {
      release();
    }
  }

  private void down(String cause) {
    release();
    listener.onDown(cause, loop.nowNs());
  }

  @Override
  public void close(String cause) {
    if (state != State.OPEN) {
      return;
    }
    state = State.LINGER;
    if (failure != null) {
      release();
      return;
    }
    // Closing at once with bytes unread would reset the connection, and the peer would never read
    // why it was refused.
    linger.arm(LINGER_NS);
    if (spillAt == spillEnd) {
      endWriting();
    }
    if (listener == null) {
      listen(new Deaf());
    }
  }

  private void endWriting() {
    if (writingEnded) {
      return;
    }
    writingEnded = true;
    try {
      Sockets.endWriting(fd);
    } catch (ErrnoException e) {
      release();
    }
  }

  private void release() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      linger.cancel();
      loop.unwatch(fd);
      Fd.close(fd);
    }
  }

  @Override
  public int frameBytesMax() {
    return FrameFormat.FRAME_BYTES_MAX;
  }

  @Override
  public boolean reliable() {
    return true;
  }

  @Override
  public String describe() {
    return name;
  }

  /** Listens for a rail that was closed before it had somebody to deliver to. */
  private static final class Deaf implements RailListener {
    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {}

    @Override
    public void onMalformed(farslot.link.FrameError error, long nowNs) {}

    @Override
    public void onWritable(long nowNs) {}

    @Override
    public void onDown(String cause, long nowNs) {}
  }
}
