package farslot.function.faults;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 250us}, {@code 10ms}, {@code 5s}, {@code 2min}. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12}) *(ns|us|ms|s|min)");

  private Durations() {}

  /** Nanoseconds, 1 to {@code maxNs}; or {@code otherwise} when nothing is said. */
  static long of(CardConfig config, String key, long otherwise, long maxNs)
      throws CardConfigException {
    if (!config.has(key)) {
      return otherwise;
    }
    Matcher match = FORM.matcher(config.string(key).trim().toLowerCase(Locale.ROOT));
    if (match.matches()) {
      long unit =
          switch (match.group(2)) {
            case "ns" -> 1;
            case "us" -> 1000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            default -> 60_000_000_000L;
          };
      long amount = Long.parseLong(match.group(1));
      if (amount > 0 && amount <= maxNs / unit) {
        return amount * unit;
      }
    }
    throw config.wrong(key, "a time up to " + maxNs / 1_000_000_000 + "s such as 250us or 10ms");
  }
}
