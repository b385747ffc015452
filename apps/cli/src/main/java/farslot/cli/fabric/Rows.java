package farslot.cli.fabric;

import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Style;
import farslot.cli.output.Table;
import farslot.cli.output.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Things as rows of a table, a kind each. */
final class Rows {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final int NAME_LEAST = 12;
  private static final int TEXT_LEAST = 16;

  private Rows() {}

  static Table table(Kind kind, List<JsonNode> items) {
    Table table = new Table(columns(kind));
    items.forEach(each -> table.add(row(kind, each)));
    return table;
  }

  private static List<Column> columns(Kind kind) {
    return switch (kind) {
      case FUNCTION ->
          List.of(
              name("FUNCTION"),
              Column.of("CARD"),
              Column.of("DEVICE").need(0),
              Column.number("SIZE").need(2),
              Column.of("IDENTITY").need(1),
              Column.of("STATE"),
              Column.of("HOLDER").least(NAME_LEAST),
              Column.of("HEALTH"),
              Column.of("PROFILE").onlyWide(),
              Column.of("BDF").onlyWide(),
              Column.number("EPOCH").onlyWide(),
              Column.of("TENANT").onlyWide(),
              Column.of("WHY").onlyWide());
      case APPLIANCE ->
          List.of(
              name("APPLIANCE"),
              Column.of("STATE"),
              Column.number("FUNCTIONS"),
              Column.number("ASSIGNED"),
              Column.of("ADDRESSES").need(0).least(TEXT_LEAST),
              Column.of("SOFTWARE").need(1),
              Column.of("LABELS").onlyWide());
      case SERVER ->
          List.of(
              name("SERVER"),
              Column.of("STATE"),
              Column.number("ASSIGNED"),
              Column.of("GUESTS").need(1).least(TEXT_LEAST),
              Column.of("RAILS").need(0),
              Column.of("SOFTWARE").onlyWide(),
              Column.of("LABELS").onlyWide());
      case GUEST ->
          List.of(
              name("GUEST"),
              Column.of("STATE"),
              Column.number("FREE SLOTS"),
              Column.of("DETAIL").need(0).least(TEXT_LEAST));
      case ASSIGNMENT ->
          List.of(
              name("FUNCTION"),
              Column.of("HOLDER").least(NAME_LEAST),
              Column.of("PHASE"),
              Column.of("PROFILE").need(1),
              Column.number("EPOCH").need(2),
              Column.of("BDF").need(1),
              Column.of("DRIVER").need(0),
              Column.of("WAITS FOR").need(3).least(TEXT_LEAST),
              Column.of("PROBLEM").onlyWide());
      case EVENT ->
          List.of(
              Column.of("TIME").need(2),
              Column.of("EVENT"),
              Column.of("SUBJECT").least(NAME_LEAST),
              Column.of("BY").need(0),
              Column.of("MESSAGE").least(TEXT_LEAST));
      case PROFILE ->
          List.of(
              name("PROFILE"),
              Column.of("SERVER").least(NAME_LEAST),
              Column.of("STATE"),
              Column.number("SLOTS"),
              Column.of("TEMPLATE").need(1),
              Column.of("ON SERVER DEATH").need(0),
              Column.of("TENANT").onlyWide());
      case POOL ->
          List.of(
              name("POOL"),
              Column.of("CARD"),
              Column.of("AT LEAST").need(1),
              Column.number("FUNCTIONS"),
              Column.number("FREE"),
              Column.number("FREE SPARES"),
              Column.of("TENANT").onlyWide());
      case TEMPLATE ->
          List.of(
              name("TEMPLATE"),
              Column.number("SLOTS"),
              Column.of("PARAMETERS").need(1).least(TEXT_LEAST),
              Column.of("TENANT").onlyWide());
      case IDENTITIES ->
          List.of(
              name("IDENTITIES"),
              Column.of("WHAT"),
              Column.of("FROM"),
              Column.number("LEFT"),
              Column.number("OF"),
              Column.of("TENANT").onlyWide());
      case MEMBER ->
          List.of(Column.of("KIND"), name("NAME"), Column.of("ROLE"), Column.of("TENANT"));
    };
  }

  private static Column name(String title) {
    return Column.of(title);
  }

