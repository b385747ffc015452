package farslot.cli.fabric;

import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Style;
import farslot.cli.output.Table;
import farslot.cli.output.Terminal;
import farslot.cli.output.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What functions carry, as rows. */
final class TopTable {
  /** By what rows are sorted. */
  enum Order {
    RATE,
    OPERATIONS,
    LATENCY,
    DELAY,
    NAME
  }

  private static final int HOLDER_LEAST = 10;
  private static final double NEAR_PEAK = 0.9;

  private final Order order;

  TopTable(Order order) {
    this.order = order;
  }

  /** A screen of it: totals, then as many rows as fit. */
  List<String> lines(List<JsonNode> items, Terminal terminal, boolean wide, String where) {
    long down = sum(items, "bytes-down-per-second");
    long up = sum(items, "bytes-up-per-second");
    List<String> lines = new ArrayList<>();
    lines.add(
        "farslot top  %s   %d functions   to cards %s   from cards %s   %s op/s"
            .formatted(
                where,
                items.size(),
                Units.bytesPerSecond(down),
                Units.bytesPerSecond(up),
                Units.count(sum(items, "operations-per-second"))));
    lines.add("");
    lines.addAll(
        items.isEmpty() ? List.of("nothing is attached") : table(items).lines(terminal, wide));
    return lines;
  }

  private static long sum(List<JsonNode> items, String key) {
    return items.stream().mapToLong(each -> Items.number(each, key)).sum();
  }

  Table table(List<JsonNode> items) {
    Table table =
        new Table(
            List.of(
                Column.of("FUNCTION"),
                Column.of("HOLDER").least(HOLDER_LEAST),
                Column.of("STATE").need(2),
                Column.number("TO CARD"),
                Column.number("FROM CARD"),
                Column.number("OP/S"),
                Column.number("P50").need(1),
                Column.number("P99"),
                Column.number("COMMITTED").onlyWide(),
                Column.number("PEAK").need(0),
                Column.number("CLASS").onlyWide(),
                Column.number("DELAYED").onlyWide()));
    items.stream().sorted(comparator()).forEach(each -> table.add(row(each)));
    return table;
  }

  private Comparator<JsonNode> comparator() {
    Comparator<JsonNode> byName = Comparator.comparing(each -> Items.text(each, "function"));
    return switch (order) {
      case RATE -> most(TopTable::rate).thenComparing(byName);
      case OPERATIONS ->
          most(each -> Items.number(each, "operations-per-second")).thenComparing(byName);
      case LATENCY -> most(each -> Items.number(each, "latency-p99-ns")).thenComparing(byName);
      case DELAY -> most(each -> Items.number(each, "delayed-ns")).thenComparing(byName);
      case NAME -> byName;
    };
  }

  private static Comparator<JsonNode> most(java.util.function.ToLongFunction<JsonNode> what) {
    return Comparator.comparingLong(what).reversed();
  }

  private static long rate(JsonNode item) {
    return Items.number(item, "bytes-down-per-second") + Items.number(item, "bytes-up-per-second");
  }

  private static Cell[] row(JsonNode item) {
    JsonNode qos = item.path("qos");
    long peak = Items.number(qos, "peak-bytes-per-second");
    return new Cell[] {
      Cell.of(Items.text(item, "function"), Style.STRONG),
      Cell.plain(Items.text(item, "holder")),
      Cell.state(Items.text(item, "phase")),
      flow(Items.number(item, "bytes-down-per-second"), peak),
      flow(Items.number(item, "bytes-up-per-second"), peak),
      Cell.plain(quiet(Items.number(item, "operations-per-second"))),
      Cell.plain(Units.latency(Items.number(item, "latency-p50-ns"))),
      Cell.plain(Units.latency(Items.number(item, "latency-p99-ns"))),
      Cell.plain(bound(Items.number(qos, "committed-bytes-per-second"))),
      Cell.plain(bound(peak)),
      Cell.plain(Items.text(qos, "traffic-class")),
      Cell.plain(Units.latency(Items.number(item, "delayed-ns")))
    };
  }

  /** One that is near its peak is held up by it. */
  private static Cell flow(long bytesPerSecond, long peak) {
    String text = bytesPerSecond == 0 ? "" : Units.bytesPerSecond(bytesPerSecond);
    boolean near = peak > 0 && bytesPerSecond >= peak * NEAR_PEAK;
    return Cell.of(text, near ? Style.WARNING : Style.PLAIN);
  }

  private static String quiet(long count) {
    return count == 0 ? "" : Units.count(count);
  }

  private static String bound(long bytesPerSecond) {
    return bytesPerSecond == 0 ? "" : Units.bytesPerSecond(bytesPerSecond);
  }
}
