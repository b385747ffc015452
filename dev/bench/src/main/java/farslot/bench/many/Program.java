package farslot.bench.many;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This very program once more, in a process of its own: same virtual machine, same options. */
public final class Program implements AutoCloseable {
  private static final long READY_NS_MAX = 60_000_000_000L;
  private static final long STOP_SECONDS_MAX = 10;
  private static final long LOOK_MS = 20;

  private final Process process;
  private final Path log;

  /**
   * Begins; {@link #awaitReady} waits.
   *
   * @param log where all that it prints goes
   */
  public Program(Path log, String... arguments) throws IOException {
    this.log = log;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-p");
    command.add(property("jdk.module.path"));
    command.add("-m");
    command.add(property("jdk.module.main") + "/" + property("jdk.module.main.class"));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String property(String name) throws IOException {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IOException("cannot start this program again: it does not run from modules");
    }
    return value;
  }

  /** Waits until it says that it is ready. */
  public void awaitReady() throws IOException, InterruptedException, TimeoutException {
    long begin = System.nanoTime();
    while (!Files.readString(log).contains(": ready")) {
      if (!process.isAlive()) {
        throw new IOException("a program ended: " + Files.readString(log));
      }
      if (System.nanoTime() - begin > READY_NS_MAX) {
        throw new TimeoutException("a program is not ready: " + Files.readString(log));
      }
      Thread.sleep(LOOK_MS);
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
