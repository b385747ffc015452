package farslot.manager.profiles;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.Document;
import farslot.manager.model.ProfileDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What changes in the documents that people write, as {@code diff -u} would show it; of a slot also
 * the function that is in it.
 */
final class PlanDiff {
  private static final int CONTEXT_LINES = 3;
  private static final String NOTHING = "/dev/null";

  private final SortedMap<String, BindingDocument> before;
  private final SortedMap<String, BindingDocument> after;
  private final StringBuilder text = new StringBuilder();

  PlanDiff(SortedMap<String, BindingDocument> before, SortedMap<String, BindingDocument> after) {
    this.before = before;
    this.after = after;
  }

  /** Adds what becomes of one document. */
  void add(String key, Optional<Document> old, Optional<Document> young) {
    List<String> oldLines = old.map(each -> lines(each, before)).orElse(List.of());
    List<String> youngLines = young.map(each -> lines(each, after)).orElse(List.of());
    String name = key.substring(1);
    UnifiedDiffUtils.generateUnifiedDiff(
            old.isPresent() ? name : NOTHING,
            young.isPresent() ? name : NOTHING,
            oldLines,
            DiffUtils.diff(oldLines, youngLines),
            CONTEXT_LINES)
        .forEach(line -> text.append(begunAtNothing(line)).append('\n'));
  }

  /** Of nothing, patch(1) wants line 0 where the library says 1. */
  private static String begunAtNothing(String line) {
    return line.startsWith("@@ ")
        ? line.replace("@@ -1,0 ", "@@ -0,0 ").replace(" +1,0 @@", " +0,0 @@")
        : line;
  }

  private static List<String> lines(
      Document document, SortedMap<String, BindingDocument> bindings) {
    ObjectNode tree = Manifest.tree(document);
    if (document instanceof ProfileDocument profile) {
      Map<String, String> functions = new HashMap<>();
      bindings.values().stream()
          .filter(each -> each.profile().equals(profile.name()))
          .forEach(each -> functions.put(each.slot(), each.function()));
      for (JsonNode slot : tree.path("slots")) {
        String function = functions.get(slot.path("name").asString(""));
        if (function != null && slot instanceof ObjectNode object) {
          object.put("bound-to", function);
        }
      }
    }
    return Manifest.text(tree).lines().toList();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
