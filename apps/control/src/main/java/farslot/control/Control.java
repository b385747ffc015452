package farslot.control;

import farslot.capture.Tap;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What makes a process visible: the tap for its rails, the watch for its links, and its control
 * socket. A process that cannot have its socket works without, and says so.
 */
public final class Control implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.control");

  private final LinkWatch watch = new LinkWatch();
  private final Tap tap;
  private final LongSupplier clock;
  private ControlServer server;

  /**
   * @param clock the data thread's, monotonic nanoseconds
   */
  public Control(LongSupplier clock) {
    this.clock = clock;
    tap = new Tap(clock);
  }

  /** To put around ends and dialers. */
  public Tap tap() {
    return tap;
  }

  /** To tell of events. */
  public LinkWatch watch() {
    return watch;
  }

  /**
   * Begins to listen on {@code dir/control.sock}.
   *
   * @param data runs tasks on the data thread
   */
  public synchronized void open(Path dir, Watched watched, Executor data) {
    open(dir, watched, data, Map.of());
  }

  /**
   * The same with commands of the process's own.
   *
   * @param more by name
   */
  public synchronized void open(
      Path dir, Watched watched, Executor data, Map<String, ControlCommand> more) {
    DataThread thread = new DataThread(data);
    RailFacts rails = new RailFacts(watched, clock);
    Path socket = dir.toAbsolutePath().resolve(ControlClient.SOCKET);
    try {
      Map<String, ControlCommand> commands = new HashMap<>(more);
      commands.put("status", new StatusService(watched, watch, rails, thread));
      commands.put("fault", new FaultService(watched, thread));
      commands.put("threads", new ThreadService());
      commands.put("rail", new RailService(watched, rails, thread));
      commands.put("capture", new CaptureService(watched, watch, tap, thread, clock));
      server = new ControlServer(socket, commands);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "no control socket, nobody can look inside: {0}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
