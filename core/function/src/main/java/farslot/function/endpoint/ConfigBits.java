package farslot.function.endpoint;

import farslot.function.ResetKind;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Configuration space as bits with attributes, and the two chains of capabilities. It knows what
 * software's writes and resets do to a bit, not what a bit means.
 */
final class ConfigBits {
  private static final int CAPABILITIES_POINTER = 0x34;
  private static final int CAPABILITIES_AT = 0x40;
  private static final int EXTENDED_AT = 0x100;

  /** As far as registers have been described: of 4 KiB most functions use a tenth. */
  private int dws;

  private int[] value = {};
  private int[] initial = {};
  private int[] writable = {};
  private int[] clearedByOne = {};
  private int[] sticky = {};
  private int[] keptByFlr = {};
  private int[] declared = {};
  private final List<Declared> fields = new ArrayList<>();
  private int capabilityEnd = CAPABILITIES_AT;
  private int capabilityLast;
  private int extendedEnd = EXTENDED_AT;
  private int extendedLast;

  private record Declared(String register, Field field, Attribute attribute, int offset) {}

  /** Begins the description of a register. */
  Register register(int offset, int width, String name) {
    return new Register(this, offset, width, name);
  }

  /** Appends a capability of {@code bytes} to the chain (7.5.1.1.11); returns where it begins. */
  int capability(int id, String name, int bytes) {
    int at = capabilityEnd;
    capabilityEnd = at + bytes + 3 & ~3;
    if (capabilityEnd > EXTENDED_AT) {
      throw new IllegalStateException("no room for the " + name + " capability");
    }
    Register header = register(at, 16, name + " header");
    header.field(7, 0, Attribute.RO, "Capability ID", id);
    header.field(15, 8, Attribute.RO, "Next Capability Pointer", 0);
    if (capabilityLast == 0) {
      register(CAPABILITIES_POINTER, 8, "Capabilities Pointer").all(Attribute.RO, at);
    } else {
      build(capabilityLast, 0xFF << 8, at << 8);
    }
    capabilityLast = at;
    return at;
  }

  /** Appends an extended capability of {@code bytes} (7.6.3); returns where it begins. */
  int extendedCapability(int id, int version, String name, int bytes) {
    int at = extendedEnd;
    extendedEnd = at + bytes + 15 & ~15;
    if (extendedEnd > ConfigSpace.BYTES) {
      throw new IllegalStateException("no room for the " + name + " capability");
    }
    Register header = register(at, 32, name + " header");
    header.field(15, 0, Attribute.RO, "PCI Express Extended Capability ID", id);
    header.field(19, 16, Attribute.RO, "Capability Version", version);
    header.field(31, 20, Attribute.RO, "Next Capability Offset", 0);
    if (extendedLast != 0) {
      build(extendedLast, 0xFFF << 20, at << 20);
    }
    extendedLast = at;
    return at;
  }

  void declare(
      String register,
      Field field,
      Attribute attribute,
      int offset,
      int shift,
      int width,
      int initially) {
    int mask = (width == 32 ? -1 : (1 << width) - 1) << shift;
    int dw = offset >> 2;
    extend(dw);
    if ((declared[dw] & mask) != 0) {
      throw new IllegalStateException(register + "." + field.name() + " is described twice");
    }
    if ((initially << shift & ~mask) != 0 || initially << shift >>> shift != initially) {
      throw new IllegalArgumentException(register + "." + field.name() + " begins too large");
    }
    declared[dw] |= mask;
    writable[dw] |= attribute.writable ? mask : 0;
    clearedByOne[dw] |= attribute.clearedByOne ? mask : 0;
    sticky[dw] |= attribute.sticky ? mask : 0;
    fields.add(new Declared(register, field, attribute, offset));
    build(offset, mask, initially << shift);
  }

  void keepInFlr(int offset, int mask) {
    keptByFlr[offset >> 2] |= mask;
  }

  /** A DW as software reads it; {@code offset} 0 to 4092. */
  int read(int offset) {
    int dw = offset >> 2;
    return dw < dws ? value[dw] : 0;
  }

  /** Software's write of the bytes of a DW that {@code byteEnables} names. */
  void write(int offset, int written, int byteEnables) {
    int dw = offset >> 2;
    if (dw >= dws) {
      return;
    }
    int enabled = byteMask(byteEnables);
    int write = writable[dw] & enabled;
    value[dw] = value[dw] & ~write | written & write;
    value[dw] &= ~(written & clearedByOne[dw] & enabled);
  }

  /** The device's own change of some bits. */
  void put(int offset, int mask, int bits) {
    value[offset >> 2] = value[offset >> 2] & ~mask | bits & mask;
  }

  /** Everything as after power-on. */
  void powerOn() {
    System.arraycopy(initial, 0, value, 0, dws);
  }

  /** Everything but sticky bits and, for FLR, what 6.6.2 excepts. */
  void reset(ResetKind kind) {
    for (int dw = 0; dw < dws; dw++) {
      int kept = sticky[dw] | (kind == ResetKind.HOT ? 0 : keptByFlr[dw]);
      value[dw] = initial[dw] & ~kept | value[dw] & kept;
    }
  }

  /** Everything, by DW. */
  void save(StateWriter state) {
    state.u16(dws);
    for (int dw = 0; dw < dws; dw++) {
      state.i32(value[dw]);
    }
  }

  /**
   * Takes over what software can write, clear or find there after a reset; the rest is this
   * function's own, or follows from it.
   */
  void restore(StateReader state) throws StateException {
    state.u16("its length in DWs", dws, dws);
    for (int dw = 0; dw < dws; dw++) {
      int taken = writable[dw] | clearedByOne[dw] | sticky[dw];
      value[dw] = value[dw] & ~taken | state.i32() & taken;
    }
  }

  /** One line a field, for people. */
  String describe() {
    StringBuilder text = new StringBuilder();
    for (Declared each : fields) {
      text.append(
          String.format(
              "%03x %-32s %-44s %-5s %x%n",
              each.offset, each.register, each.field.name(), each.attribute, each.field.value()));
    }
    return text.toString();
  }

  private void extend(int dw) {
    if (dw < dws) {
      return;
    }
    dws = dw + 1;
    value = Arrays.copyOf(value, dws);
    initial = Arrays.copyOf(initial, dws);
    writable = Arrays.copyOf(writable, dws);
    clearedByOne = Arrays.copyOf(clearedByOne, dws);
    sticky = Arrays.copyOf(sticky, dws);
    keptByFlr = Arrays.copyOf(keptByFlr, dws);
    declared = Arrays.copyOf(declared, dws);
  }

  private void build(int offset, int mask, int bits) {
    initial[offset >> 2] = initial[offset >> 2] & ~mask | bits;
    value[offset >> 2] = initial[offset >> 2];
  }

  private static int byteMask(int byteEnables) {
    int mask = 0;
    for (int i = 0; i < 4; i++) {
      mask |= (byteEnables >> i & 1) == 0 ? 0 : 0xFF << 8 * i;
    }
    return mask;
  }
}
