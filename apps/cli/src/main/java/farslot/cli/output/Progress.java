package farslot.cli.output;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * A line on standard error that says what is being waited for, and is gone afterwards. Nothing is
 * written where no terminal is.
 */
public final class Progress implements AutoCloseable {
  private static final String[] TURNS = {"|", "/", "-", "\\"};
  private static final long TURN_MS = 120;

  /** Nobody wants to see what is over before it can be read. */
  private static final long BEGIN_MS = 250;

  private static final String CLEAR = "\r\033[K";

  private final PrintStream err;
  private final Terminal terminal;
  private final Supplier<String> what;
  private final long beganMs;
  private Thread thread;

  private Progress(PrintStream err, Terminal terminal, Supplier<String> what) {
    this.err = err;
    this.terminal = terminal;
    this.what = what;
    beganMs = System.currentTimeMillis();
  }

  /**
   * Begins to show it.
   *
   * @param what it waits for; asked several times a second, on a thread of its own
   */
  public static Progress begin(PrintStream err, Terminal terminal, Supplier<String> what) {
    Progress progress = new Progress(err, terminal, what);
    if (terminal.err()) {
      progress.thread = Thread.ofVirtual().name("progress").start(progress::turn);
    }
    return progress;
  }

  private void turn() {
    try {
      Thread.sleep(BEGIN_MS);
      for (int i = 0; ; i++) {
        long seconds = (System.currentTimeMillis() - beganMs) / 1000;
        String line =
            TURNS[i % TURNS.length] + " " + what.get() + (seconds > 1 ? "  " + seconds + " s" : "");
        show(line.substring(0, Math.min(line.length(), terminal.columns() - 1)));
        Thread.sleep(TURN_MS);
      }
    } catch (InterruptedException e) {
      // It is over.
    }
  }

  private synchronized void show(String line) {
    err.print(CLEAR + line);
    err.flush();
  }

  /** Prints something that stays. */
  public synchronized void above(Runnable print) {
    if (thread != null) {
      show("");
    }
    print.run();
  }

  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    show("");
    thread = null;
  }
}
