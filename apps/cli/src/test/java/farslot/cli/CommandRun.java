package farslot.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command said and ended with.
 *
 * @param status its exit status
 */
public record CommandRun(int status, String out, String err) {
  /** Runs one in front of no terminal. */
  public static CommandRun of(String... words) {
    return on("-", "", words);
  }

  /**
   * Runs one in front of a terminal.
   *
   * @param terminal as the script says it: {@code ioe ROWS COLUMNS}
   * @param typed what comes from standard input
   */
  public static CommandRun on(String terminal, String typed, String... words) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    InputStream realIn = System.in;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setProperty("farslot.terminal", terminal);
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
      int status = Main.run(words);
      return new CommandRun(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
      System.setIn(realIn);
      System.clearProperty("farslot.terminal");
    }
  }

  /** Runs one whose answers somebody reads while they come. */
  public static CommandRun into(PrintStream reader, String... words) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setProperty("farslot.terminal", "-");
      System.setOut(reader);
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      return new CommandRun(Main.run(words), "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
      System.clearProperty("farslot.terminal");
    }
  }

  /** The lines of what it said to programs. */
  public List<String> lines() {
    return new ArrayList<>(out.lines().toList());
  }
}
