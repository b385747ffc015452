package farslot.cli.output;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody may have meant who mistyped a word. */
public final class Near {
  private static final int WORD_CHARS_MAX = 200;

  private Near() {}

  /** The name that is next to a word, if one is near enough to be meant. */
  public static Optional<String> to(String word, Collection<String> names) {
    if (word.isEmpty() || word.length() > WORD_CHARS_MAX) {
      return Optional.empty();
    }
    int most = Math.clamp(word.length() / 3, 1, 3);
    String lower = word.toLowerCase(Locale.ROOT);
    record Guess(String name, int slips) {}
    return names.stream()
        .filter(each -> each.length() <= WORD_CHARS_MAX)
        .map(each -> new Guess(each, slips(lower, each.toLowerCase(Locale.ROOT))))
        .filter(each -> each.slips <= most)
        .min(Comparator.comparingInt(Guess::slips))
        .map(Guess::name);
  }

  /** Letters left out, put in, changed or exchanged with the next (Damerau, Levenshtein). */
  public static int slips(String a, String b) {
    int[][] at = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        at[i][j] = i == 0 ? j : j == 0 ? i : least(at, a, b, i, j);
      }
    }
    return at[a.length()][b.length()];
  }

  private static int least(int[][] at, String a, String b, int i, int j) {
    int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(Math.min(at[i - 1][j], at[i][j - 1]) + 1, at[i - 1][j - 1] + wrong);
    boolean exchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return exchanged ? Math.min(least, at[i - 2][j - 2] + 1) : least;
  }
}
