package farslot.cli.fabric;

import farslot.cli.output.Style;
import farslot.cli.output.Terminal;
import farslot.cli.output.Units;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Functions below their cards' kinds, those below their appliances. */
final class FunctionTree {
  private final boolean coloured;

  FunctionTree(Terminal terminal) {
    coloured = terminal.outColoured();
  }

  void print(List<JsonNode> functions, PrintStream out) {
    Map<String, Map<String, List<JsonNode>>> appliances = new LinkedHashMap<>();
    for (JsonNode each : functions) {
      appliances
          .computeIfAbsent(Items.text(each, "appliance"), key -> new LinkedHashMap<>())
          .computeIfAbsent(Items.text(each, "card"), key -> new java.util.ArrayList<>())
          .add(each);
    }
    appliances.forEach(
        (appliance, cards) -> {
          out.println(Style.STRONG.paint(appliance, coloured));
          int left = cards.size();
          for (Map.Entry<String, List<JsonNode>> card : cards.entrySet()) {
            boolean last = --left == 0;
            out.println((last ? "└─ " : "├─ ") + card.getKey());
            branch(card.getValue(), last ? "   " : "│  ", out);
          }
        });
  }

  private void branch(List<JsonNode> functions, String indent, PrintStream out) {
    int widest =
        functions.stream().mapToInt(each -> Items.text(each, "name").length()).max().orElse(0);
    for (int i = 0; i < functions.size(); i++) {
      JsonNode each = functions.get(i);
      String name = Items.text(each, "name");
      out.println(
          (indent + (i == functions.size() - 1 ? "└─ " : "├─ "))
              + Style.STRONG.paint(name, coloured)
              + " ".repeat(widest - name.length() + 2)
              + facts(each));
    }
  }

  private String facts(JsonNode function) {
    StringBuilder facts = new StringBuilder();
    long size = Items.number(function, "capacity-bytes");
    String identity = Rows.identity(function, function.path("assignment"));
    add(facts, size > 0 ? Units.size(size) : "");
    add(facts, identity);
    String state = Items.text(function, "state");
    String holder = Items.text(function.path("assignment"), "holder");
    add(facts, Style.of(state).paint(state, coloured) + (holder.isEmpty() ? "" : " to " + holder));
    Health health = Health.of(function);
    if (!health.isOk() && !health.word().equals(state)) {
      add(facts, Style.of(health.word()).paint(health.word(), coloured));
    }
    return facts.toString();
  }

  private static void add(StringBuilder facts, String fact) {
    if (!fact.isEmpty()) {
      facts.append(facts.isEmpty() ? "" : ", ").append(fact);
    }
  }
}
