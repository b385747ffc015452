package farslot.config;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.link.Qos;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a function may carry, as a person writes it:
 *
 * <pre>
 * qos: {committed: 100MB/s, peak: 2.5Gbit/s, burst: 256KiB, class: 3}
 * </pre>
 *
 * Every key may be missing. Rates are in bytes a second, or in bits where the unit says so; k, M, G
 * are powers of 1000, Ki, Mi, Gi of 1024.
 */
public final class QosConfig {
  private static final String KEY = "qos";
  private static final Pattern RATE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([kmg]i?)?(b|bit)?(?:/s|ps)?");
  private static final Map<String, Long> FACTORS =
      Map.of(
          "k",
          1_000L,
          "m",
          1_000_000L,
          "g",
          1_000_000_000L,
          "ki",
          1L << 10,
          "mi",
          1L << 20,
          "gi",
          1L << 30);
  private static final BigDecimal BITS = BigDecimal.valueOf(8);

  private QosConfig() {}

  /** What stands under {@code qos}; {@link Qos#NONE} when nothing does. */
  public static Qos read(CardConfig config) throws CardConfigException {
    if (!config.has(KEY)) {
      return Qos.NONE;
    }
    CardConfig qos = config.section(KEY);
    long committed = rate(qos, "committed");
    long peak = rate(qos, "peak");
    long burst = qos.size("burst", 0);
    int trafficClass = (int) qos.number("class", 0, 0, Qos.CLASS_MAX);
    qos.finish();
    try {
      return new Qos(committed, peak, burst, trafficClass);
    } catch (IllegalArgumentException e) {
      throw new CardConfigException(qos.where() + ": " + e.getMessage());
    }
  }

  private static long rate(CardConfig config, String key) throws CardConfigException {
    if (!config.has(key)) {
      return 0;
    }
    Matcher matcher = RATE.matcher(config.string(key).trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw config.wrong(key, "a rate such as 100MB/s, 64MiB/s or 2.5Gbit/s");
    }
    BigDecimal rate = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      rate = rate.multiply(BigDecimal.valueOf(FACTORS.get(matcher.group(2))));
    }
    if ("bit".equals(matcher.group(3))) {
      rate = rate.divide(BITS);
    }
    return rate.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }
}
