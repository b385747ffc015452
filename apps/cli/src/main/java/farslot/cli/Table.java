package farslot.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows under a header, as wide as they need; made of what a process answered. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(header);
  }

  void add(String... row) {
    rows.add(row);
  }

  /** Nothing but a header is not worth a table. */
  void print(PrintStream out) {
    if (rows.size() == 1) {
      return;
    }
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row[i]));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** What stands there, or a dash. */
  static String text(Map<?, ?> from, String key) {
    Object value = from.get(key);
    return value == null ? "-" : String.valueOf(value);
  }

  /** The maps of a list; none if there is no such list. */
  static List<Map<?, ?>> maps(Map<?, ?> from, String key) {
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
