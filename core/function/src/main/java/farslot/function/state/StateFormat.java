package farslot.function.state;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A saved state, all numbers little-endian and packed:
 *
 * <pre>
 * 0   8  "FARSTATE"
 * 8   2  version of this format, 1
 * 10  2  count of parts
 * 12  4  bytes of all of it
 * 16     the parts, one behind the other:
 *        0    1  bytes of the name, 1 to 32
 *        1    2  version of the part
 *        3    4  bytes of its content
 *        7       the name, lower-case ASCII letters, digits, '-' and '.'
 *                the content, as its author lays it out
 * -4  4  CRC-32C of everything before
 * </pre>
 *
 * <p>A part whose layout changes gets a new version; who reads it still knows the older ones.
 */
final class StateFormat {
  static final byte[] MAGIC = {'F', 'A', 'R', 'S', 'T', 'A', 'T', 'E'};
  static final int VERSION = 1;

  static final int VERSION_AT = 8;
  static final int COUNT_AT = 10;
  static final int BYTES_AT = 12;
  static final int HEADER_BYTES = 16;

  // Of a part.
  static final int NAME_BYTES_AT = 0;
  static final int PART_VERSION_AT = 1;
  static final int CONTENT_BYTES_AT = 3;
  static final int PART_HEADER_BYTES = 7;

  static final int CRC_BYTES = 4;

  // Limits.
  static final int NAME_BYTES_MAX = 32;
  static final int PARTS_MAX = 1024;

  /** What a card may hold of the largest memory that there is, 256 MiB, and all else. */
  static final int BYTES_MAX = 272 << 20;

  /** What {@link StateWriter#memory} leaves out, or not, at a time. */
  static final int BLOCK_BYTES = 4096;

  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private StateFormat() {}

  /** Whether a part may be called so. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_BYTES_MAX
        && name.chars()
            .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.');
  }
}
