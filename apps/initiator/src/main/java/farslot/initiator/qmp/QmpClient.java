package farslot.initiator.qmp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks with one QEMU by its control socket (QEMU, docs/interop/qmp-spec.rst): greeting,
 * capabilities, commands with ids, events. Connects again and again, since guests end and begin:
 * whoever is told {@link Listener#onUp} knows nothing of the QEMU that was there before.
 *
 * <p>A QMP socket serves one client at a time: while libvirt or a person has it, there is no
 * greeting, and this says so. Calls come from any thread.
 */
public final class QmpClient implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.initiator.qmp");

  /** Longest line that is taken; query-pci of a large machine is some 100 KiB. */
  static final int LINE_BYTES_MAX = 4 << 20;

  /** Commands without an answer, beyond which QEMU is not asked any more. */
  static final int PENDING_MAX = 64;

  private static final long GREETING_MS = 5_000;
  private static final long ANSWER_MS = 20_000;
  private static final long PAUSE_MS = 100;
  private static final long PAUSE_MS_MAX = 3_000;

  /** Who is told what happens; on the client's own thread, which must not be kept. */
  public interface Listener {
    /**
     * QEMU answers; commands can be given.
     *
     * @param version such as {@code 11.1.2}
     */
    void onUp(String version);

    /** It does not answer, or does not any more. Told once until it is up again. */
    void onDown(String cause);

    /**
     * Something has happened inside.
     *
     * @param data may be empty
     */
    void onEvent(String name, JsonNode data);
  }

  private final Path socket;
  private final Listener listener;
  private final long greetingMs;
  private final JsonMapper json = JsonMapper.shared();
  private final Map<Long, CompletableFuture<JsonNode>> pending = new LinkedHashMap<>();
  private final Thread thread;

  /** Null between connections. Guarded by {@code pending}, as is what follows. */
  private SocketChannel channel;

  private boolean up;
  private long lastId;
  private volatile boolean closed;
  private String lastCause = "";

  /** Begins with {@link #start}. */
  public QmpClient(Path socket, Listener listener) {
    this(socket, listener, GREETING_MS);
  }

  /**
   * The same for tests.
   *
   * @param greetingMs how long is waited until QEMU says who it is
   */
  QmpClient(Path socket, Listener listener, long greetingMs) {
    this.socket = socket;
    this.listener = listener;
    this.greetingMs = greetingMs;
    thread = Thread.ofVirtual().name("qmp " + socket.getFileName()).unstarted(this::run);
  }

  /** Begins to connect. */
  public void start() {
    thread.start();
  }

  /**
   * Gives a command and waits for its answer.
   *
   * @throws QmpException when QEMU refuses
   * @throws IOException when it does not answer in time, or is not there
   */
  public JsonNode call(String command, Map<String, ?> arguments)
      throws IOException, InterruptedException {
    try {
      return execute(command, arguments).get();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof QmpException refused) {
        throw new QmpException(refused.kind(), command + ": " + refused.getMessage());
      }
      if (e.getCause() instanceof java.util.concurrent.TimeoutException) {
        throw new IOException(command + ": QEMU has not answered within " + ANSWER_MS + " ms", e);
      }
      throw new IOException(command + ": " + e.getCause().getMessage(), e);
    }
  }

  private CompletableFuture<JsonNode> execute(String command, Map<String, ?> arguments) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    long id;
    synchronized (pending) {
      if (!up) {
        return CompletableFuture.failedFuture(new IOException("QEMU is not there"));
      }
      if (pending.size() >= PENDING_MAX) {
        return CompletableFuture.failedFuture(new IOException("QEMU does not answer"));
      }
      id = ++lastId;
      pending.put(id, answer);
      try {
        write(channel, command, arguments, id);
      } catch (IOException e) {
        pending.remove(id);
        return CompletableFuture.failedFuture(e);
      }
    }
    return answer
        .orTimeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .whenComplete((result, cause) -> forget(id));
  }

  private void forget(long id) {
    synchronized (pending) {
      pending.remove(id);
    }
  }

  private void write(SocketChannel to, String command, Map<String, ?> arguments, long id)
      throws IOException {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("execute", command);
    if (!arguments.isEmpty()) {
      message.put("arguments", arguments);
    }
    message.put("id", id);
    byte[] line = (json.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private void run() {
    long pauseMs = PAUSE_MS;
    while (!closed) {
      boolean wasUp = false;
      String cause;
      try (SocketChannel connected = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        connected.connect(UnixDomainSocketAddress.of(socket));
        wasUp = serve(connected);
        cause = "QEMU has closed the connection";
      } catch (IOException | JacksonException e) {
        wasUp = isUp();
        cause = String.valueOf(e.getMessage());
      } catch (RuntimeException e) {
        wasUp = isUp();
        cause = e.toString();
        LOG.log(Level.ERROR, socket + ": what QEMU says cannot be dealt with", e);
      }
      down(cause);
      pauseMs = wasUp ? PAUSE_MS : Math.min(PAUSE_MS_MAX, 2 * pauseMs);
      pause(pauseMs);
    }
  }

  private void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private boolean isUp() {
    synchronized (pending) {
      return up;
    }
  }

  /** One connection, to its end. */
  private boolean serve(SocketChannel connected) throws IOException {
    Lines lines = new Lines(connected, LINE_BYTES_MAX);
    String version = greet(connected, lines);
    synchronized (pending) {
      channel = connected;
      up = !closed;
      lastCause = "";
    }
    listener.onUp(version);
    while (!closed) {
      onMessage(json.readTree(lines.next()));
    }
    return true;
  }

  /** QEMU says who it is, and is told that nothing special is wanted of it. */
  private String greet(SocketChannel connected, Lines lines) throws IOException {
    CompletableFuture<Void> greeted = new CompletableFuture<>();
    greeted
        .orTimeout(greetingMs, TimeUnit.MILLISECONDS)
        .exceptionally(
            cause -> {
              shut(connected);
              return null;
            });
    try {
      JsonNode greeting = json.readTree(lines.next()).path("QMP");
      if (greeting.isMissingNode()) {
        throw new IOException(socket + " is no QMP socket");
      }
      write(connected, "qmp_capabilities", Map.of(), 0);
      JsonNode answer;
      do {
        answer = json.readTree(lines.next());
      } while (answer.has("event"));
      if (!answer.has("return")) {
        throw new IOException("QEMU refuses qmp_capabilities: " + answer.path("error"));
      }
      JsonNode version = greeting.path("version").path("qemu");
      return "%d.%d.%d"
          .formatted(
              version.path("major").asInt(0),
              version.path("minor").asInt(0),
              version.path("micro").asInt(0));
    } catch (IOException e) {
      throw greeted.isCompletedExceptionally()
          ? new IOException(
              "no greeting from %s: somebody else speaks with it, or QEMU hangs; give Farslot a"
                      .formatted(socket)
                  + " control socket of its own (-qmp unix:PATH,server=on,wait=off)")
          : e;
    } finally {
      greeted.complete(null);
    }
  }

  private void onMessage(JsonNode message) {
    if (message.has("event")) {
      listener.onEvent(message.path("event").asString(""), message.path("data"));
      return;
    }
    CompletableFuture<JsonNode> asked;
    synchronized (pending) {
      asked = pending.remove(message.path("id").asLong(0));
    }
    if (asked == null) {
      LOG.log(Level.DEBUG, "{0}: an answer to no question: {1}", socket, message);
    } else if (message.has("error")) {
      JsonNode error = message.path("error");
      asked.completeExceptionally(
          new QmpException(error.path("class").asString(""), error.path("desc").asString("")));
    } else {
      asked.complete(message.path("return"));
    }
  }

  private void down(String cause) {
    List<CompletableFuture<JsonNode>> unanswered;
    boolean tell;
    synchronized (pending) {
      unanswered = new ArrayList<>(pending.values());
      pending.clear();
      channel = null;
      tell = up || !cause.equals(lastCause);
      up = false;
      lastCause = cause;
    }
    unanswered.forEach(each -> each.completeExceptionally(new IOException(cause)));
    if (tell && !closed) {
      listener.onDown(cause);
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (pending) {
      if (channel != null) {
        shut(channel);
      }
    }
    thread.interrupt();
  }

  private static void shut(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing: {0}", e.getMessage());
    }
  }
}
