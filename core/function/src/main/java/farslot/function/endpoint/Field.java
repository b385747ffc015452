package farslot.function.endpoint;

/**
 * Some adjacent bits of a register: the handle by which the device side reads and sets them,
 * whatever software may do to them.
 */
final class Field {
  private final ConfigBits bits;
  private final int offset;
  private final int shift;
  private final int width;
  private final String name;

  Field(ConfigBits bits, int offset, int shift, int width, String name) {
    this.bits = bits;
    this.offset = offset;
    this.shift = shift;
    this.width = width;
    this.name = name;
  }

  /** The bits, right-aligned, unsigned unless all 32 are meant. */
  int value() {
    return (bits.read(offset) & mask()) >>> shift;
  }

  /** For one-bit fields, and for wider ones: not zero. */
  boolean isSet() {
    return (bits.read(offset) & mask()) != 0;
  }

  /** Sets the bits from the device's side. */
  void set(int value) {
    bits.put(offset, mask(), value << shift);
  }

  void set(boolean on) {
    set(on ? 1 : 0);
  }

  /** Marks the field as one that FLR leaves alone although Hot Reset does not (6.6.2). */
  Field keptByFlr() {
    bits.keepInFlr(offset, mask());
    return this;
  }

  String name() {
    return name;
  }

  private int mask() {
    return (width == 32 ? -1 : (1 << width) - 1) << shift;
  }
}
