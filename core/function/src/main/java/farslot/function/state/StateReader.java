package farslot.function.state;

import static farslot.function.state.StateFormat.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Reads a state that a {@link StateWriter} has made, or anything else: every length, name and
 * version is checked, and what is wrong is a {@link StateException} that says so. Nothing is
 * allocated by a length that stands in the bytes.
 */
public final class StateReader {
  private record Part(int version, int from, int end) {}

  private final MemorySegment segment;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private String name = "";
  private int at;
  private int end;

  private StateReader(byte[] bytes) {
    segment = MemorySegment.ofArray(bytes);
  }

  /**
   * Checks the outside of a state.
   *
   * @throws StateException when it is none, is damaged, or of a newer format
   */
  public static StateReader of(byte[] bytes) throws StateException {
    StateReader reader = new StateReader(bytes);
    reader.check(bytes);
    reader.findParts(bytes.length - CRC_BYTES);
    return reader;
  }

  private void check(byte[] bytes) throws StateException {
    if (bytes.length < HEADER_BYTES + CRC_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new StateException("this is no saved state of a function");
    }
    int version = segment.get(U16, VERSION_AT) & 0xFFFF;
    if (version != VERSION) {
      throw new StateException(
          "the state has format " + version + ", and format " + VERSION + " is known here");
    }
    long length = segment.get(U32, BYTES_AT) & 0xFFFF_FFFFL;
    if (length != bytes.length || length > BYTES_MAX) {
      throw new StateException(
          "the state should have " + length + " bytes, and " + bytes.length + " are here");
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CRC_BYTES);
    if ((int) crc.getValue() != segment.get(U32, bytes.length - CRC_BYTES)) {
      throw new StateException("the state is damaged: its checksum is another");
    }
  }

  private void findParts(int partsEnd) throws StateException {
    int count = segment.get(U16, COUNT_AT) & 0xFFFF;
    int from = HEADER_BYTES;
    for (int i = 0; i < count && count <= PARTS_MAX; i++) {
      from = findPart(from, partsEnd);
    }
    if (from != partsEnd || count > PARTS_MAX) {
      throw new StateException("the state is damaged: it should have " + count + " parts");
    }
  }

  private int findPart(int from, int partsEnd) throws StateException {
    if (partsEnd - from < PART_HEADER_BYTES) {
      throw new StateException("the state is damaged: it ends inside a part");
    }
    int nameBytes = segment.get(ValueLayout.JAVA_BYTE, from + NAME_BYTES_AT) & 0xFF;
    int version = segment.get(U16, from + PART_VERSION_AT) & 0xFFFF;
    long content = segment.get(U32, from + CONTENT_BYTES_AT) & 0xFFFF_FFFFL;
    if (nameBytes + content > partsEnd - from - PART_HEADER_BYTES) {
      throw new StateException("the state is damaged: it ends inside a part");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < nameBytes; i++) {
      text.append((char) (segment.get(ValueLayout.JAVA_BYTE, from + PART_HEADER_BYTES + i) & 0xFF));
    }
    int contentAt = from + PART_HEADER_BYTES + nameBytes;
    Part part = new Part(version, contentAt, contentAt + (int) content);
    if (!isName(text.toString()) || version == 0 || parts.put(text.toString(), part) != null) {
      throw new StateException("the state is damaged: a part's name is no name, or twice there");
    }
    return part.end;
  }

  /** Whether there is such a part that has not been read. */
  public boolean has(String partName) {
    return parts.containsKey(partName);
  }

  /**
   * Goes to a part, after all of the one before has been read. Each is read once, in any order.
   *
   * @param versionMax newest version that the caller knows
   * @return its version, 1 to {@code versionMax}
   */
  public int part(String partName, int versionMax) throws StateException {
    finishPart();
    Part part = parts.remove(partName);
    if (part == null) {
      throw new StateException("the state has no part '" + partName + "'");
    }
    if (part.version > versionMax) {
      throw new StateException(
          String.format(
              "the state's part '%s' has version %d, and %d is the newest known here: it was saved"
                  + " by a newer Farslot",
              partName, part.version, versionMax));
    }
    name = partName;
    at = part.from;
    end = part.end;
    return part.version;
  }

  /** One byte: 0 or 1. */
  public boolean flag() throws StateException {
    return number("a flag", u8(), 0, 1) != 0;
  }

  /** One byte: 0 to 255. */
  public int u8() throws StateException {
    return segment.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFF;
  }

  /** Two bytes: 0 to 65535. */
  public int u16() throws StateException {
    return segment.get(U16, take(2)) & 0xFFFF;
  }

  /** Four bytes, any. */
  public int i32() throws StateException {
    return segment.get(U32, take(4));
  }

  /** Eight bytes, any. */
  public long i64() throws StateException {
    return segment.get(I64, take(8));
  }

  /** Two bytes that count something, at most {@code max}. */
  public int u16(String what, int min, int max) throws StateException {
    return (int) number(what, u16(), min, max);
  }

  /** Four bytes that count something. */
  public int i32(String what, int min, int max) throws StateException {
    return (int) number(what, i32(), min, max);
  }

  /** Eight bytes that count something. */
  public long i64(String what, long min, long max) throws StateException {
    return number(what, i64(), min, max);
  }

  private long number(String what, long value, long min, long max) throws StateException {
    require(value >= min && value <= max, what + " is " + value + ", not " + min + " to " + max);
    return value;
  }

  /** Bytes as they are. */
  public void bytes(MemorySegment to, long offset, int count) throws StateException {
    MemorySegment.copy(segment, take(count), to, offset, count);
  }

  /** What {@link StateWriter#text} has written. */
  public String text() throws StateException {
    int length = u8();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c = u8();
      require(c >= ' ' && c < 0x7F, "a text is not printable");
      text.append((char) c);
    }
    return text.toString();
  }

  /** Fills all of a memory as {@link StateWriter#memory} has found it. */
  public void memory(MemorySegment to) throws StateException {
    to.fill((byte) 0);
    long blocks = (to.byteSize() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    long next = 0;
    while (true) {
      long first = i32() & 0xFFFF_FFFFL;
      long count = i32() & 0xFFFF_FFFFL;
      if (count == 0) {
        return;
      }
      require(first >= next && first + count <= blocks, "memory goes beyond its end");
      next = first + count;
      long from = first * BLOCK_BYTES;
      bytes(to, from, (int) (Math.min(to.byteSize(), next * BLOCK_BYTES) - from));
    }
  }

  /**
   * Refuses what cannot be.
   *
   * @param otherwise what is wrong then, to be put behind the part's name
   */
  public void require(boolean holds, String otherwise) throws StateException {
    if (!holds) {
      throw new StateException("the state's part '" + name + "': " + otherwise);
    }
  }

  /** All parts have been read, and all of each: nothing is silently left out. */
  public void finish() throws StateException {
    finishPart();
    if (!parts.isEmpty()) {
      throw new StateException(
          "the state has parts that nothing here knows: " + new TreeSet<>(parts.keySet()));
    }
  }

  private void finishPart() throws StateException {
    require(at == end, end - at + " bytes are left over");
  }

  private int take(int count) throws StateException {
    require(count >= 0 && count <= end - at, "it ends " + (count - (end - at)) + " bytes early");
    int from = at;
    at += count;
    return from;
  }
}
