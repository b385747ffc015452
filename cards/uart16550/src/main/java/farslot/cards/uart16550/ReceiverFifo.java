package farslot.cards.uart16550;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * Characters that have come and were not read, each with what was wrong with it (8.5, 8.10), and
 * the errors that LSR shows: a character's from when it is the next to be read (8.4). With FIFOs
 * off it holds one, as the Receiver Buffer Register of a 16450 does.
 */
final class ReceiverFifo {
  private final byte[] values = new byte[UartSpec.FIFO_BYTES];
  private final byte[] faults = new byte[UartSpec.FIFO_BYTES];
  private int first;
  private int count;

  /** How many of those that wait have something wrong that is not shown yet. */
  private int faulty;

  private int errors;
  private int last;

  int count() {
    return count;
  }

  /** Whether LSR shows a damaged character, or will, without a further one. */
  boolean hasFault() {
    return faulty > 0 || (errors & ~UartSpec.LSR_OVERRUN) != 0;
  }

  /** OE, PE, FE and BI, until LSR is read. */
  int errors() {
    return errors;
  }

  void clearErrors() {
    errors = 0;
  }

  /** What was read last: RBR shows it until another comes. */
  int last() {
    return last;
  }

  /** Puts a character behind the others; there must be room. */
  void add(int value, int fault) {
    assert count < UartSpec.FIFO_BYTES;
    int at = (first + count) % UartSpec.FIFO_BYTES;
    values[at] = (byte) value;
    faults[at] = (byte) fault;
    faulty += fault == 0 ? 0 : 1;
    count++;
    show();
  }

  /** There is no room (8.4, bit 1): with FIFOs the new one is lost, without them the old one. */
  void overrun(int value, int fault, boolean replaces) {
    errors |= UartSpec.LSR_OVERRUN;
    if (replaces) {
      drop();
      add(value, fault);
    }
  }

  /** Takes the first one, which must be there. */
  int take() {
    assert count > 0;
    last = values[first] & 0xFF;
    drop();
    show();
    return last;
  }

  private void drop() {
    first = (first + 1) % UartSpec.FIFO_BYTES;
    count--;
  }

  private void show() {
    if (count > 0 && faults[first] != 0) {
      errors |= faults[first];
      faults[first] = 0;
      faulty--;
    }
  }

  void reset() {
    clear();
    errors = 0;
    last = 0;
  }

  void clear() {
    first = 0;
    count = 0;
    faulty = 0;
  }

  void save(StateWriter state) {
    state.u8(errors).u8(last).u8(count);
    for (int i = 0; i < count; i++) {
      int at = (first + i) % UartSpec.FIFO_BYTES;
      state.u8(values[at] & 0xFF).u8(faults[at] & 0xFF);
    }
  }

  void restore(StateReader state, int capacity) throws StateException {
    clear();
    int shown = state.u8() & UartSpec.LSR_ERRORS;
    last = state.u8();
    int saved = state.u8();
    state.require(saved <= capacity, saved + " characters in a receiver of " + capacity);
    for (int i = 0; i < saved; i++) {
      int value = state.u8();
      add(value, state.u8() & UartSpec.LSR_ERRORS);
    }
    errors = shown;
  }
}
