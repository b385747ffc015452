package farslot.api;

import java.util.Collection;
import java.util.TreeSet;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the API has it: names in kebab case, nothing guessed. */
public final class Json {
  private static final JsonMapper STRICT = builder().build();

  /** For what another version may have written: what it knows more of is passed over. */
  private static final JsonMapper TOLERANT =
      builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  /** Of what is no JSON, errors show so much: it may be a secret. */
  private static final int SHOWN_CHARS_MAX = 16;

  private static JsonMapper.Builder builder() {
    return JsonMapper.builder(factory())
        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .enumNamingStrategy(EnumNamingStrategies.LOWER_CASE)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
  }

  private static final int VALUE_CHARS_MAX = 60;

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .errorReportConfiguration(
            ErrorReportConfiguration.builder()
                .maxErrorTokenLength(SHOWN_CHARS_MAX)
                .maxRawContentLength(0)
                .build())
        .build();
  }

  /** What reads and writes so; keys that nobody knows are refused. */
  public static JsonMapper strict() {
    return STRICT;
  }

  /** The same, but that such keys are passed over. */
  public static JsonMapper tolerant() {
    return TOLERANT;
  }

  public static ObjectNode object() {
    return STRICT.createObjectNode();
  }

  /** A record, map or list as JSON. */
  public static JsonNode tree(Object value) {
    return STRICT.valueToTree(value);
  }

  public static String text(JsonNode node) {
    return STRICT.writeValueAsString(node);
  }

  /** The same, for people. */
  public static String pretty(JsonNode node) {
    return STRICT.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  /**
   * Reads a request's or an answer's body.
   *
   * @return the missing node for a blank text
   * @throws ApiException if it is not JSON
   */
  public static JsonNode parse(String text) throws ApiException {
    if (text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return STRICT.readTree(text);
    } catch (JacksonException e) {
      throw wrong("the body is not JSON", e);
    }
  }

  /** Reads what a person or program asks for: keys that nobody knows are refused. */
  public static <T> T read(JsonNode node, Class<T> kind) throws ApiException {
    return read(STRICT, node, kind);
  }

  /** Reads what another part of Farslot, perhaps of another version, has written. */
  public static <T> T readTolerantly(JsonNode node, Class<T> kind) throws ApiException {
    return read(TOLERANT, node, kind);
  }

  private static <T> T read(JsonMapper mapper, JsonNode node, Class<T> kind) throws ApiException {
    if (!node.isObject()) {
      throw new ApiException(
          ApiError.BAD_REQUEST, "the request is refused", "its body should be a JSON object", "");
    }
    try {
      return mapper.treeToValue(node, kind);
    } catch (JacksonException e) {
      throw wrong("the request is refused", e);
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "the request is refused", words(e), "");
    }
  }

  private static ApiException wrong(String what, JacksonException e) {
    return new ApiException(ApiError.BAD_REQUEST, what, problem(e), "");
  }

  /** What is wrong with a text or document, and where, in words that name nothing of Java's. */
  public static String problem(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          where(unknown)
              + "nobody knows the key '%s'; there are %s"
                  .formatted(unknown.getPropertyName(), known(unknown));
      case MismatchedInputException wrong when wrong.getTargetType() != null ->
          where(wrong) + "it should be " + wanted(wrong.getTargetType()) + not(wrong);
      case ValueInstantiationException refused -> where(refused) + refusal(refused);
      case DatabindException bound -> where(bound) + firstLine(bound);
      default -> firstLine(e) + at(e);
    };
  }

  private static TreeSet<String> known(UnrecognizedPropertyException e) {
    TreeSet<String> known = new TreeSet<>();
    e.getKnownPropertyIds().forEach(each -> known.add(String.valueOf(each)));
    return known;
  }

  /** A record refused what it was to be made of. */
  private static String refusal(ValueInstantiationException e) {
    return e.getCause() instanceof IllegalArgumentException told && told.getMessage() != null
        ? told.getMessage()
        : "something of it is null, and must not be";
  }

  private static String not(MismatchedInputException e) {
    if (!(e instanceof InvalidFormatException wrong) || wrong.getValue() == null) {
      return "";
    }
    String value = String.valueOf(wrong.getValue());
    boolean longer = value.length() > VALUE_CHARS_MAX;
    return ", not '" + (longer ? value.substring(0, VALUE_CHARS_MAX) + "..." : value) + "'";
  }

  private static String wanted(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number that is not too large";
    }
    if (type.isEnum()) {
      TreeSet<String> words = new TreeSet<>();
      for (Object each : type.getEnumConstants()) {
        words.add(STRICT.valueToTree(each).asString());
      }
      return "one of " + words;
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }

  private static String firstLine(JacksonException e) {
    String message = e.getOriginalMessage() == null ? "malformed" : e.getOriginalMessage();
    return message.lines().findFirst().orElse("malformed");
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? ""
        : ", at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Where inside a document something is wrong, such as {@code 'slots[0].qos': }; or nothing. */
  public static String where(DatabindException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference each : e.getPath()) {
      if (each.getPropertyName() == null) {
        path.append('[').append(each.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(each.getPropertyName());
      }
    }
    return path.isEmpty() ? "" : "'" + path + "': ";
  }
}
