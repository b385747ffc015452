package farslot.cli.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * What a person sits in front of, if anybody does. The script that starts the program knows and
 * says so ({@code farslot.terminal}); asking the operating system from here would cost more than
 * the whole answer.
 *
 * @param in whether standard input is one
 * @param out whether standard output is one
 * @param err whether standard error is one
 * @param columns characters in a line; of use only where {@code out} or {@code err}
 * @param rows lines on the screen
 * @param colours whether it shows colours, and the person wants them
 */
public record Terminal(
    boolean in, boolean out, boolean err, int columns, int rows, boolean colours) {
  private static final int COLUMNS_USUAL = 80;
  private static final int ROWS_USUAL = 24;
  private static final int COLUMNS_MIN = 20;
  private static final int SIDE_MAX = 10_000;

  /** No terminal at all. */
  public static final Terminal NONE =
      new Terminal(false, false, false, COLUMNS_USUAL, ROWS_USUAL, false);

  /** Of this process. */
  public static Terminal current() {
    return of(System.getProperties(), System.getenv());
  }

  /**
   * By {@code farslot.terminal}: letters i, o, e for what is a terminal, then rows and columns,
   * such as {@code ioe 24 80}; and by NO_COLOR and TERM.
   */
  static Terminal of(Properties properties, Map<String, String> environment) {
    String said = properties.getProperty("farslot.terminal");
    if (said == null) {
      boolean all = System.console() != null;
      return new Terminal(all, all, all, COLUMNS_USUAL, ROWS_USUAL, all && coloured(environment));
    }
    String[] words = said.strip().split(" +");
    String which = words[0];
    return new Terminal(
        which.contains("i"),
        which.contains("o"),
        which.contains("e"),
        Math.max(COLUMNS_MIN, side(words, 2, COLUMNS_USUAL)),
        side(words, 1, ROWS_USUAL),
        coloured(environment));
  }

  private static boolean coloured(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  private static int side(String[] words, int at, int otherwise) {
    try {
      int side = at < words.length ? Integer.parseInt(words[at]) : 0;
      return side > 0 && side <= SIDE_MAX ? side : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** Whether standard output is to be coloured. */
  public boolean outColoured() {
    return out && colours;
  }

  /** Whether standard error is to be coloured. */
  public boolean errColoured() {
    return err && colours;
  }

  /** This one, as large as it is now: people pull at windows. Itself when that cannot be seen. */
  public Terminal resized() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new java.io.File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      stty.waitFor(1, TimeUnit.SECONDS);
      String[] words = ("- " + size.strip()).split(" ");
      return new Terminal(in, out, err, side(words, 2, columns), side(words, 1, rows), colours);
    } catch (IOException e) {
      return this;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return this;
    }
  }
}
