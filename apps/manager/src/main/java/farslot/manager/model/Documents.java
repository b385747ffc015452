package farslot.manager.model;

import farslot.api.Json;
import farslot.store.Bytes;
import farslot.store.KeyValue;
import farslot.store.StoreLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents as JSON: {@code {"kind": "pool", "version": 1, "spec": {...}}}. What is read is
 * checked, and refused with everything that is wrong with it; what is written can be read.
 */
public final class Documents {
  /**
   * Raised when a kind's spec changes; what has an older one is brought up to it when it is read.
   */
  static final int VERSION = 1;

  private static final Map<String, Class<? extends Document>> KINDS =
      Map.ofEntries(
          Map.entry("appliance", ApplianceDocument.class),
          Map.entry("function", FunctionDocument.class),
          Map.entry("server", ServerDocument.class),
          Map.entry("assignment", AssignmentDocument.class),
          Map.entry("sanitise", SanitiseDocument.class),
          Map.entry("profile", ProfileDocument.class),
          Map.entry("pool", PoolDocument.class),
          Map.entry("template", TemplateDocument.class),
          Map.entry("identities", IdentitiesDocument.class),
          Map.entry("given", GivenDocument.class),
          Map.entry("binding", BindingDocument.class),
          Map.entry("change", ChangeDocument.class),
          Map.entry("event", EventDocument.class));

  private static final JsonMapper JSON = Json.strict();

  /** For what a later version has written: what it knows more of is passed over. */
  private static final JsonMapper LATER = Json.tolerant();

  private Documents() {}

  /** What kind of document it is, as JSON has it. */
  public static String kind(Document document) {
    return KINDS.entrySet().stream()
        .filter(each -> each.getValue() == document.getClass())
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /**
   * Writes a document.
   *
   * @throws DocumentException if something is wrong with it
   */
  public static Bytes write(Document document) throws DocumentException {
    String kind = kind(document);
    require(kind, document);
    ObjectNode all = JSON.createObjectNode();
    all.put("kind", kind).put("version", VERSION).set("spec", JSON.valueToTree(document));
    Bytes bytes = Bytes.of(JSON.writeValueAsBytes(all));
    if (bytes.length() > StoreLimits.VALUE_BYTES_MAX) {
      throw new DocumentException(
          kind,
          "it has %d bytes; at most %d are taken"
              .formatted(bytes.length(), StoreLimits.VALUE_BYTES_MAX));
    }
    return bytes;
  }

  /** What is written of a document, beside its kind. */
  public static ObjectNode spec(Document document) {
    return JSON.valueToTree(document);
  }

  /** Reads a document that should be of this kind. */
  public static <T extends Document> T read(KeyValue item, Class<T> kind) throws DocumentException {
    Document document = read(item.key(), item.value());
    if (!document.key().equals(item.key())) {
      throw new DocumentException(item.key(), "it holds what belongs to " + document.key());
    }
    if (!kind.isInstance(document)) {
      throw new DocumentException(item.key(), "it is of kind '" + kind(document) + "'");
    }
    return kind.cast(document);
  }

  /**
   * Reads a document.
   *
   * @param where how a person finds it
   */
  public static Document read(String where, Bytes bytes) throws DocumentException {
    try {
      JsonNode all = JSON.readTree(bytes.toArray());
      if (all == null || !all.isObject()) {
        throw new DocumentException(where, "it should be a JSON object");
      }
      Class<? extends Document> kind = kindOf(where, all);
      Document document = JSON.treeToValue(all.get("spec"), kind);
      require(where, document);
      return document;
    } catch (DatabindException e) {
      throw new DocumentException(where, Json.problem(e));
    } catch (JacksonException e) {
      throw new DocumentException(where, "it is not JSON: " + Json.problem(e));
    }
  }

  /**
   * What of an assignment that a later version has written can be understood: enough not to take it
   * from who has it, and not enough to change it.
   */
  static Optional<AssignmentDocument> readLater(KeyValue item) {
    try {
      JsonNode all = JSON.readTree(item.value().toArray());
      AssignmentDocument read = LATER.treeToValue(all.path("spec"), AssignmentDocument.class);
      boolean whole = read != null && read.problems().isEmpty() && read.key().equals(item.key());
      return whole ? Optional.of(read) : Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Class<? extends Document> kindOf(String where, JsonNode all)
      throws DocumentException {
    for (String name : all.propertyNames()) {
      if (!List.of("kind", "version", "spec").contains(name)) {
        throw new DocumentException(
            where, "nobody knows the key '" + name + "'; there are kind, version and spec");
      }
    }
    String name = all.path("kind").asString("");
    Class<? extends Document> kind = KINDS.get(name);
    if (kind == null) {
      throw new DocumentException(
          where,
          "'kind' should be one of " + new TreeSet<>(KINDS.keySet()) + ", not '" + name + "'");
    }
    JsonNode version = all.path("version");
    if (!version.isInt() || version.intValue() < 1) {
      throw new DocumentException(where, "'version' should be a number from 1 on");
    }
    if (version.intValue() > VERSION) {
      throw new DocumentException(
          where,
          "it has version %d, and this Farslot knows %d: update it"
              .formatted(version.intValue(), VERSION));
    }
    if (!all.path("spec").isObject()) {
      throw new DocumentException(where, "'spec' should be an object");
    }
    return kind;
  }

  private static void require(String where, Document document) throws DocumentException {
    List<String> problems = document.problems();
    if (!problems.isEmpty()) {
      throw new DocumentException(where, problems);
    }
  }
}
