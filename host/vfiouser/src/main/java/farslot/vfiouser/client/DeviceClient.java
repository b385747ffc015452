package farslot.vfiouser.client;

import farslot.function.ForeignDevice;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.UnixSocket;
import farslot.vfiouser.wire.SocketPaths;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A device that a vfio-user server at a path has, whenever there is one: looks for it, greets it,
 * and begins anew when it has gone. On the loop's thread only, but for the constructor.
 */
public final class DeviceClient implements ForeignDevice, DeviceSession.Owner {
  private final EventLoop loop;
  private final Path path;
  private final DeviceClientOptions options;
  private final EventLoop.Timer retry;
  private Presence presence;

  /** Null while nobody is connected. */
  private DeviceSession session;

  private Access access;

  /** Null when there is none to be. */
  private MirrorMemory mirror;

  private boolean present;
  private String said = "";
  private boolean closed;

  /**
   * @param path of the server's socket, or of the directory with its {@code cntrl}
   */
  public DeviceClient(EventLoop loop, Path path, DeviceClientOptions options) {
    this.loop = loop;
    this.path = path;
    this.options = options;
    retry = loop.timer(this::connect);
  }

  @Override
  public void open(Presence to) {
    presence = to;
    // What is said to a server goes out at a turn's end, and there may have been no turn yet.
    loop.execute(this::connect);
  }

  private void connect() {
    if (closed) {
      return;
    }
    Path socket = SocketPaths.served(path);
    try {
      if (mirror == null && options.mirrorBytes() != 0) {
        mirror = new MirrorMemory(loop, options.mirrorBytes(), this::look);
      }
      int fd = UnixSocket.connect(socket.toString());
      session = new DeviceSession(loop, fd, socket.toString(), options, this);
    } catch (ErrnoException e) {
      absent("nobody serves a device at " + socket + " yet: " + e.getMessage());
      retry.arm(options.retryNs());
    }
  }

  @Override
  public void onGreeted(Facts facts) {
    present = true;
    said = "";
    presence.onPresent(facts);
  }

  private int look(long nowNs) {
    return access == null ? 0 : access.onLook();
  }

  @Override
  public MirrorMemory mirror() {
    return mirror;
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public void onEnd(String cause) {
    session = null;
    present = false;
    access = null;
    if (mirror != null) {
      mirror.watch(false);
      mirror.clear();
    }
    if (!closed) {
      retry.arm(options.retryNs());
      absent("the server at " + path + " " + cause);
    }
  }

  /** Says a cause, and not the same one at each attempt. */
  private void absent(String cause) {
    if (!cause.equals(said)) {
      said = cause;
      presence.onAbsent(cause);
    }
  }

  @Override
  public void attach(Access to) {
    access = to;
    resume();
  }

  @Override
  public void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    if (present) {
      session.read(region, offset, bytes, done, cookie);
    }
  }

  @Override
  public void write(int region, long offset, MemorySegment from, long at, int bytes) {
    if (present) {
      session.write(region, offset, from, at, bytes);
    }
  }

  @Override
  public void write(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    if (present) {
      session.write(region, offset, from, at, bytes, done, cookie);
    }
  }

  @Override
  public void reset() {
    if (present) {
      session.reset();
    }
  }

  @Override
  public void enable(int kind, int vectors) {
    if (present) {
      session.enable(kind, vectors);
    }
  }

  @Override
  public void unmaskIntx() {
    if (present) {
      session.unmaskIntx();
    }
  }

  @Override
  public void dmaDone(long cookie, boolean ok) {
    if (session != null) {
      session.dmaDone(cookie, ok);
    }
  }

  @Override
  public void dmaAbandoned() {
    if (session != null) {
      session.dmaAbandoned();
    }
  }

  @Override
  public void resume() {
    if (session != null) {
      session.resume();
    }
  }

  @Override
  public void dismiss(String why) {
    if (session != null) {
      session.end(why);
    }
  }

  @Override
  public void close() {
    closed = true;
    retry.cancel();
    if (session != null) {
      session.end("is not needed any more");
    }
    if (mirror != null) {
      mirror.close();
      mirror = null;
    }
  }
}
