package farslot.carrier;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.link.RailProtection;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import javax.net.ssl.SSLException;

/**
 * Frames over a TCP connection, one behind the other. They are written straight from where the
 * session keeps them, many in one call, and parsed where they were read; or pass through TLS on
 * their way. On the loop's thread only.
 */
final class TcpRail implements Rail, RailTenure.Holder {
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

  /** What is left of a frame of which a part has gone; with TLS, records on their way. */
  private MemorySegment spill = MemorySegment.NULL;

  /** TLS, and how long the rail may last by it; null without. */
  private final TlsCover cover;

  private final RailTenure tenure;
  private final RailProtection protection;
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

  /** In clear. */
  TcpRail(EventLoop loop, int fd, String name) {
    this(loop, fd, name, null, null, RailProtection.NONE, null);
  }

  private TcpRail(
      EventLoop loop,
      int fd,
      String name,
      TlsCover cover,
      Agreed agreed,
      RailProtection protection,
      RailSecurity security) {
    this.loop = loop;
    this.fd = fd;
    this.name = name;
    this.cover = cover;
    this.protection = protection;
    tenure = cover == null ? null : new RailTenure(loop, security, agreed, this);
    in = Arena.ofAuto().allocate(READ_BYTES, 64);
    linger = loop.timer(this::release);
  }

  /** Through TLS, once keys are agreed on. */
  static TcpRail of(EventLoop loop, TlsGreeting greeting, String name, RailSecurity security) {
    Agreed agreed = greeting.agreed();
    return new TcpRail(
        loop,
        greeting.fd(),
        name,
        new TlsCover(agreed.engine(), greeting.rest()),
        agreed,
        new RailProtection(agreed.peer(), agreed.cipher(), 0, 0),
        security);
  }

  /** Begins to deliver; once. */
  void listen(RailListener listener) {
    this.listener = listener;
    if (state != State.CLOSED) {
      watch();
      if (cover != null) {
        loop.execute(this::openRecords); // The first may have come with the handshake.
      }
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
    if (cover != null) {
      return sendSealed(segment, offset, bytes);
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
    MemorySegment.copy(segment, offset + sent, spill(), 0, spillEnd);
    return whole;
  }

  /** Seals and writes by turns, so that little waits here when the socket is full. */
  private int sendSealed(MemorySegment segment, long offset, int bytes) {
    int taken = 0;
    while (taken < bytes && spillAt == spillEnd) {
      int run = frameBytes(segment, offset + taken);
      while (taken + run < bytes) {
        int more = run + frameBytes(segment, offset + taken + run);
        if (more > TlsCover.PLAIN_BYTES_MAX) {
          break;
        }
        run = more;
      }
      try {
        spilled(cover.seal(segment, offset + taken, run, spill(), 0));
      } catch (SSLException e) {
        broken(TlsWords.of(e));
        return bytes;
      }
      taken += run;
    }
    return taken;
  }

  private MemorySegment spill() {
    if (spill.byteSize() == 0) {
      int bytes = cover == null ? FrameFormat.FRAME_BYTES_MAX : TlsCover.SEALED_BYTES_MAX;
      spill = Arena.ofAuto().allocate(bytes, 64);
    }
    return spill;
  }

  /** So many bytes of records are to be written from the beginning of {@link #spill}. */
  private void spilled(int bytes) {
    spillEnd = bytes;
    spillAt = write(spill, 0, bytes);
    if (spillAt < spillEnd) {
      blocked = true;
      watch();
    }
  }

  @Override
  public void sharesLoad(boolean shares) {
    if (state != State.OPEN) {
      return;
    }
    try {
      TcpSocket.unsentBytesMax(fd, shares ? UNSENT_BYTES_SHARED : -1);
    } catch (ErrnoException e) {
      broken(e.getMessage());
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
      broken(e.getMessage());
      return bytes;
    }
  }

  private void broken(String cause) {
    failure = cause;
    loop.execute(this::onFailure);
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
    sayOwed();
    if (blocked) {
      return;
    }
    if (state == State.LINGER) {
      endWriting();
    } else if (failure == null) {
      listener.onWritable(loop.nowNs());
    }
    if (state != State.CLOSED) {
      watch();
    }
  }

  /** TLS has something to say of its own, behind what is on its way. */
  private void sayOwed() {
    if (cover != null && cover.owes() && state == State.OPEN && spillAt == spillEnd) {
      try {
        spilled(cover.sayOwed(spill(), 0));
      } catch (SSLException e) {
        broken(TlsWords.of(e));
      }
    }
  }

  // Receiving.

  private void onReadable() {
    if (cover != null) {
      onSealedReadable();
      return;
    }
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

  private void onSealedReadable() {
    for (int reads = 0; reads < READS_MAX && state != State.CLOSED; reads++) {
      int read;
      try {
        read = cover.fill(fd);
      } catch (ErrnoException e) {
        ended(e.getMessage());
        return;
      }
      if (read == Fd.AGAIN) {
        return;
      }
      if (read == Fd.END) {
        ended("closed by the peer");
        return;
      }
      boolean more = cover.filled();
      openRecords();
      if (!more) {
        return;
      }
    }
  }

  private void openRecords() {
    try {
      while (state == State.OPEN && cover.hasRecord()) {
        filled += cover.open(in, filled);
        deliver(loop.nowNs());
      }
    } catch (SSLException e) {
      ended(TlsWords.of(e));
      return;
    }
    if (state == State.LINGER) {
      cover.discard();
    } else if (cover.ended()) {
      ended("closed by the peer");
    } else {
      sayOwed();
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
    if (cover != null && spillAt == spillEnd) {
      spilled(cover.sayEnd(spill(), 0));
    }
    if (spillAt == spillEnd) {
      endWriting();
    }
    if (listener == null) {
      listen(new DeafListener());
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
      if (tenure != null) {
        tenure.end();
      }
      loop.unwatch(fd);
      Fd.close(fd);
    }
  }

  @Override
  public void onAgeing(String cause) {
    if (state == State.OPEN && listener != null) {
      listener.onAgeing(cause, loop.nowNs());
    }
  }

  @Override
  public void onExpired(String cause) {
    if (state == State.OPEN) {
      down(cause);
    } else {
      release();
    }
  }

  @Override
  public RailProtection protection() {
    return protection;
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
}
