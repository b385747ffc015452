package farslot.cli.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** Takes answers apart. What a manager of another version does not tell is empty. */
final class Items {
  private Items() {}

  /** The things of a list. */
  static List<JsonNode> of(JsonNode answer) {
    return list(answer, "items");
  }

  static List<JsonNode> list(JsonNode from, String key) {
    List<JsonNode> all = new ArrayList<>();
    from.path(key).forEach(all::add);
    return all;
  }

  static String text(JsonNode from, String key) {
    JsonNode value = from.path(key);
    return value.isMissingNode() || value.isNull()
        ? ""
        : value.isString() ? value.asString() : value.toString();
  }

  static long number(JsonNode from, String key) {
    return from.path(key).asLong(0);
  }

  static boolean is(JsonNode from, String key) {
    return from.path(key).asBoolean(false);
  }

  /** The texts of a list. */
  static List<String> texts(JsonNode from, String key) {
    return list(from, key).stream()
        .map(each -> each.isString() ? each.asString() : each.toString())
        .toList();
  }

  /** {@code a=1,b=2}; "" for none. */
  static String pairs(JsonNode map) {
    StringJoiner words = new StringJoiner(",");
    map.propertyStream()
        .forEach(each -> words.add(each.getKey() + "=" + each.getValue().asString("")));
    return words.toString();
  }
}
