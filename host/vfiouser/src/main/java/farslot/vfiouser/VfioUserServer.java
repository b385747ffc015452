package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.UnixSocket;
import farslot.vfiouser.VfioUserCounters.Counter;
import farslot.vfiouser.wire.SocketPaths;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Shows a function to one client after another on unix sockets, as a vfio-user device.
 *
 * <p>A second client that connects while the first is there stays in the socket's backlog, as with
 * libvfio-user, and is served when the first has gone: a hypervisor that is killed and started
 * again finds the socket whatever the order in which we learn of it. Its own time-out tells a
 * client that waits for nothing.
 *
 * <p>What is not done: live migration, dirty page tracking, the twin socket, {@code write_multiple}
 * (not offered, but understood), regions as file descriptors other than NVMe's doorbells.
 *
 * <p>On the loop's thread, or before it runs; {@link #counters} from any.
 */
public final class VfioUserServer implements AutoCloseable, LocalFunction.Listener {
  private static final Logger LOG = System.getLogger(VfioUserServer.class.getName());
  private static final int BACKLOG = 16;

  private final EventLoop loop;
  private final LocalFunction function;
  private final VfioUserOptions options;
  private final VfioUserCounters counters = new VfioUserCounters();
  private final List<Path> paths = new ArrayList<>();
  private final List<Integer> listeners = new ArrayList<>();
  private final Session.Owner owner = new Owner();

  /** Null between clients. */
  private Session session;

  private Consumer<Boolean> clients = connected -> {};

  private boolean closed;

  /** Listens on one path; a directory stands for the {@code cntrl} in it. */
  public VfioUserServer(EventLoop loop, LocalFunction function, Path path, VfioUserOptions options)
      throws IOException {
    this(loop, function, List.of(path), options);
  }

  /**
   * Listens on several paths, for clients of several kinds: there is still one at a time.
   *
   * @throws IOException if a path is in use, or cannot be made
   */
  public VfioUserServer(
      EventLoop loop, LocalFunction function, List<Path> paths, VfioUserOptions options)
      throws IOException {
    this.loop = loop;
    this.function = function;
    this.options = options;
    try {
      for (Path path : paths) {
        Path resolved = SocketPaths.resolve(path);
        listeners.add(UnixSocket.listen(resolved.toString(), BACKLOG));
        this.paths.add(resolved);
      }
    } catch (IOException e) {
      stopListening();
      throw e;
    }
    function.listener(this);
    listen();
  }

  /** The socket files. */
  public List<Path> paths() {
    return List.copyOf(paths);
  }

  public VfioUserCounters counters() {
    return counters;
  }

  /**
   * Who is told when a client has agreed on a version ({@code true}), and when it has gone.
   *
   * @param told on the loop's thread
   */
  public void clients(Consumer<Boolean> told) {
    clients = told;
  }

  /** Whether a client is connected. */
  public boolean hasClient() {
    return session != null;
  }

  /**
   * Asks the client to let go of the device (VFIO's request interrupt): QEMU unplugs it. False when
   * nobody listens.
   */
  public boolean requestRelease() {
    return session != null && session.signal(LocalFunction.IRQ_REQ);
  }

  /** Ends the session and removes the sockets. The function is left as it is. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (session != null) {
      session.end("server is closing", false);
    }
    stopListening();
  }

  /**
   * Removes the sockets, and ends when the client does, who is told nothing: a hypervisor that
   * loses its connection while its guest is at work on the device may abort, and with it the guest.
   * Nobody hears of the client any more.
   */
  public void retire() {
    if (!closed) {
      closed = true;
      clients = connected -> {};
      stopListening();
    }
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    if (session == null) {
      counters.count(Counter.INTERRUPTS_UNHEARD);
    } else {
      session.onInterrupt(kind, vector);
    }
  }

  @Override
  public void onPresence(boolean present, String cause) {
    LOG.log(Level.INFO, "{0}: card {1}: {2}", function.name(), present ? "back" : "gone", cause);
    if (present || session == null) {
      return;
    }
    if (options.errorOnLoss()) {
      session.signal(LocalFunction.IRQ_ERR);
    }
    // A card may have gone down because it reached memory that its client took away.
    session.onMemoryFault();
  }

  @Override
  public void onRoom() {
    if (session != null) {
      session.onRoom();
    }
  }

  private void listen() {
    for (int listener : listeners) {
      loop.watch(listener, EventLoop.READ, ready -> accept(listener));
    }
  }

  private void accept(int listener) {
    if (session != null) {
      return;
    }
    int socket;
    try {
      socket = Sockets.accept(listener);
    } catch (ErrnoException e) {
      LOG.log(Level.WARNING, "{0}: {1}", function.name(), e.getMessage());
      return;
    }
    if (socket == Fd.AGAIN) {
      return;
    }
    for (int each : listeners) {
      loop.unwatch(each);
    }
    counters.count(Counter.SESSIONS);
    session = new Session(loop, function, options, counters, owner, socket);
  }

  private void stopListening() {
    for (int listener : listeners) {
      loop.unwatch(listener);
      Fd.close(listener);
    }
    listeners.clear();
    for (Path path : paths) {
      try {
        Fd.unlink(path.toString());
      } catch (ErrnoException e) {
        LOG.log(Level.WARNING, "{0}: {1}", function.name(), e.getMessage());
      }
    }
  }

  private final class Owner implements Session.Owner {
    @Override
    public void onAgreed(String client) {
      LOG.log(Level.INFO, "{0}: client {1}", function.name(), client);
      clients.accept(true);
    }

    @Override
    public void onEnd(String cause, boolean broken) {
      session = null;
      if (broken) {
        counters.count(Counter.SESSIONS_BROKEN);
      }
      Level level = broken ? Level.WARNING : Level.INFO;
      LOG.log(level, "{0}: session over: {1}", function.name(), cause);
      clients.accept(false);
      if (!closed) {
        listen();
      }
    }
  }
}
