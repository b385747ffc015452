package farslot.cli.fabric;

import farslot.api.Json;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Functions that somebody has, in the order in which that one sees them. */
final class Assigned {
  private Assigned() {}

  /**
   * Of all functions those that are assigned.
   *
   * @param only to this one; null for anybody. A server's own are also its guests'
   */
  static List<JsonNode> of(JsonNode answer, FunctionNames.Holder only) {
    return Items.of(answer).stream()
        .filter(each -> each.path("assignment").isObject())
        .filter(each -> only == null || fits(each.path("assignment"), only))
        .sorted(
            Comparator.comparing((JsonNode each) -> Items.text(each.path("assignment"), "holder"))
                .thenComparing(each -> Items.text(each.path("assignment").path("live"), "bdf"))
                .thenComparing(Kind.FUNCTION::nameOf))
        .toList();
  }

  private static boolean fits(JsonNode assignment, FunctionNames.Holder only) {
    return Items.text(assignment, "server").equals(only.server())
        && (only.guest().isEmpty() || Items.text(assignment, "guest").equals(only.guest()));
  }

  /** The same as an answer. */
  static JsonNode answer(JsonNode all, List<JsonNode> some) {
    ObjectNode answer = Json.object();
    answer.set("revision", all.path("revision"));
    some.forEach(answer.putArray("items")::add);
    return answer;
  }
}
