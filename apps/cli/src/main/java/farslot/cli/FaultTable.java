package farslot.cli;

import farslot.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Faults as rows. */
final class FaultTable {
  private static final List<String> ELSEWHERE = List.of("function", "id", "struck", "state");

  private FaultTable() {}

  static Table empty() {
    return new Table("FUNCTION", "FAULT", "STATE", "STRUCK", "WHAT");
  }

  static void add(Table table, String function, Map<?, ?> fault) {
    table.add(
        function,
        Table.text(fault, "id"),
        Table.text(fault, "state"),
        Table.text(fault, "struck"),
        what(fault));
  }

  /** The fault in a line: {@code delay on dma-write, delay_us 10000}. */
  static String what(Map<?, ?> fault) {
    List<String> words = new ArrayList<>();
    String kind = Table.text(fault, "kind");
    if (fault.get("on") instanceof List<?> on) {
      kind += " on " + String.join(" and ", on.stream().map(String::valueOf).toList());
    }
    words.add(kind);
    fault.forEach(
        (key, value) -> {
          if (!ELSEWHERE.contains(key) && !key.equals("kind") && !key.equals("on")) {
            words.add(key + " " + value);
          }
        });
    return String.join(", ", words);
  }
}
