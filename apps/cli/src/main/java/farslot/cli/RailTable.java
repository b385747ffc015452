package farslot.cli;

import farslot.cli.output.Table;
import java.util.Locale;
import java.util.Map;

/** Rails as rows. */
final class RailTable {
  private static final double KILO = 1000;
  private static final String[] UNITS = {"", "k", "M", "G", "T"};

  private RailTable() {}

  static Table empty() {
    return new Table(
        "SESSION",
        "PEER",
        "RAIL",
        "STATE",
        "SINCE s",
        "ROUND TRIP us",
        "RATE bit/s",
        "LOSS",
        "WINDOW",
        "BYTES OUT",
        "BYTES IN",
        "LAST CAUSE");
  }

  /**
   * Adds one.
   *
   * @param session what says {@code session} and {@code peer}
   */
  static void add(Table table, Map<?, ?> session, Map<?, ?> rail) {
    String number = rail.get("number") == null ? "" : rail.get("number") + ": ";
    table.add(
        Table.text(session, "session"),
        Table.text(session, "peer"),
        number + Table.text(rail, "rail"),
        Table.text(rail, "state"),
        Table.text(rail, "since_s"),
        Table.text(rail, "round_trip_us"),
        amount(rail, "rate_bits_s"),
        loss(rail),
        amount(rail, "window_bytes"),
        amount(rail, "bytes_sent"),
        amount(rail, "bytes_received"),
        Table.text(rail, "cause"));
  }

  private static String loss(Map<?, ?> rail) {
    return rail.get("loss") instanceof Number loss
        ? String.format(Locale.ROOT, "%.2f %%", 100 * loss.doubleValue())
        : "-";
  }

  /** Three digits and a unit: 1.25G. */
  static String amount(Map<?, ?> rail, String key) {
    if (!(rail.get(key) instanceof Number number)) {
      return "-";
    }
    double value = number.doubleValue();
    int unit = 0;
    while (value >= KILO && unit < UNITS.length - 1) {
      value /= KILO;
      unit++;
    }
    return unit == 0
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3g%s", value, UNITS[unit]);
  }
}
