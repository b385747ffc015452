package farslot.function.endpoint;

/**
 * What software may do to bits of configuration space, and what resets do to them (PCI Express Base
 * Specification 7.4, Configuration Register Types). The S variants are sticky: they survive Hot
 * Reset and FLR, and only power-on gives them their initial value.
 */
enum Attribute {
  /** Read-only: hardware's, also HwInit. */
  RO(false, false, false),
  /** Read-write. */
  RW(true, false, false),
  /** Writing 1 clears, writing 0 leaves alone. */
  RW1C(false, true, false),
  ROS(false, false, true),
  RWS(true, false, true),
  RW1CS(false, true, true);

  final boolean writable;
  final boolean clearedByOne;
  final boolean sticky;

  Attribute(boolean writable, boolean clearedByOne, boolean sticky) {
    this.writable = writable;
    this.clearedByOne = clearedByOne;
    this.sticky = sticky;
  }
}
