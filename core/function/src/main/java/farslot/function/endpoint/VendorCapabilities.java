package farslot.function.endpoint;

import static farslot.function.endpoint.Attribute.RO;
import static farslot.function.endpoint.Attribute.RW;

import farslot.function.FunctionSpec;
import farslot.function.VendorCapability;
import farslot.pcie.config.CapabilityId;

/** Puts a function's {@link VendorCapability}s into configuration space. */
final class VendorCapabilities {
  private final ConfigBits bits;

  /** Where the DW of the BAR window is; 0 when there is none. */
  private int windowAt;

  VendorCapabilities(ConfigBits bits, FunctionSpec spec) {
    this.bits = bits;
    spec.vendorCapabilities().forEach(this::declare);
  }

  private void declare(VendorCapability capability) {
    int at = bits.capability(CapabilityId.VENDOR_SPECIFIC, "Vendor-Specific", capability.bytes());
    Register control = bits.register(at, 32, "Vendor-Specific header");
    control.field(23, 16, RO, "Capability Length", capability.bytes());
    control.field(31, 24, RO, "Vendor-Specific Byte", capability.vendorByte());
    for (int i = 0; i < capability.dws().size(); i++) {
      int dw = capability.dws().get(i);
      declare(at + 4 + 4 * i, dw, capability.writable().get(i));
    }
    windowAt = capability.window() == 0 ? windowAt : at + capability.window();
  }

  /** Runs of bits that software may write, and of those that it may not. */
  private void declare(int offset, int value, int writable) {
    Register register = bits.register(offset, 32, "Vendor-Specific DW");
    for (int low = 0; low < 32; ) {
      int high = low;
      boolean mayWrite = (writable >>> low & 1) != 0;
      while (high < 31 && (writable >>> high + 1 & 1) != 0 == mayWrite) {
        high++;
      }
      int width = high - low + 1;
      int initially = width == 32 ? value : value >>> low & (1 << width) - 1;
      register.field(high, low, mayWrite ? RW : RO, "Bits " + high + ":" + low, initially);
      low = high + 1;
    }
  }

  /** Whether this DW is the window's. */
  boolean isWindow(int offset) {
    return windowAt != 0 && (offset & ~3) == windowAt;
  }

  /** Bytes of the access that software has described; 0 when it is none that can be made. */
  int windowBytes(FunctionSpec spec) {
    int bytes = bits.read(windowAt - 4);
    boolean width = bytes == 1 || bytes == 2 || bytes == 4;
    if (!width || windowOffset() % bytes != 0) {
      return 0;
    }
    for (FunctionSpec.Bar bar : spec.bars()) {
      if (bar.index() == windowBar()) {
        return windowOffset() <= bar.sizeBytes() - bytes ? bytes : 0;
      }
    }
    return 0;
  }

  int windowBar() {
    return bits.read(windowAt - 12) & 0xFF;
  }

  long windowOffset() {
    return Integer.toUnsignedLong(bits.read(windowAt - 8));
  }

  /** What the window's DW shows. */
  int window() {
    return bits.read(windowAt);
  }

  void window(int value) {
    bits.put(windowAt, -1, value);
  }
}
