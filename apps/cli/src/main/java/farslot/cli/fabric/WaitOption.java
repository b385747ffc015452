package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether a command waits until what it began has come to its end. */
public final class WaitOption {
  private static final Duration MAX = Duration.ofMinutes(10);

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until it is done (default), or begin it and return.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to wait: 500ms, 30s, 2min (default ${DEFAULT-VALUE}, at most 10min).")
  private String timeout;

  boolean waits() {
    return wait;
  }

  /** How long at most. */
  Duration timeout() throws ApiException {
    return duration("--timeout", timeout, MAX);
  }

  /** A time such as {@code 30s}. */
  static Duration duration(String option, String text, Duration most) throws ApiException {
    if (text.matches("[0-9]{1,9}(ms|s|min|m)")) {
      String unit = text.replaceAll("[0-9]", "");
      long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
      Duration duration =
          switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
          };
      if (duration.isPositive() && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    throw new ApiException(
        ApiError.BAD_REQUEST,
        "%s should be a time such as 500ms, 30s or 2min, at most %dmin"
            .formatted(option, most.toMinutes()),
        "it is '" + text + "'",
        "");
  }
}
