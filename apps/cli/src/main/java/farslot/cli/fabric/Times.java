package farslot.cli.fabric;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Points in time, as people read them where they are. */
final class Times {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  private Times() {}

  /** A time in milliseconds since 1970; "" for 0. */
  static String at(long ms) {
    return ms <= 0 ? "" : AT.format(Instant.ofEpochMilli(ms));
  }
}
