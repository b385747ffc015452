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

/** Tables of things, one for each kind: which columns, and what stands in them. */
final class Rows {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final int NAME_LEAST = 12;
  private static final int TEXT_LEAST = 16;

  private Rows() {}

  static Table table(Kind kind, List<JsonNode> items) {
    List<Field> fields = fields(kind);
    Table table = new Table(fields.stream().map(Field::column).toList());
    for (JsonNode item : items) {
      table.add(fields.stream().map(field -> field.cell().apply(item)).toArray(Cell[]::new));
    }
    return table;
  }

  private static List<Field> fields(Kind kind) {
    return switch (kind) {
      case FUNCTION -> function();
      case APPLIANCE -> appliance();
      case SERVER -> server();
      case GUEST -> guest();
      case ASSIGNMENT -> assignment();
      case EVENT -> event();
      case PROFILE -> profile();
      case POOL -> pool();
      case TEMPLATE -> template();
      case IDENTITIES -> identities();
      case MEMBER -> member();
    };
  }

  private static List<Field> function() {
    return List.of(
        Field.name("FUNCTION", "function"),
        Field.text("CARD", "card"),
        Field.text("DEVICE", "device-id").need(0),
        Field.of("SIZE", item -> size(item, "capacity-bytes")).asNumber().need(2),
        Field.of("IDENTITY", item -> identity(item, item.path("assignment"))).need(1),
        Field.state("STATE", Rows::state),
        Field.of("HOLDER", item -> Items.text(item.path("assignment"), "holder")).least(NAME_LEAST),
        Field.state("HEALTH", item -> Health.of(item).word()),
        Field.of("PROFILE", item -> Items.text(item.path("assignment"), "profile")).onlyWide(),
        Field.of("BDF", item -> Items.text(item.path("assignment").path("live"), "bdf")).onlyWide(),
        Field.number("EPOCH", "epoch").onlyWide(),
        Field.text("TENANT", "tenant").onlyWide(),
        Field.of("WHY", item -> Health.of(item).why()).onlyWide());
  }

  private static List<Field> appliance() {
    return List.of(
        Field.name("APPLIANCE", "name"),
        Field.state("STATE", Rows::state),
        Field.number("FUNCTIONS", "functions"),
        Field.number("ASSIGNED", "assigned"),
        Field.texts("ADDRESSES", "addresses").need(0).least(TEXT_LEAST),
        Field.text("SOFTWARE", "software").need(1),
        Field.pairs("LABELS", "labels").onlyWide());
  }

  private static List<Field> server() {
    return List.of(
        Field.name("SERVER", "name"),
        Field.state("STATE", Rows::state),
        Field.number("ASSIGNED", "assigned"),
        Field.texts("GUESTS", "guests").need(1).least(TEXT_LEAST),
        Field.of("RAILS", Rows::rails).need(0),
        Field.text("SOFTWARE", "software").onlyWide(),
        Field.pairs("LABELS", "labels").onlyWide());
  }

  private static List<Field> guest() {
    return List.of(
        Field.name("GUEST", "guest"),
        Field.state("STATE", item -> Items.is(item, "running") ? "running" : "down"),
        Field.number("FREE SLOTS", "free-slots"),
        Field.text("DETAIL", "detail").need(0).least(TEXT_LEAST));
  }

  private static List<Field> assignment() {
    return List.of(
        Field.name("FUNCTION", "function"),
        Field.text("HOLDER", "holder").least(NAME_LEAST),
        Field.state("PHASE", item -> Items.text(item, "phase")),
        Field.text("PROFILE", "profile").need(1),
        Field.number("EPOCH", "epoch").need(2),
        Field.of("BDF", item -> Items.text(item.path("live"), "bdf")).need(1),
        Field.of("DRIVER", item -> Items.is(item.path("live"), "driver-bound") ? "bound" : "")
            .need(0),
        Field.text("WAITS FOR", "waiting").need(3).least(TEXT_LEAST),
        Field.text("PROBLEM", "problem").onlyWide());
  }

  private static List<Field> event() {
    return List.of(
        new Field(
            Column.of("TIME").need(2),
            item -> Cell.of(time(Items.number(item, "at-ms")), Style.FAINT)),
        new Field(
            Column.of("EVENT"),
            item -> Cell.of(Items.text(item, "what"), EventStyle.of(Items.text(item, "what")))),
        Field.name("SUBJECT", "subject").least(NAME_LEAST),
        Field.text("BY", "by").need(0),
        Field.of("MESSAGE", Rows::message).least(TEXT_LEAST));
  }

  private static List<Field> profile() {
    return List.of(
        Field.name("PROFILE", "name"),
        Field.text("SERVER", "place").least(NAME_LEAST),
        Field.state("STATE", Rows::state),
        Field.of("SLOTS", item -> count(item, "slots")).asNumber(),
        Field.text("TEMPLATE", "template").need(1),
        Field.text("ON SERVER DEATH", "on-server-death").need(0),
        Field.text("TENANT", "tenant").onlyWide());
  }

  private static List<Field> pool() {
    return List.of(
        Field.name("POOL", "name"),
        Field.text("CARD", "card"),
        Field.of("AT LEAST", item -> size(item, "capacity-bytes-min")).need(1),
        Field.number("FUNCTIONS", "members"),
        Field.number("FREE", "free"),
        Field.number("FREE SPARES", "free-spares"),
        Field.text("TENANT", "tenant").onlyWide());
  }

  private static List<Field> template() {
    return List.of(
        Field.name("TEMPLATE", "name"),
        Field.of("SLOTS", item -> count(item, "slots")).asNumber(),
        Field.pairs("PARAMETERS", "parameters").need(1).least(TEXT_LEAST),
        Field.text("TENANT", "tenant").onlyWide());
  }

  private static List<Field> identities() {
    return List.of(
        Field.name("IDENTITIES", "name"),
        Field.text("WHAT", "what"),
        Field.text("FROM", "from"),
        Field.number("LEFT", "left"),
        Field.number("OF", "total"),
        Field.text("TENANT", "tenant").onlyWide());
  }

  private static List<Field> member() {
    return List.of(
        Field.text("KIND", "kind"),
        Field.name("NAME", "name"),
        Field.text("ROLE", "role"),
        Field.text("TENANT", "tenant"));
  }

  private static String state(JsonNode item) {
    return Items.text(item, "state");
  }

  private static String size(JsonNode item, String key) {
    return Units.size(Items.number(item, key));
  }

  private static String count(JsonNode item, String key) {
    return String.valueOf(item.path(key).size());
  }

  /** Without what stands beside it. */
  private static String message(JsonNode event) {
    String message = Items.text(event, "message");
    String subject = Items.text(event, "subject") + ": ";
    return message.startsWith(subject) ? message.substring(subject.length()) : message;
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
