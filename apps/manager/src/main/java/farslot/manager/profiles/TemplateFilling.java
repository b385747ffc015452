package farslot.manager.profiles;

import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.TemplateDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes profiles out of templates: what a profile says goes before what its template says, and a
 * slot of its own before the template's slot of that name.
 */
final class TemplateFilling {
  private static final String TEMPLATE = "template";
  private static final String SLOTS = "slots";

  private final Function<String, Optional<TemplateDocument>> stored;

  /**
   * @param stored templates that there are already, by name
   */
  TemplateFilling(Function<String, Optional<TemplateDocument>> stored) {
    this.stored = stored;
  }

  /**
   * Documents of a file, profiles with what their templates give them. A template of the same file
   * goes before one that is stored.
   *
   * @throws ManifestException with everything that is wrong, and where
   */
  List<Document> documents(List<Written> all) throws ManifestException {
    Map<String, TemplateDocument> templates = new HashMap<>();
    List<Document> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Written each : all) {
      if (each.kind().equals("Template")) {
        read(each, problems)
            .ifPresent(
                document -> {
                  TemplateDocument template = (TemplateDocument) document;
                  templates.put(template.name(), template);
                });
      }
    }
    for (Written each : all) {
      String template = each.spec().path(TEMPLATE).asString("");
      if (each.kind().equals("Template")) {
        Optional.ofNullable(templates.get(each.spec().path("name").asString("")))
            .ifPresent(documents::add);
      } else if (!each.kind().equals("Profile") || template.isEmpty()) {
        read(each, problems).ifPresent(documents::add);
      } else {
        Optional.ofNullable(templates.get(template))
            .or(() -> stored.apply(template))
            .ifPresentOrElse(
                found -> fill(each, found, problems).ifPresent(documents::add),
                () -> problems.add(each.where() + ": there is no template '" + template + "'"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
    return documents;
  }

  private static Optional<Document> read(Written written, List<String> problems) {
    try {
      return Optional.of(written.document());
    } catch (DocumentException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Document> fill(
      Written profile, TemplateDocument template, List<String> problems) {
    Map<String, String> values = values(profile, template, problems);
    ObjectNode base = (ObjectNode) filled(Documents.spec(template), values);
    base.remove("parameters");
    JsonNode slots = base.remove(SLOTS);
    base.setAll(profile.spec());
    base.set(SLOTS, slots(slots, profile.spec().path(SLOTS)));
    if (profile.spec().has(SLOTS) && !profile.spec().get(SLOTS).isArray()) {
      base.set(SLOTS, profile.spec().get(SLOTS)); // Refused where it is read.
    }
    return read(profile.with(base), problems);
  }

  /** What stands in place of the parameters. */
  private static Map<String, String> values(
      Written profile, TemplateDocument template, List<String> problems) {
    Map<String, String> values = new HashMap<>(template.parameters());
    profile
        .spec()
        .path("values")
        .properties()
        .forEach(
            each -> {
              if (!template.parameters().containsKey(each.getKey())) {
                problems.add(
                    "%s: 'values' has '%s'; template '%s' has the parameters %s"
                        .formatted(
                            profile.where(),
                            each.getKey(),
                            template.name(),
                            new TreeSet<>(template.parameters().keySet())));
              }
              values.put(each.getKey(), each.getValue().asString(""));
            });
    values.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            problems.add(
                "%s: template '%s' needs 'values.%s'"
                    .formatted(profile.where(), template.name(), name));
          }
        });
    values.put(TemplateDocument.PROFILE, profile.spec().path("name").asString(""));
    return values;
  }

  private static JsonNode filled(JsonNode tree, Map<String, String> values) {
    return switch (tree) {
      case StringNode text -> StringNode.valueOf(TemplateDocument.fill(text.stringValue(), values));
      case ArrayNode list -> {
        ArrayNode filled = JsonNodeFactory.instance.arrayNode();
        list.forEach(each -> filled.add(filled(each, values)));
        yield filled;
      }
      case ObjectNode object -> {
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        object
            .properties()
            .forEach(each -> filled.set(each.getKey(), filled(each.getValue(), values)));
        yield filled;
      }
      default -> tree;
    };
  }

  private static ArrayNode slots(JsonNode ofTemplate, JsonNode own) {
    Map<String, JsonNode> slots = new LinkedHashMap<>();
    ofTemplate.forEach(each -> slots.put(each.path("name").asString(""), each));
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    List<JsonNode> behind = new ArrayList<>();
    Set<String> replaced = new HashSet<>();
    for (JsonNode each : own) {
      String name = each.path("name").asString("");
      if (slots.containsKey(name) && replaced.add(name)) {
        slots.put(name, each);
      } else {
        behind.add(each);
      }
    }
    all.addAll(slots.values());
    return all.addAll(behind);
  }
}
