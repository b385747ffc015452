package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.cli.output.Near;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Kinds of thing that a manager knows, as people call them, and as its API does. */
enum Kind {
  APPLIANCE("appliances", "name"),
  FUNCTION("functions", "function", "fn"),
  SERVER("servers", "name"),
  GUEST("guests", "guest"),
  ASSIGNMENT("assignments", "function"),
  PROFILE("profiles", "name"),
  POOL("pools", "name"),
  TEMPLATE("templates", "name"),
  IDENTITIES("identities", "name"),
  EVENT("events", "revision"),
  MEMBER("members", "name", "user", "users");

  private final String plural;
  private final String nameKey;
  private final List<String> aliases;

  Kind(String plural, String nameKey, String... aliases) {
    this.plural = plural;
    this.nameKey = nameKey;
    this.aliases = List.of(aliases);
  }

  /** {@code functions}. */
  String plural() {
    return plural;
  }

  /** {@code function}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where all of them are. */
  String path() {
    return "/api/v1/" + plural;
  }

  /** Where one is. */
  String path(String name) {
    return path() + "/" + name;
  }

  /** What one is called. */
  String nameOf(JsonNode item) {
    return item.path(nameKey).asString("");
  }

  /** Whether its names have two parts. */
  boolean isNested() {
    return this == FUNCTION || this == GUEST || this == ASSIGNMENT;
  }

  /** The kind that somebody means, by its word in singular or plural. */
  static Kind of(String word) throws ApiException {
    String lower = word.toLowerCase(Locale.ROOT);
    for (Kind kind : values()) {
      if (kind.word().equals(lower) || kind.plural.equals(lower) || kind.aliases.contains(lower)) {
        return kind;
      }
    }
    List<String> all = new ArrayList<>();
    for (Kind kind : values()) {
      all.add(kind.word());
      all.add(kind.plural);
    }
    throw new ApiException(
        ApiError.BAD_REQUEST,
        "there is no kind '" + word + "'",
        "kinds are " + words(),
        "farslot get " + Near.to(word, all).orElse("function"));
  }

  /** All of them. */
  static String words() {
    return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
  }
}
