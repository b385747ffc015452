package farslot.bench.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of others that runs until it is closed. */
final class Child implements AutoCloseable {
  private static final long READY_NS_MAX = 20_000_000_000L;
  private static final long STOP_SECONDS_MAX = 5;
  private static final long RUN_SECONDS_MAX = 120;
  private static final long LOOK_MS = 50;
  private static final int CONNECT_MS = 500;

  private final Process process;
  private final Path log;

  /**
   * @param log where all that it prints goes
   */
  Child(Path log, Map<String, String> environment, List<String> command) throws IOException {
    this.log = log;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Waits until somebody listens on a port of this machine. */
  void awaitPort(int port) throws IOException, InterruptedException, TimeoutException {
    long begin = System.nanoTime();
    while (!listens(port)) {
      if (!process.isAlive()) {
        throw new IOException("it ended: " + said());
      }
      if (System.nanoTime() - begin > READY_NS_MAX) {
        throw new TimeoutException("it is not ready: " + said());
      }
      Thread.sleep(LOOK_MS);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The end of what it has printed. */
  String said() throws IOException {
    return end(Files.readString(log, StandardCharsets.UTF_8));
  }

  private static String end(String text) {
    String flat = text.strip().replaceAll("\\s+", " ");
    return flat.length() <= 300 ? flat : "... " + flat.substring(flat.length() - 300);
  }

  /** Stops it where it stands: one that polls would take a processor from whoever is measured. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /**
   * Runs a program to its end.
   *
   * @return what it printed
   * @throws IOException when it fails
   */
  static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException, TimeoutException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path log = Files.createTempFile("farslot-bench", ".out");
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new TimeoutException(command.getFirst() + " does not end");
      }
      String said = Files.readString(log, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(command.getFirst() + " failed: " + end(said));
      }
      return said;
    } finally {
      Files.delete(log);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      resume();
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
