package farslot.cli.output;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A whole terminal, written anew each time, left as it was found: also after SIGINT. Keys come at
 * once, and q ends it.
 */
public final class Screen implements AutoCloseable {
  private static final String ENTER = "\033[?1049h\033[?25l";
  private static final String LEAVE = "\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String LINE_END = "\033[K\r\n";
  private static final String REST = "\033[J";
  private static final long KEY_MS = 50;

  private final PrintStream out;
  private final Thread leaving = new Thread(this::leave, "screen");
  private Terminal terminal;
  private boolean left;

  private Screen(PrintStream out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Takes the terminal. */
  public static Screen open(PrintStream out, Terminal terminal) {
    Screen screen = new Screen(out, terminal);
    Runtime.getRuntime().addShutdownHook(screen.leaving);
    if (terminal.in()) {
      stty("-icanon", "-echo", "min", "0", "time", "0");
    }
    out.print(ENTER);
    out.flush();
    return screen;
  }

  /** As large as it was when something was shown last. */
  public Terminal terminal() {
    return terminal;
  }

  /** Shows these lines, as many as there is room for, from the top. */
  public void show(List<String> lines) {
    terminal = terminal.resized();
    StringBuilder all = new StringBuilder(HOME);
    int shown = Math.min(lines.size(), terminal.rows() - 1);
    lines.subList(0, shown).forEach(each -> all.append(each).append(LINE_END));
    out.print(all.append(REST));
    out.flush();
  }

  /** Waits so long; whether somebody wants no more. */
  public boolean waitForQuit(long ms) throws IOException, InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (System.nanoTime() - endNs < 0) {
      while (terminal.in() && System.in.available() > 0) {
        int key = System.in.read();
        if (key == 'q' || key == 'Q') {
          return true;
        }
      }
      Thread.sleep(KEY_MS);
    }
    return out.checkError();
  }

  private synchronized void leave() {
    if (left) {
      return;
    }
    left = true;
    out.print(LEAVE);
    out.flush();
    if (terminal.in()) {
      stty("sane");
    }
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(leaving);
    } catch (IllegalStateException e) {
      // It is under way.
    }
  }

  private static void stty(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "stty";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      new ProcessBuilder(command)
          .redirectInput(new File("/dev/tty"))
          .start()
          .waitFor(1, TimeUnit.SECONDS);
    } catch (IOException e) {
      // Then keys come a line at a time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
