package farslot.function.endpoint;

/**
 * A register being described, bit by bit, in the words and the order of its specification's table.
 * What is never mentioned is reserved: reads as 0, ignores writes.
 */
final class Register {
  private final ConfigBits bits;
  private final int offset;
  private final int width;
  private final String name;

  /**
   * @param offset in configuration space; the register does not cross a DW
   * @param width in bits: 8, 16, 24 or 32
   */
  Register(ConfigBits bits, int offset, int width, String name) {
    if ((offset & 3) * 8 + width > 32) {
      throw new IllegalArgumentException(name + " crosses a DW");
    }
    this.bits = bits;
    this.offset = offset;
    this.width = width;
    this.name = name;
  }

  /** One bit, initially 0. */
  Field bit(int bit, Attribute attribute, String fieldName) {
    return field(bit, bit, attribute, fieldName, 0);
  }

  /** One bit with its initial value. */
  Field bit(int bit, Attribute attribute, String fieldName, boolean initially) {
    return field(bit, bit, attribute, fieldName, initially ? 1 : 0);
  }

  /** Bits {@code high} to {@code low}, initially 0. */
  Field field(int high, int low, Attribute attribute, String fieldName) {
    return field(high, low, attribute, fieldName, 0);
  }

  /** Bits {@code high} to {@code low} with their initial value. */
  Field field(int high, int low, Attribute attribute, String fieldName, int initially) {
    if (low < 0 || high < low || high >= width) {
      throw new IllegalArgumentException(name + "." + fieldName + " does not fit");
    }
    int shift = (offset & 3) * 8 + low;
    Field field = new Field(bits, offset & ~3, shift, high - low + 1, fieldName);
    bits.declare(name, field, attribute, offset & ~3, shift, high - low + 1, initially);
    return field;
  }

  /** The whole register as one field. */
  Field all(Attribute attribute, int initially) {
    return field(width - 1, 0, attribute, name, initially);
  }
}
