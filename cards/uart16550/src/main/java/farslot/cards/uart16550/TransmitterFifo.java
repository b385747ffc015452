package farslot.cards.uart16550;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Characters that software has written and that have not gone yet; the first of them may be in the
 * shift register, where it takes its time.
 */
final class TransmitterFifo {
  private final byte[] values = new byte[UartSpec.FIFO_BYTES];
  private static final int NOTHING = -1;

  private int first;
  private int count;
  private int shift = NOTHING;

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

  /** Moves the first one, which must be there, to the shift register, which must be free. */
  void shift() {
    assert shift == NOTHING;
    shift = take();
  }

  boolean shifting() {
    return shift != NOTHING;
  }

  /** The character in the shift register, which must be there. */
  int shifted() {
    assert shift != NOTHING;
    return shift;
  }

  /** It has gone. */
  void clearShift() {
    shift = NOTHING;
  }

  /** Nothing is left, in the shift register neither. */
  void reset() {
    clear();
    clearShift();
  }

  void clear() {
    first = 0;
    count = 0;
  }

  void save(StateWriter state) {
    state.u8(count);
    for (int i = 0; i < count; i++) {
      state.u8(values[(first + i) % UartSpec.FIFO_BYTES] & 0xFF);
    }
    state.flag(shifting()).u8(Math.max(shift, 0));
  }

  void restore(StateReader state, int capacity) throws StateException {
    clear();
    int saved = state.u8();
    state.require(saved <= capacity, saved + " characters in a transmitter of " + capacity);
    for (int i = 0; i < saved; i++) {
      add(state.u8());
    }
    boolean isShifting = state.flag();
    int character = state.u8();
    shift = isShifting ? character : NOTHING;
  }
}
