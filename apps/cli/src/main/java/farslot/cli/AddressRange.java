package farslot.cli;

import farslot.capture.TlpFilter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as people write them: {@code fe000000-fe003fff}, hexadecimal, both ends included. */
final class AddressRange {
  private static final Pattern RANGE =
      Pattern.compile("(?:0[xX])?([0-9a-fA-F]{1,16})(?:-(?:0[xX])?([0-9a-fA-F]{1,16}))?");

  private AddressRange() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none, with what it should be
   */
  static TlpFilter.Range parse(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new IllegalArgumentException("LOW or LOW-HIGH in hexadecimal: " + text);
    }
    String high = range.group(2) == null ? range.group(1) : range.group(2);
    return new TlpFilter.Range(
        Long.parseUnsignedLong(range.group(1), 16), Long.parseUnsignedLong(high, 16));
  }
}
