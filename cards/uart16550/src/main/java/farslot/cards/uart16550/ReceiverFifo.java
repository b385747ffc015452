package farslot.cards.uart16550;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * Characters that have come and were not read, each with what was wrong with it (8.5, 8.10). With
 * FIFOs off it holds one, as the Receiver Buffer Register of a 16450 does.
 */
final class ReceiverFifo {
  private final byte[] values = new byte[UartSpec.FIFO_BYTES];
  private final byte[] faults = new byte[UartSpec.FIFO_BYTES];
  private int first;
  private int count;

  /** How many of those that wait have something wrong. */
  private int faulty;

  int count() {
    return count;
  }

  boolean hasFault() {
    return faulty > 0;
  }

  /** Puts a character behind the others; there must be room. */
  void add(int value, int fault) {
    assert count < UartSpec.FIFO_BYTES;
    int at = (first + count) % UartSpec.FIFO_BYTES;
    values[at] = (byte) value;
    faults[at] = (byte) fault;
    faulty += fault == 0 ? 0 : 1;
    count++;
  }

  /** Takes the first one, which must be there. */
  int take() {
    assert count > 0;
    takeFault();
    int value = values[first] & 0xFF;
    first = (first + 1) % UartSpec.FIFO_BYTES;
    count--;
    return value;
  }

  /** What is wrong with the first one, told once; 0 when there is none. */
  int takeFault() {
    if (count == 0 || faults[first] == 0) {
      return 0;
    }
    int fault = faults[first];
    faults[first] = 0;
    faulty--;
    return fault;
  }

  void clear() {
    first = 0;
    count = 0;
    faulty = 0;
  }

  void save(StateWriter state) {
    state.u8(count);
    for (int i = 0; i < count; i++) {
      int at = (first + i) % UartSpec.FIFO_BYTES;
      state.u8(values[at] & 0xFF).u8(faults[at] & 0xFF);
    }
  }

  void restore(StateReader state, int capacity) throws StateException {
    clear();
    int saved = state.u8();
    state.require(saved <= capacity, saved + " characters in a receiver of " + capacity);
    for (int i = 0; i < saved; i++) {
      int value = state.u8();
      add(value, state.u8() & UartSpec.LSR_ERRORS);
    }
  }
}
