package farslot.manager.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Collects what is wrong with a document, so that a person hears of all of it at once. */
final class Check {
  /** Names become parts of keys, file names and command lines. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Pattern FUNCTION = Pattern.compile("([^/]+)/([^/]+)");
  private static final int TEXT_CHARS_MAX = 1024;
  private static final int ENTRIES_MAX = 256;

  private final List<String> problems = new ArrayList<>();

  List<String> problems() {
    return List.copyOf(problems);
  }

  Check that(boolean right, String problem) {
    if (!right) {
      problems.add(problem);
    }
    return this;
  }

  static boolean isName(String text) {
    return text != null && NAME.matcher(text).matches();
  }

  Check name(String key, String text) {
    return that(
        isName(text),
        "'%s' should be 1 to 64 letters, digits, dots, dashes or underscores, not '%s'"
            .formatted(key, text));
  }

  Check nameOrNone(String key, String text) {
    return text.isEmpty() ? this : name(key, text);
  }

  /** A server's name, or that, a slash, and a guest's. */
  Check server(String key, String text) {
    String[] parts = (text == null ? "" : text).split("/", -1);
    return that(
        parts.length <= 2 && isName(parts[0]) && isName(parts[parts.length - 1]),
        "'%s' should be SERVER or SERVER/GUEST, not '%s'".formatted(key, text));
  }

  /** A station's address, in small letters. */
  Check mac(String key, String text) {
    return that(
        text != null && IdentityRange.isMac(text) && !IdentityRange.isGroup(text),
        "'%s' should be a station's address such as 02:00:00:00:00:01, its first byte even, not '%s'"
            .formatted(key, text));
  }

  /** An appliance's name, a slash, and a function's. */
  Check function(String key, String text) {
    var matcher = FUNCTION.matcher(text == null ? "" : text);
    return that(
        matcher.matches() && isName(matcher.group(1)) && isName(matcher.group(2)),
        "'%s' should be APPLIANCE/FUNCTION, not '%s'".formatted(key, text));
  }

  Check text(String key, String text) {
    return that(
        text != null && text.length() <= TEXT_CHARS_MAX,
        "'%s' should be a text of at most %d characters".formatted(key, TEXT_CHARS_MAX));
  }

  Check texts(String key, List<String> texts) {
    return entries(key, texts)
        .that(
            texts.stream().allMatch(each -> !each.isBlank() && each.length() <= TEXT_CHARS_MAX),
            "'%s' should be a list of texts of 1 to %d characters".formatted(key, TEXT_CHARS_MAX));
  }

  Check entries(String key, List<?> entries) {
    return that(
        entries.size() <= ENTRIES_MAX,
        "'%s' has %d entries; at most %d are taken".formatted(key, entries.size(), ENTRIES_MAX));
  }

  Check different(String key, List<String> texts) {
    Set<String> seen = new HashSet<>();
    texts.stream()
        .filter(each -> !seen.add(each))
        .findFirst()
        .ifPresent(twice -> problems.add("'%s' has '%s' twice".formatted(key, twice)));
    return this;
  }

  Check attributes(String key, Map<String, String> attributes) {
    that(
        attributes.size() <= ENTRIES_MAX,
        "'%s' has %d entries; at most %d are taken".formatted(key, attributes.size(), ENTRIES_MAX));
    attributes.forEach((name, value) -> name(key, name).text(key + "." + name, value));
    return this;
  }

  Check atLeast(String key, long number, long least) {
    return that(number >= least, "'%s' should be %d or more, not %d".formatted(key, least, number));
  }

  /** What is wrong with a part, said with where the part is. */
  Check part(String where, List<String> ofPart) {
    ofPart.forEach(each -> problems.add(where + ": " + each));
    return this;
  }
}
