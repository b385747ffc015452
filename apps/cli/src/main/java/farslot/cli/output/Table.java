package farslot.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows under a header, as wide as they need, or as the screen is. */
public final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<Cell[]> rows = new ArrayList<>();

  /** A table of plain columns. */
  public Table(String... header) {
    this(Arrays.stream(header).map(Column::of).toList());
  }

  public Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** One more row, a text for each column. */
  public void add(String... row) {
    add(Arrays.stream(row).map(each -> new Cell(each, Style.PLAIN)).toArray(Cell[]::new));
  }

  /** One more row, a cell for each column. */
  public void add(Cell... row) {
    if (row.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row of %d under %d columns".formatted(row.length, columns.size()));
    }
    rows.add(row);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Whole, without colours; nothing but a header is not worth a table. */
  public void print(PrintStream out) {
    print(out, Terminal.NONE, true);
  }

  /**
   * As wide as the terminal if it is one: columns that are not needed are left out, long texts cut.
   *
   * @param wide whether columns for those who want all are shown, and nothing is cut
   */
  public void print(PrintStream out, Terminal terminal, boolean wide) {
    lines(terminal, wide).forEach(out::println);
  }

  /** The lines of it, for a screen. */
  public List<String> lines(Terminal terminal, boolean wide) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (wide || !columns.get(i).wide()) {
        shown.add(i);
      }
    }
    int[] widths = widths();
    if (terminal.out() && !wide) {
      fit(shown, widths, terminal.columns());
    }
    boolean coloured = terminal.outColoured();
    List<String> lines = new ArrayList<>();
    Cell[] header =
        columns.stream().map(each -> new Cell(each.title(), Style.STRONG)).toArray(Cell[]::new);
    lines.add(line(header, shown, widths, coloured));
    rows.forEach(row -> lines.add(line(row, shown, widths, coloured)));
    return lines;
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).title().length();
      for (Cell[] row : rows) {
        widths[i] = Math.max(widths[i], row[i].width());
      }
    }
    return widths;
  }

  private void fit(List<Integer> shown, int[] widths, int width) {
    for (int need = 0; need < Column.KEPT && total(shown, widths) > width; need++) {
      for (int i = shown.size() - 1; i >= 0 && total(shown, widths) > width; i--) {
        if (columns.get(shown.get(i)).need() == need && cut(shown, widths, width, false) > width) {
          shown.remove(i);
        }
      }
    }
    cut(shown, widths, width, true);
  }

  /** Cuts what may be cut as far as needed; how wide all is then. */
  private int cut(List<Integer> shown, int[] widths, int width, boolean really) {
    int over = total(shown, widths) - width;
    for (int at : shown) {
      int least = Math.max(columns.get(at).least(), columns.get(at).title().length());
      if (over > 0 && columns.get(at).least() > 0 && widths[at] > least) {
        int by = Math.min(over, widths[at] - least);
        over -= by;
        widths[at] -= really ? by : 0;
      }
    }
    return width + over;
  }

  private static int total(List<Integer> shown, int[] widths) {
    return shown.stream().mapToInt(each -> widths[each]).sum() + GAP.length() * (shown.size() - 1);
  }

  private String line(Cell[] row, List<Integer> shown, int[] widths, boolean coloured) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < shown.size(); i++) {
      int at = shown.get(i);
      Cell cell = row[at].within(widths[at]);
      String blanks = " ".repeat(widths[at] - cell.width());
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(at).right() ? blanks : "");
      line.append(cell.style().paint(cell.text(), coloured));
      line.append(columns.get(at).right() || i == shown.size() - 1 ? "" : blanks);
    }
    return line.toString().stripTrailing();
  }

  /** What stands there, or a dash. */
  public static String text(Map<?, ?> from, String key) {
    Object value = from.get(key);
    return value == null ? "-" : String.valueOf(value);
  }

  /** The maps of a list; none if there is no such list. */
  public static List<Map<?, ?>> maps(Map<?, ?> from, String key) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (from.get(key) instanceof List<?> list) {
      list.forEach(
          each -> {
            if (each instanceof Map<?, ?> map) {
              maps.add(map);
            }
          });
    }
    return maps;
  }
}
