package farslot.cards.nic82599.guide;

import farslot.cards.nic82599.spec.TxDescriptor;
import farslot.cards.nic82599.spec.VfRegister;

/** A queue's ring as its driver has told the card of it; receive and transmit alike. */
final class GuidedRing {
  private static final int COUNT_MASK = 0xFFFF;

  private long base;
  private int size;
  private int head;
  private int tail;
  private boolean on;

  void reset() {
    base = 0;
    size = 0;
    head = 0;
    tail = 0;
    on = false;
  }

  void baseLow(int value) {
    base = base & ~0xFFFF_FFFFL | value & VfRegister.RING_ADDRESS_MASK & 0xFFFF_FFFFL;
  }

  void baseHigh(int value) {
    base = base & 0xFFFF_FFFFL | (long) value << 32;
  }

  void bytes(int value) {
    size = (value & VfRegister.RING_BYTES_MASK) / TxDescriptor.BYTES;
  }

  void head(int value) {
    head = value & COUNT_MASK;
  }

  /** Where the card begins when it is switched on. */
  int head() {
    return head;
  }

  int tail() {
    return tail;
  }

  void on(boolean enable) {
    on = enable;
  }

  /** Whether the card reads descriptors at all. */
  boolean isOn() {
    return on;
  }

  void tail(int value) {
    tail = value & COUNT_MASK;
  }

  /** Whether a place is inside the ring. */
  boolean holds(int index) {
    return index < size;
  }

  /** Descriptors from one place to another. */
  int count(int from, int to) {
    return from <= to ? to - from : to - from + size;
  }

  /** How many of them lie in a row from there. */
  int inARow(int from, int count) {
    return Math.min(count, size - from);
  }

  long address(int index) {
    return base + (long) index * TxDescriptor.BYTES;
  }
}
