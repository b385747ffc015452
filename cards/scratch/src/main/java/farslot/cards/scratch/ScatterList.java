package farslot.cards.scratch;

import static farslot.cards.scratch.ScratchSpec.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A scatter list that the card has read from the server, and how far it has come in it. */
final class ScatterList {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment entries = MemorySegment.ofArray(new byte[LIST_BYTES_MAX]);
  private final int sramBytes;
  private int bytes;
  private int at;
  private boolean loaded;

  ScatterList(int sramBytes) {
    this.sramBytes = sramBytes;
  }

  /** Where the list is to be read to. */
  MemorySegment entries() {
    return entries;
  }

  /**
   * A list is going to be read.
   *
   * @param listBytes a multiple of an entry's, at most {@link ScratchSpec#LIST_BYTES_MAX}
   */
  void begin(int listBytes) {
    bytes = listBytes;
    at = 0;
    loaded = false;
  }

  void clear() {
    bytes = 0;
  }

  /** Whether a list is being worked on. */
  boolean isActive() {
    return bytes > 0;
  }

  /** Goes on to the next entry; false when there is none. */
  boolean next() {
    at += loaded ? LIST_ENTRY_BYTES : 0;
    loaded = true;
    return at < bytes;
  }

  long address() {
    return entries.get(LONG, at);
  }

  int sram() {
    return entries.get(INT, at + LIST_SRAM);
  }

  int length() {
    return entries.get(INT, at + LIST_LENGTH) & ~LIST_TO_SERVER;
  }

  boolean toServer() {
    return (entries.get(INT, at + LIST_LENGTH) & LIST_TO_SERVER) != 0;
  }

  /** Whether the entry names SRAM that is there. */
  boolean isValid() {
    int from = sram();
    return from >= 0 && length() > 0 && length() <= sramBytes - from;
  }
}
