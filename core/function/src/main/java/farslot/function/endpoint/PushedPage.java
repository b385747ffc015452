package farslot.function.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What has been pushed of one page of the server's memory: which bytes are here, and how long. */
final class PushedPage {
  static final int BYTES = 4096;

  private static final int WORDS = BYTES / Long.SIZE;

  /** Byte i of the page lies at {@code at + i}. */
  final MemorySegment memory;

  final long at;

  /** Address of its first byte. */
  long address;

  /** When its first byte came, of those that are here. */
  long bornNs;

  /** Its neighbours in age, and the next one in its bucket, or among those that are free. */
  PushedPage older;

  PushedPage younger;
  PushedPage next;

  /** Bit i stands for byte i of the page. */
  private final long[] present = new long[WORDS];

  private final long[] unsteady = new long[WORDS];
  private int presentBytes;

  PushedPage(MemorySegment memory, long at) {
    this.memory = memory;
    this.at = at;
  }

  boolean isEmpty() {
    return presentBytes == 0;
  }

  int presentBytes() {
    return presentBytes;
  }

  /** The bytes from {@code from} up to {@code to} have come. */
  void add(int from, int to, boolean steady) {
    for (int word = from >>> 6; word <= to - 1 >>> 6; word++) {
      long bits = bits(word, from, to);
      presentBytes += Long.bitCount(bits & ~present[word]);
      present[word] |= bits;
      unsteady[word] = steady ? unsteady[word] & ~bits : unsteady[word] | bits;
    }
  }

  /** Whether all of these are here. */
  boolean has(int from, int to) {
    for (int word = from >>> 6; word <= to - 1 >>> 6; word++) {
      if ((bits(word, from, to) & ~present[word]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Forgets these, as far as they are here. Returns how many that were. */
  int remove(int from, int to) {
    int before = presentBytes;
    for (int word = from >>> 6; word <= to - 1 >>> 6; word++) {
      long bits = bits(word, from, to);
      presentBytes -= Long.bitCount(bits & present[word]);
      present[word] &= ~bits;
      unsteady[word] &= ~bits;
    }
    return before - presentBytes;
  }

  /** Forgets those that are not steady. Returns how many that were. */
  int removeUnsteady() {
    int before = presentBytes;
    for (int word = 0; word < WORDS; word++) {
      presentBytes -= Long.bitCount(unsteady[word]);
      present[word] &= ~unsteady[word];
      unsteady[word] = 0;
    }
    return before - presentBytes;
  }

  /** Forgets all. Returns how many that were. */
  int clear() {
    int before = presentBytes;
    presentBytes = 0;
    Arrays.fill(present, 0);
    Arrays.fill(unsteady, 0);
    return before;
  }

  /** Those of a word's 64 bytes that lie in a range. */
  private static long bits(int word, int from, int to) {
    int first = Math.max(from - (word << 6), 0);
    int end = Math.min(to - (word << 6), Long.SIZE);
    return -1L << first & -1L >>> Long.SIZE - end;
  }
}
