package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Serves the control socket: a virtual thread a connection, a bounded number of them. */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.control");
  static final int CONNECTIONS_MAX = 64;
  private static final int REQUEST_BYTES_MAX = 4 << 20;
  private static final int CHUNK_BYTES = 1 << 14;
  private static final long REQUEST_MS_MAX = 5_000;
  private static final long STOP_MS_MAX = 1_000;

  private record Connection(SocketChannel channel, ControlReply reply) {}

  private final Path socket;
  private final Map<String, ControlCommand> commands;
  private final JsonMapper json = new JsonMapper();
  private final ServerSocketChannel listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX);

  /**
   * Listens; only the owner of the process may connect.
   *
   * @param socket replaced when it is left over from a process that is gone
   * @throws BindException when a living process serves it
   */
  public ControlServer(Path socket, Map<String, ControlCommand> commands) throws IOException {
    this.socket = socket;
    this.commands = Map.copyOf(commands);
    if (answers(socket)) {
      throw new BindException(socket + " is served by another process");
    }
    // Under another name until it is nobody else's: a socket is born with the umask's permissions.
    Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(fresh));
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
    Thread.ofVirtual().name("control").start(this::acceptAll);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        if (room.tryAcquire()) {
          Thread.ofVirtual().name("control request").start(() -> serve(channel));
        } else {
          channel.close();
        }
      }
    } catch (ClosedChannelException e) {
      // The end.
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the control socket " + socket + " fails", e);
    }
  }

  private void serve(SocketChannel channel) {
    ControlReply reply = new ControlReply(channel, json);
    Connection connection = new Connection(channel, reply);
    connections.add(connection);
    try (channel) {
      String line = request(channel);
      Thread.ofVirtual().name("control end").start(() -> awaitEnd(connection));
      answer(line, reply);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "who asked has gone: {0}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reply.stop();
      connections.remove(connection);
      room.release();
    }
  }

  /** The request's line; empty if none came in time. */
  private static String request(SocketChannel channel) throws IOException {
    Thread impatience =
        Thread.ofVirtual().name("control impatience").start(() -> closeAfter(channel));
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    while (line.size() < REQUEST_BYTES_MAX && channel.read(chunk.clear()) >= 0) {
      line.write(chunk.array(), 0, chunk.position());
      if (chunk.position() > 0 && chunk.get(chunk.position() - 1) == '\n') {
        break;
      }
    }
    impatience.interrupt();
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static void closeAfter(SocketChannel channel) {
    try {
      Thread.sleep(REQUEST_MS_MAX);
      channel.close();
    } catch (InterruptedException e) {
      // It came in time.
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a silent connection", e);
    }
  }

  /** Reads on until who asked ends writing, or is gone: it wants no more. */
  private static void awaitEnd(Connection connection) {
    ByteBuffer thrownAway = ByteBuffer.allocate(64);
    try {
      while (connection.channel.read(thrownAway.clear()) >= 0) {
        // Nothing is to come.
      }
    } catch (IOException e) {
      // Gone.
    }
    connection.reply.stop();
  }

  private void answer(String line, ControlReply reply) throws IOException, InterruptedException {
    try {
      if (!(json.readValue(line, Object.class) instanceof Map<?, ?> request)) {
        reply.refuse("a request is a JSON object on one line");
        return;
      }
      Map<String, Object> arguments = new java.util.LinkedHashMap<>();
      request.forEach((key, value) -> arguments.put(String.valueOf(key), value));
      Object name = arguments.remove("command");
      ControlCommand command = name instanceof String ? commands.get(name) : null;
      if (command == null) {
        reply.refuse("no command '" + name + "' here; there are " + commands.keySet());
      } else {
        command.run(new CardConfig(String.valueOf(name), arguments), reply);
      }
    } catch (JacksonException | CardConfigException | IllegalArgumentException e) {
      reply.refuse(String.valueOf(e.getMessage()).lines().findFirst().orElse("not JSON"));
    }
  }

  /** Stops listening and ends what is going on, politely for a second. */
  @Override
  public void close() {
    try {
      listener.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing " + socket, e);
    }
    connections.forEach(connection -> connection.reply.stop());
    try {
      if (!room.tryAcquire(CONNECTIONS_MAX, STOP_MS_MAX, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "somebody still asks and does not read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Connection connection : connections) {
      try {
        connection.channel.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "closing a connection", e);
      }
    }
  }
}