  private static Cell[] row(Kind kind, JsonNode item) {
    return switch (kind) {
      case FUNCTION -> function(item);
      case APPLIANCE ->
          cells(
              strong(item, "name"),
              state(item),
              plain(item, "functions"),
              plain(item, "assigned"),
              Cell.plain(String.join(", ", Items.texts(item, "addresses"))),
              plain(item, "software"),
              Cell.plain(Items.pairs(item.path("labels"))));
      case SERVER ->
          cells(
              strong(item, "name"),
              state(item),
              plain(item, "assigned"),
              Cell.plain(String.join(", ", Items.texts(item, "guests"))),
              Cell.plain(rails(item)),
              plain(item, "software"),
              Cell.plain(Items.pairs(item.path("labels"))));
      case GUEST ->
          cells(
              strong(item, "guest"),
              Cell.state(Items.is(item, "running") ? "running" : "down"),
              plain(item, "free-slots"),
              plain(item, "detail"));
      case ASSIGNMENT -> assignment(item);
      case EVENT ->
          cells(
              Cell.of(time(Items.number(item, "at-ms")), Style.FAINT),
              Cell.of(Items.text(item, "what"), EventStyle.of(Items.text(item, "what"))),
              strong(item, "subject"),
              plain(item, "by"),
              Cell.plain(message(item)));
      case PROFILE ->
          cells(
              strong(item, "name"),
              plain(item, "place"),
              state(item),
              Cell.plain(String.valueOf(item.path("slots").size())),
              plain(item, "template"),
              plain(item, "on-server-death"),
              plain(item, "tenant"));
      case POOL ->
          cells(
              strong(item, "name"),
              plain(item, "card"),
              Cell.plain(Units.size(Items.number(item, "capacity-bytes-min"))),
              plain(item, "members"),
              plain(item, "free"),
              plain(item, "free-spares"),
              plain(item, "tenant"));
      case TEMPLATE ->
          cells(
              strong(item, "name"),
              Cell.plain(String.valueOf(item.path("slots").size())),
              Cell.plain(Items.pairs(item.path("parameters"))),
              plain(item, "tenant"));
      case IDENTITIES ->
          cells(
              strong(item, "name"),
              plain(item, "what"),
              plain(item, "from"),
              plain(item, "left"),
              plain(item, "total"),
              plain(item, "tenant"));
      case MEMBER ->
          cells(
              plain(item, "kind"),
              strong(item, "name"),
              plain(item, "role"),
              plain(item, "tenant"));
    };
  }

  /** Without what stands beside it. */
  private static String message(JsonNode event) {
    String message = Items.text(event, "message");
    String subject = Items.text(event, "subject") + ": ";
    return message.startsWith(subject) ? message.substring(subject.length()) : message;
  }

  private static Cell[] function(JsonNode item) {
    JsonNode assignment = item.path("assignment");
    Health health = Health.of(item);
    String state = Items.text(item, "state");
    return cells(
        strong(item, "function"),
        plain(item, "card"),
        plain(item, "device-id"),
        Cell.plain(Units.size(Items.number(item, "capacity-bytes"))),
        Cell.plain(identity(item, assignment)),
        Cell.state(state),
        plain(assignment, "holder"),
        Cell.state(health.word()),
        plain(assignment, "profile"),
        plain(assignment.path("live"), "bdf"),
        plain(item, "epoch"),
        plain(item, "tenant"),
        Cell.plain(health.why()));
  }

  /** What it is called from outside: what was given to it goes before its own. */
  static String identity(JsonNode function, JsonNode assignment) {
    for (JsonNode from :
        List.of(assignment.path("terms").path("identity"), function.path("identity"))) {
      for (String key : List.of("mac", "wwn", "serial")) {
        if (!Items.text(from, key).isEmpty()) {
          return Items.text(from, key);
        }
      }
    }
    return "";
  }

  private static Cell[] assignment(JsonNode item) {
    JsonNode live = item.path("live");
    return cells(
        strong(item, "function"),
        plain(item, "holder"),
        Cell.state(Items.text(item, "phase")),
        plain(item, "profile"),
        plain(item, "epoch"),
        plain(live, "bdf"),
        Cell.plain(Items.is(live, "driver-bound") ? "bound" : ""),
        plain(item, "waiting"),
        plain(item, "problem"));
  }

  private static String rails(JsonNode server) {
    List<JsonNode> rails = Items.list(server, "rails");
    long up = rails.stream().filter(each -> Items.is(each, "up")).count();
    return rails.isEmpty()
        ? ""
        : up == rails.size() ? up + " up" : up + " of " + rails.size() + " up";
  }

  static String time(long atMs) {
    return TIME.format(Instant.ofEpochMilli(atMs));
  }

  static String age(long atMs, Instant now) {
    return Units.age(Duration.between(Instant.ofEpochMilli(atMs), now));
  }

  private static Cell state(JsonNode item) {
    return Cell.state(Items.text(item, "state"));
  }

  private static Cell strong(JsonNode item, String key) {
    return Cell.of(Items.text(item, key), Style.STRONG);
  }

  private static Cell plain(JsonNode item, String key) {
    return Cell.plain(Items.text(item, key));
  }

  private static Cell[] cells(Cell... cells) {
    return cells;
  }

  /** What an event's word says by its colour. */
  private static final class EventStyle {
    private static final Map<String, Style> STYLES =
        Map.of(
            "attached", Style.GOOD,
            "lost", Style.BAD,
            "failed", Style.BAD,
            "fenced", Style.WARNING,
            "gone", Style.BAD);

    static Style of(String word) {
      return STYLES.entrySet().stream()
          .filter(each -> word.endsWith(each.getKey()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(Style.PLAIN);
    }
  }
}
