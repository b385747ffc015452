package farslot.cards.nic82599.bridge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.regex.Pattern;

/** Ethernet addresses as numbers of 48 bits, the byte that is sent first the most significant. */
public final class Mac {
  /** Everybody. */
  public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

  private static final long GROUP_BIT = 1L << 40;
  private static final long LOCAL_BIT = 1L << 41;
  private static final Pattern SHAPE = Pattern.compile("(\\p{XDigit}{2}:){5}\\p{XDigit}{2}");
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Mac() {}

  /** The six bytes at a place of a frame. */
  public static long read(MemorySegment frame, long at) {
    return (frame.get(U16, at) & 0xFFFFL) << 32 | frame.get(U32, at + 2) & 0xFFFF_FFFFL;
  }

  /** Puts one into a frame. */
  public static void write(MemorySegment frame, long at, long mac) {
    frame.set(U16, at, (short) (mac >>> 32));
    frame.set(U32, at + 2, (int) mac);
  }

  /** Whether it stands for many stations: multicast or broadcast. */
  public static boolean isGroup(long mac) {
    return (mac & GROUP_BIT) != 0;
  }

  /** Whether a station may have it: no group, not zero. */
  public static boolean isStation(long mac) {
    return mac != 0 && mac >>> 48 == 0 && !isGroup(mac);
  }

  /** A station's address made of any number: locally administered, as private ones are. */
  public static long local(long any) {
    return any & BROADCAST & ~GROUP_BIT | LOCAL_BIT;
  }

  /** Whether a text is written as one: {@code aa:bb:cc:dd:ee:ff}. */
  public static boolean isOne(String text) {
    return SHAPE.matcher(text).matches();
  }

  /** Reads {@code aa:bb:cc:dd:ee:ff}, which {@link #isOne}. */
  public static long parse(String text) {
    return Long.parseLong(text.replace(":", ""), 16);
  }

  /** {@code aa:bb:cc:dd:ee:ff}. */
  public static String text(long mac) {
    return String.format(Locale.ROOT, "%012x", mac).replaceAll("..(?!$)", "$0:");
  }
}
