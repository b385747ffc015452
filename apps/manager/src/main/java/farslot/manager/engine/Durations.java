package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 500ms}, {@code 30s}, {@code 2m}. */
final class Durations {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|)");

  private Durations() {}

  /**
   * Reads one.
   *
   * @param key for the message
   * @param most what is more is as much
   * @return zero for ""
   */
  static Duration read(String key, String text, Duration most) throws ApiException {
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "the request is refused",
          "'%s' should be a time such as 30s, not '%s'".formatted(key, text),
          "");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration read =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofSeconds(number);
        };
    return read.compareTo(most) > 0 ? most : read;
  }

  /** For people. */
  static String words(long ms) {
    return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
  }
}
