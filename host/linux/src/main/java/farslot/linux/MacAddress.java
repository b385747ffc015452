package farslot.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.regex.Pattern;

/**
 * The address of an Ethernet station or group.
 *
 * @param bits 48 of them; the byte that is sent first is the most significant
 */
public record MacAddress(long bits) {
  /** Bytes of one. */
  public static final int BYTES = 6;

  private static final Pattern SHAPE = Pattern.compile("(\\p{XDigit}{2}:){5}\\p{XDigit}{2}");
  private static final long GROUP_BIT = 1L << 40;

  public MacAddress {
    if (bits >>> 8 * BYTES != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /** Whether a text looks like one: {@code aa:bb:cc:dd:ee:ff}. */
  public static boolean isOne(String text) {
    return SHAPE.matcher(text).matches();
  }

  /**
   * Reads {@code aa:bb:cc:dd:ee:ff}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static MacAddress parse(String text) {
    if (!isOne(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no MAC address: write six bytes in hex, as in 02:00:5e:10:00:01");
    }
    return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
  }

  /** As it stands in a packet. */
  public static MacAddress read(MemorySegment segment, long at) {
    return new MacAddress(bits(segment, at));
  }

  /** {@link #bits} as they stand in a packet, without an object. */
  public static long bits(MemorySegment segment, long at) {
    long bits = 0;
    for (int i = 0; i < BYTES; i++) {
      bits = bits << 8 | segment.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
    }
    return bits;
  }

  /** Puts it into a packet. */
  public void write(MemorySegment segment, long at) {
    for (int i = 0; i < BYTES; i++) {
      segment.set(ValueLayout.JAVA_BYTE, at + i, (byte) (bits >> 8 * (BYTES - 1 - i)));
    }
  }

  /** Whether it stands for many stations: multicast or broadcast. */
  public boolean isGroup() {
    return (bits & GROUP_BIT) != 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.append(String.format("%02x", bits >> shift & 0xFF)).append(shift > 0 ? ":" : "");
    }
    return text.toString();
  }
}
