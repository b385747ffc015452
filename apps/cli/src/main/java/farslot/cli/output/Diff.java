package farslot.cli.output;

import java.util.ArrayList;
import java.util.List;

/** What changes, as a unified diff: lines that go, lines that come, and some around them. */
public final class Diff {
  private static final int AROUND = 3;

  /** Texts longer than this are shown as replaced. */
  private static final int LINES_MAX = 4000;

  private record Line(char kind, String text, int before, int after) {}

  private Diff() {}

  /**
   * The diff of two texts; empty if they are the same.
   *
   * @param beforeName how the first is called at the head
   */
  public static List<String> unified(
      String beforeName, String before, String afterName, String after) {
    List<Line> lines = lines(before.lines().toList(), after.lines().toList());
    if (lines.stream().allMatch(each -> each.kind == ' ')) {
      return List.of();
    }
    List<String> diff = new ArrayList<>(List.of("--- " + beforeName, "+++ " + afterName));
    for (int at = next(lines, 0); at < lines.size(); ) {
      int begin = Math.max(0, at - AROUND);
      int end = at;
      for (int quiet = 0, i = at; i < lines.size() && quiet <= 2 * AROUND; i++) {
        quiet = lines.get(i).kind == ' ' ? quiet + 1 : 0;
        end = quiet == 0 ? i + 1 : end;
      }
      hunk(lines.subList(begin, Math.min(lines.size(), end + AROUND)), diff);
      at = next(lines, end);
    }
    return diff;
  }

  /** The same, with colours for who wants them. */
  public static List<String> painted(List<String> diff, boolean coloured) {
    return diff.stream().map(each -> style(each).paint(each, coloured)).toList();
  }

  private static Style style(String line) {
    if (line.startsWith("---") || line.startsWith("+++")) {
      return Style.STRONG;
    }
    return line.startsWith("-")
        ? Style.BAD
        : line.startsWith("+") ? Style.GOOD : line.startsWith("@@") ? Style.BUSY : Style.PLAIN;
  }

  private static int next(List<Line> lines, int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).kind == ' ') {
      at++;
    }
    return at;
  }

  private static void hunk(List<Line> lines, List<String> to) {
    long before = lines.stream().filter(each -> each.kind != '+').count();
    long after = lines.stream().filter(each -> each.kind != '-').count();
    Line first = lines.getFirst();
    to.add(
        "@@ -%d,%d +%d,%d @@"
            .formatted(
                before == 0 ? first.before : first.before + 1,
                before,
                after == 0 ? first.after : first.after + 1,
                after));
    lines.forEach(each -> to.add(each.kind + each.text));
  }

  /** By the longest common subsequence. */
  private static List<Line> lines(List<String> before, List<String> after) {
    List<Line> lines = new ArrayList<>();
    boolean large = before.size() > LINES_MAX || after.size() > LINES_MAX;
    int[][] common = large ? null : common(before, after);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      boolean same = i < before.size() && j < after.size() && before.get(i).equals(after.get(j));
      if (same) {
        lines.add(new Line(' ', before.get(i), i++, j++));
      } else if (j == after.size()
          || (i < before.size() && (common == null || common[i + 1][j] >= common[i][j + 1]))) {
        lines.add(new Line('-', before.get(i), i++, j));
      } else {
        lines.add(new Line('+', after.get(j), i, j++));
      }
    }
    return lines;
  }

  private static int[][] common(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
