package farslot.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Units {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
  private static final int KIBI = 1024;
  private static final int KILO = 1000;
  private static final long NS_PER_US = 1000;
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_S = 1_000_000_000;

  private Units() {}

  /** How large something is: {@code 10 GiB}, {@code 1.5 TiB}; a dash for what has no size. */
  public static String size(long bytes) {
    if (bytes <= 0) {
      return "-";
    }
    double value = bytes;
    int unit = 0;
    while (value >= KIBI && unit < BINARY.length - 1) {
      value /= KIBI;
      unit++;
    }
    return number(value) + " " + BINARY[unit];
  }

  /** How many a second: {@code 1.25 GB/s}. */
  public static String bytesPerSecond(double bytes) {
    return prefixed(bytes, "B/s");
  }

  /** How many of something: {@code 36.4 k}, {@code 12}. */
  public static String count(double many) {
    return prefixed(many, "").stripTrailing();
  }

  private static String prefixed(double amount, String of) {
    double value = amount;
    int unit = 0;
    // 999.95 would be shown as 1000 of the smaller unit.
    while (value >= KILO - 0.05 && unit < DECIMAL.length - 1) {
      value /= KILO;
      unit++;
    }
    return number(value) + " " + DECIMAL[unit] + of;
  }

  /** Three digits at most where there is a fraction. */
  private static String number(double value) {
    if (value == Math.rint(value) || value >= 99.95) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
  }

  /** How long something took: {@code 31 us}, {@code 2.4 ms}, {@code 1.2 s}; a dash for nothing. */
  public static String latency(long ns) {
    if (ns <= 0) {
      return "-";
    }
    if (ns < NS_PER_US) {
      return ns + " ns";
    }
    if (ns < NS_PER_MS) {
      return number((double) ns / NS_PER_US) + " us";
    }
    return ns < NS_PER_S
        ? number((double) ns / NS_PER_MS) + " ms"
        : number((double) ns / NS_PER_S) + " s";
  }

  /** How long ago, or for how long: {@code 5s}, {@code 3m}, {@code 2h10m}, {@code 12d}. */
  public static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 48 * 3600) {
      long minutes = seconds / 60 % 60;
      return seconds / 3600 + "h" + (minutes == 0 ? "" : minutes + "m");
    }
    return seconds / 86_400 + "d";
  }
}
