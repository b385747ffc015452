package farslot.manager.profiles;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sizes and rates as people write them, where documents have numbers of bytes. */
final class Units {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?(B|[kKMGT]B|[KMGT]iB)(/s)?");

  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("B", 1L),
          Map.entry("kB", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40));

  private Units() {}

  /** Makes numbers of what is written with a unit under keys that count bytes. */
  static void toBytes(JsonNode tree) {
    switch (tree) {
      case ArrayNode list -> list.forEach(Units::toBytes);
      case ObjectNode object -> {
        for (Map.Entry<String, JsonNode> each : object.properties()) {
          String key = each.getKey();
          if (each.getValue().isString() && key.matches("(.*-)?bytes(-.*)?")) {
            bytes(each.getValue().stringValue(), key.endsWith("-per-second"))
                .ifPresent(number -> object.put(key, number));
          } else {
            toBytes(each.getValue());
          }
        }
      }
      default -> {}
    }
  }

  private static Optional<Long> bytes(String text, boolean rate) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches() || (matcher.group(3) != null && !rate)) {
      return Optional.empty();
    }
    BigDecimal unit = BigDecimal.valueOf(BYTES.get(matcher.group(2)));
    try {
      return Optional.of(new BigDecimal(matcher.group(1)).multiply(unit).longValueExact());
    } catch (ArithmeticException e) {
      // A part of a byte, or more than there are: the document's check says that it is no number.
      return Optional.empty();
    }
  }
}
