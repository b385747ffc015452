package farslot.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Asks a person before something is done that cannot be undone. */
public final class Question {
  private static final int ANSWER_MAX = 64;

  private Question() {}

  /**
   * Asks, and waits for a line.
   *
   * @return whether it begins with a y
   */
  public static boolean ask(PrintStream err, InputStream in, String question) throws IOException {
    err.print(question + " [y/N] ");
    err.flush();
    StringBuilder answer = new StringBuilder();
    for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
      if (answer.length() < ANSWER_MAX) {
        answer.append(new String(new byte[] {(byte) each}, StandardCharsets.ISO_8859_1));
      }
    }
    return answer.toString().strip().toLowerCase(java.util.Locale.ROOT).startsWith("y");
  }
}
