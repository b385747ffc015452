package farslot.function.state;

import static farslot.function.state.StateFormat.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Collects a state, part by part. What does not fit (a number, a name, the whole) is a mistake of
 * the card's, and an exception.
 */
public final class StateWriter {
  private static final int BYTES_FIRST = 4096;

  private final Set<String> names = new HashSet<>();
  private byte[] bytes = new byte[BYTES_FIRST];
  private MemorySegment segment = MemorySegment.ofArray(bytes);
  private int end = HEADER_BYTES;

  /** Where the part begins that is being written; 0 before the first. */
  private int partAt;

  /** An empty one. */
  public StateWriter() {
    MemorySegment.copy(MAGIC, 0, segment, ValueLayout.JAVA_BYTE, 0, MAGIC.length);
    segment.set(U16, VERSION_AT, (short) VERSION);
  }

  /**
   * Begins a part; what follows belongs to it.
   *
   * @param name 1 to 32 lower-case letters, digits, '-' and '.'; a card's parts begin with its own
   *     name, as {@code nvme.queues}
   * @param version of its layout, from 1 on
   */
  public StateWriter part(String name, int version) {
    if (!isName(name) || version < 1 || version > 0xFFFF) {
      throw new IllegalArgumentException("no part can be called '" + name + "' " + version);
    }
    if (!names.add(name) || names.size() > PARTS_MAX) {
      throw new IllegalArgumentException("a part too many: " + name);
    }
    closePart();
    partAt = end;
    int at = room(PART_HEADER_BYTES + name.length());
    segment.set(ValueLayout.JAVA_BYTE, at + NAME_BYTES_AT, (byte) name.length());
    segment.set(U16, at + PART_VERSION_AT, (short) version);
    for (int i = 0; i < name.length(); i++) {
      bytes[at + PART_HEADER_BYTES + i] = (byte) name.charAt(i);
    }
    return this;
  }

  private void closePart() {
    if (partAt > 0) {
      int head = PART_HEADER_BYTES + bytes[partAt + NAME_BYTES_AT];
      segment.set(U32, partAt + CONTENT_BYTES_AT, end - partAt - head);
    }
  }

  /** One byte: 0 or 1. */
  public StateWriter flag(boolean on) {
    return u8(on ? 1 : 0);
  }

  /** One byte: 0 to 255. */
  public StateWriter u8(int value) {
    require((value & ~0xFF) == 0, value);
    int at = roomInPart(1);
    segment.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    return this;
  }

  /** Two bytes: 0 to 65535. */
  public StateWriter u16(int value) {
    require((value & ~0xFFFF) == 0, value);
    int at = roomInPart(2);
    segment.set(U16, at, (short) value);
    return this;
  }

  /** Four bytes, any. */
  public StateWriter i32(int value) {
    int at = roomInPart(4);
    segment.set(U32, at, value);
    return this;
  }

  /** Eight bytes, any. */
  public StateWriter i64(long value) {
    int at = roomInPart(8);
    segment.set(I64, at, value);
    return this;
  }

  /** Bytes as they are; how many there are, who reads them knows. */
  public StateWriter bytes(MemorySegment from, long offset, int count) {
    int at = roomInPart(count);
    MemorySegment.copy(from, offset, segment, at, count);
    return this;
  }

  /** Printable ASCII, at most 255 characters. */
  public StateWriter text(String text) {
    u8(text.length());
    for (int i = 0; i < text.length(); i++) {
      u8(text.charAt(i) & 0x7F);
    }
    return this;
  }

  /**
   * All of a memory of which much may be zero: blocks of 4 KiB that are take no room. Runs of
   * others go as the number of the first block, their count and their bytes; a count of 0 ends it.
   */
  public StateWriter memory(MemorySegment from) {
    long blocks = (from.byteSize() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    long block = 0;
    while (block < blocks) {
      long first = block;
      while (block < blocks && !isZero(from, block)) {
        block++;
      }
      if (block > first) {
        long at = first * BLOCK_BYTES;
        i32((int) first).i32((int) (block - first));
        bytes(from, at, (int) (Math.min(from.byteSize(), block * BLOCK_BYTES) - at));
      } else {
        block++;
      }
    }
    return i32(0).i32(0);
  }

  private static boolean isZero(MemorySegment from, long block) {
    long end = Math.min(from.byteSize(), (block + 1) * BLOCK_BYTES);
    for (long at = block * BLOCK_BYTES; at < end; at++) {
      if (from.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** All of it, as {@link StateReader} takes it. Nothing can be added after. */
  public byte[] toBytes() {
    closePart();
    partAt = 0;
    int crcAt = room(CRC_BYTES);
    segment.set(U16, COUNT_AT, (short) names.size());
    segment.set(U32, BYTES_AT, end);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, crcAt);
    segment.set(U32, crcAt, (int) crc.getValue());
    return Arrays.copyOf(bytes, end);
  }

  private int roomInPart(int count) {
    if (partAt == 0) {
      throw new IllegalStateException("nothing is written outside a part");
    }
    return room(count);
  }

  private int room(int count) {
    if (count > BYTES_MAX - end) {
      throw new IllegalStateException("a state of more than " + BYTES_MAX + " bytes");
    }
    if (end + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(BYTES_MAX, Math.max(end + count, 2 * bytes.length)));
      segment = MemorySegment.ofArray(bytes);
    }
    int at = end;
    end += count;
    return at;
  }

  private static void require(boolean fits, long value) {
    if (!fits) {
      throw new IllegalArgumentException("a field of a state has no room for " + value);
    }
  }
}
