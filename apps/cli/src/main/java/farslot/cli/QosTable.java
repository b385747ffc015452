package farslot.cli;

import farslot.cli.output.Table;
import java.util.Map;

/** What functions may send and what they do, as rows; only those about which something is said. */
final class QosTable {
  private QosTable() {}

  static Table empty() {
    return new Table(
        "FUNCTION",
        "COMMITTED B/s",
        "PEAK B/s",
        "BURST",
        "CLASS",
        "SENDS B/s",
        "RECEIVES B/s",
        "DELAYED",
        "DELAYED ms");
  }

  /** Adds a stream's, if there is one. */
  static void add(Table table, Map<?, ?> stream) {
    if (stream.get("qos") instanceof Map<?, ?> qos) {
      table.add(
          Table.text(stream, "function"),
          said(qos, "committed_bytes_per_second"),
          said(qos, "peak_bytes_per_second"),
          said(qos, "burst_bytes"),
          Table.text(qos, "class"),
          RailTable.amount(qos, "sent_bytes_per_second"),
          RailTable.amount(qos, "received_bytes_per_second"),
          RailTable.amount(qos, "delayed_bytes"),
          Table.text(qos, "delayed_ms"));
    }
  }

  private static String said(Map<?, ?> qos, String key) {
    return qos.get(key) instanceof Number number && number.longValue() == 0
        ? "-"
        : RailTable.amount(qos, key);
  }
}
