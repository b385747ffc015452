package farslot.manager.profiles;

import farslot.manager.model.Document;
import farslot.manager.model.Documents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * The YAML that people write: documents behind each other, {@code ---} between them, each with its
 * {@code kind} and what {@link Documents} knows of that kind.
 */
public final class Manifest {
  /** A list of profiles is small; a disk image that was given by mistake is not read. */
  public static final int CHARS_MAX = 1 << 20;

  private static final int DOCUMENTS_MAX = 100;

  /** What people write; all else the manager writes itself. */
  static final List<String> KINDS = List.of("Identities", "Pool", "Profile", "Template");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .build();

  /** What a document says by saying nothing, beside nothing, 0 and false. */
  private static final Map<String, String> DEFAULTS =
      Map.of("sanitise", "none", "on-server-death", "stay");

  private Manifest() {}

  /**
   * Reads a file's documents; whether they can be used, {@link Written#document} says.
   *
   * @param file how a person finds it
   * @throws ManifestException with everything that is wrong, and where
   */
  public static List<Written> read(String file, String text) throws ManifestException {
    if (text.length() > CHARS_MAX) {
      throw new ManifestException(
          List.of(
              "%s: it has %d characters; at most %d are taken"
                  .formatted(file, text.length(), CHARS_MAX)));
    }
    List<Written> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    List<JsonNode> trees = trees(file, text);
    for (int i = 0; i < trees.size(); i++) {
      String where = trees.size() == 1 ? file : file + ": document " + (i + 1);
      if (trees.get(i).isNull() || trees.get(i).isMissingNode()) {
        continue; // Nothing but comments.
      }
      one(where, trees.get(i), problems)
          .ifPresent(
              written -> {
                String name = written.kind() + " " + written.spec().path("name").asString("");
                Integer first = seen.putIfAbsent(name, all.size() + 1);
                if (first != null) {
                  problems.add(where + ": " + name + " is there twice");
                }
                all.add(written);
              });
    }
    if (all.isEmpty() && problems.isEmpty()) {
      problems.add(file + ": there is no document in it");
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
    return all;
  }

  private static List<JsonNode> trees(String file, String text) throws ManifestException {
    List<JsonNode> trees = new ArrayList<>();
    try (MappingIterator<JsonNode> each = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (each.hasNextValue()) {
        trees.add(each.nextValue());
        if (trees.size() > DOCUMENTS_MAX) {
          throw new ManifestException(
              List.of(file + ": it has more than " + DOCUMENTS_MAX + " documents: split it"));
        }
      }
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String at = line > 0 ? ": line " + line : "";
      throw new ManifestException(
          List.of("%s: document %d%s: %s".formatted(file, trees.size() + 1, at, words(e))));
    }
    return trees;
  }

  private static String words(JacksonException e) {
    String message = e.getOriginalMessage();
    return message == null ? "not YAML" : message.lines().findFirst().orElse("not YAML");
  }

  private static Optional<Written> one(String where, JsonNode tree, List<String> problems) {
    if (!(tree instanceof ObjectNode object)) {
      problems.add(where + ": it should be 'key: value' lines");
      return Optional.empty();
    }
    ObjectNode spec = object.deepCopy();
    JsonNode kind = spec.remove("kind");
    if (kind == null || !kind.isString() || !KINDS.contains(kind.stringValue())) {
      String found = kind == null ? "is missing" : "is " + kind;
      if (kind != null && kind.asString("").equals("User")) {
        found += ", which is set by 'farslot user set NAME --role ROLE'";
      }
      problems.add("%s: 'kind' should be one of %s; it %s".formatted(where, KINDS, found));
      return Optional.empty();
    }
    if (!spec.path("name").isString()) {
      problems.add(where + ": 'name' should be a text; numbers as names need quotes");
      return Optional.empty();
    }
    Units.toBytes(spec);
    return Optional.of(new Written(where, kind.stringValue(), spec));
  }

  /** A document as a person would write it: nothing that goes without saying. */
  public static String write(Document document) {
    return text(tree(document));
  }

  /** The same as a tree. */
  static ObjectNode tree(Document document) {
    String kind = Documents.kind(document);
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("kind", kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1));
    ObjectNode spec = Documents.spec(document);
    if (!spec.path("on-server-death").asString("").equals("move")) {
      spec.remove("move-after-seconds");
    }
    if (spec.path("spares").isEmpty()) {
      spec.remove("spare-after-seconds");
    }
    spec.properties().forEach(each -> said(each.getKey(), each.getValue(), all));
    return all;
  }

  static String text(JsonNode tree) {
    return YAML.writeValueAsString(tree);
  }

  /** Puts a value where it is to be said, unless it goes without. */
  private static void said(String key, JsonNode value, ObjectNode into) {
    boolean nothing =
        value.isNull()
            || (value.isString() && value.stringValue().equals(DEFAULTS.getOrDefault(key, "")))
            || (value.isNumber() && value.longValue() == 0)
            || (value.isBoolean() && !value.booleanValue())
            || (value.isContainer() && value.isEmpty());
    if (!nothing) {
      into.set(key, value instanceof ObjectNode map ? map(map) : list(value));
    }
  }

  private static JsonNode list(JsonNode value) {
    if (!(value instanceof ArrayNode array)) {
      return value;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : array) {
      if (each instanceof ObjectNode object) {
        ObjectNode entry = list.addObject();
        object.properties().forEach(field -> said(field.getKey(), field.getValue(), entry));
      } else {
        list.add(each);
      }
    }
    return list;
  }

  /** In the order of its keys: what a map of Java's gives is another in every process. */
  private static ObjectNode map(ObjectNode unsorted) {
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    Map<String, JsonNode> fields = new TreeMap<>();
    unsorted.properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
    fields.forEach(sorted::set);
    return sorted;
  }
}
