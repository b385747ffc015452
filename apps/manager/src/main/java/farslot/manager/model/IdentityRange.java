package farslot.manager.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identities that can be counted: MAC addresses, or texts that end in digits, such as {@code
 * FS-0001}.
 *
 * @param prefix what all of them begin with; "" for MAC addresses
 * @param digits how many there are behind it; 0 for MAC addresses
 * @param first the number of the first
 * @param last the number of the last
 */
public record IdentityRange(String prefix, int digits, long first, long last) {
  private static final Pattern MAC = Pattern.compile("(?:[0-9a-f]{2}:){5}[0-9a-f]{2}");
  private static final Pattern COUNTED = Pattern.compile("(.*?)(\\d{1,18})");
  private static final long GROUP = 1L << 40;

  /** The range between two; none if they are not of one kind, or in the wrong order. */
  public static Optional<IdentityRange> between(String from, String to) {
    Optional<IdentityRange> low = one(from);
    Optional<IdentityRange> high = one(to);
    if (low.isEmpty()
        || high.isEmpty()
        || !low.get().alike(high.get())
        || high.get().first() < low.get().first()) {
      return Optional.empty();
    }
    return Optional.of(
        new IdentityRange(
            low.get().prefix(), low.get().digits(), low.get().first(), high.get().first()));
  }

  /** The range that is one identity. */
  public static Optional<IdentityRange> one(String text) {
    String mac = text == null ? "" : text.toLowerCase(Locale.ROOT);
    if (isMac(mac)) {
      long number = Long.parseLong(mac.replace(":", ""), 16);
      return Optional.of(new IdentityRange("", 0, number, number));
    }
    Matcher counted = COUNTED.matcher(text == null ? "" : text);
    if (!counted.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(counted.group(2));
    return Optional.of(
        new IdentityRange(counted.group(1), counted.group(2).length(), number, number));
  }

  /** Whether it is a MAC address, in small letters. */
  static boolean isMac(String text) {
    return MAC.matcher(text).matches();
  }

  /** Whether it stands for a group of stations, which no station can be called. */
  static boolean isGroup(String mac) {
    return Integer.parseInt(mac.substring(0, 2), 16) % 2 != 0;
  }

  private boolean alike(IdentityRange other) {
    return prefix.equals(other.prefix) && digits == other.digits;
  }

  /** Whether none of them is a MAC address of a group. */
  boolean isOfStations() {
    return digits > 0 || (first / GROUP == last / GROUP && first / GROUP % 2 == 0);
  }

  /** Whether some identity belongs to both. */
  public boolean overlaps(IdentityRange other) {
    return alike(other) && first <= other.last && other.first <= last;
  }

  /** Whether a number of this range is the other's identity. */
  public boolean contains(String identity) {
    return one(identity).filter(this::overlaps).isPresent();
  }

  /** The identity that has a number. */
  public String text(long number) {
    if (digits > 0) {
      return prefix + ("%0" + digits + "d").formatted(number);
    }
    String hex = "%012x".formatted(number);
    return hex.replaceAll("(..)(?!$)", "$1:");
  }
}
