package farslot.cli.fabric;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How well a function is, of all that is told about it.
 *
 * @param word {@code ok}, or what is wrong in a word
 * @param why in more words; "" for ok
 */
record Health(String word, String why) {
  private static final Set<String> NOT_THERE = Set.of("away", "absent", "unreadable");

  static final Health OK = new Health("ok", "");

  static Health of(JsonNode function) {
    JsonNode assignment = function.path("assignment");
    JsonNode live = assignment.path("live");
    String state = Items.text(function, "state");
    if (NOT_THERE.contains(state)) {
      return new Health(state, Items.text(function, "cause"));
    }
    if (!Items.is(function, "present")) {
      return new Health("absent", Items.text(function, "cause"));
    }
    String problem = Items.text(function, "problem");
    if (!problem.isEmpty()) {
      return new Health("failed", problem);
    }
    if (assignment.isMissingNode()) {
      return OK;
    }
    if (live.path("server-here").asBoolean(true)) {
      String held = Items.text(live, "state");
      if (held.equals("stuck") || held.equals("away")) {
        return new Health(held, Items.text(live, "detail"));
      }
    } else {
      return new Health("lost", "server " + Items.text(assignment, "server") + " is away");
    }
    String wish = Items.text(assignment, "problem");
    return wish.isEmpty() ? OK : new Health("warning", wish);
  }

  boolean isOk() {
    return word.equals("ok");
  }
}
