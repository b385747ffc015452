package farslot.cards.uart16550;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Characters that software has written and that have not gone yet. */
final class TransmitterFifo {
  private final byte[] values = new byte[UartSpec.FIFO_BYTES];
  private int first;
  private int count;

  int count() {
    return count;
  }

  /** Puts a character behind the others; there must be room. */
  void add(int value) {
    assert count < UartSpec.FIFO_BYTES;
    values[(first + count) % UartSpec.FIFO_BYTES] = (byte) value;
    count++;
  }

  /** The last one becomes another: what was written where there was no room. */
  void replaceLast(int value) {
    values[(first + count - 1) % UartSpec.FIFO_BYTES] = (byte) value;
  }

  /** Copies all of them, oldest first; they stay. */
  void copyTo(MemorySegment to) {
    for (int i = 0; i < count; i++) {
      to.set(ValueLayout.JAVA_BYTE, i, values[(first + i) % UartSpec.FIFO_BYTES]);
    }
  }

  /** Takes the first one, which must be there. */
  int take() {
    assert count > 0;
    int value = values[first] & 0xFF;
    first = (first + 1) % UartSpec.FIFO_BYTES;
    count--;
    return value;
  }

  /** Takes that many of the first. */
  void drop(int bytes) {
    assert bytes <= count;
    first = (first + bytes) % UartSpec.FIFO_BYTES;
    count -= bytes;
  }

  void clear() {
    first = 0;
    count = 0;
  }
}
