package farslot.fabric.software;

import farslot.pcie.config.BridgeHeader;
import farslot.pcie.config.ConfigHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A root port's configuration header, type 1 (PCI Express Base Specification 7.5.1.3), as far as an
 * enumerating kernel uses it: bus numbers and the windows that it forwards.
 */
final class VirtualBridge {
  static final int BYTES = 256;

  /** A PCI-to-PCI bridge of no vendor in particular. */
  private static final int VENDOR_AND_DEVICE_ID = 0x0001_1AF4;

  /** Offsets at which several registers are read and written together. */
  private static final int CLASS_AND_REVISION = ConfigHeader.REVISION_ID;

  private static final int BUSES = BridgeHeader.PRIMARY_BUS;
  private static final int MEMORY = BridgeHeader.MEMORY_BASE;
  private static final int PREFETCHABLE = BridgeHeader.PREFETCHABLE_BASE;

  private final ByteBuffer config = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer writable = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

  VirtualBridge() {
    config.putInt(ConfigHeader.VENDOR_ID, VENDOR_AND_DEVICE_ID);
    config.putInt(CLASS_AND_REVISION, 0x0604_0000);
    config.put(ConfigHeader.HEADER_TYPE, (byte) ConfigHeader.HEADER_TYPE_1);
    config.putInt(PREFETCHABLE, 0x0001_0001); // 64 bits
    writable.putInt(ConfigHeader.COMMAND, 0x0000_0007);
    writable.putInt(BUSES, 0x00FF_FFFF);
    writable.putInt(MEMORY, 0xFFF0_FFF0);
    writable.putInt(PREFETCHABLE, 0xFFF0_FFF0);
    writable.putInt(BridgeHeader.PREFETCHABLE_BASE_UPPER, -1);
    writable.putInt(BridgeHeader.PREFETCHABLE_LIMIT_UPPER, -1);
    config.putInt(MEMORY, 0x0000_FFF0); // base above limit: forwards nothing
    config.putInt(PREFETCHABLE, 0x0001_FFF1);
  }

  int read(int offset) {
    return offset < BYTES ? config.getInt(offset & ~3) : 0;
  }

  void write(int offset, int value) {
    if (offset < BYTES) {
      int mask = writable.getInt(offset & ~3);
      int old = config.getInt(offset & ~3);
      config.putInt(offset & ~3, old & ~mask | value & mask);
    }
  }

  int secondaryBus() {
    return config.get(BridgeHeader.SECONDARY_BUS) & 0xFF;
  }

  /** Whether a memory address is forwarded downstream. */
  boolean forwards(long address) {
    if ((config.getInt(ConfigHeader.COMMAND) & ConfigHeader.COMMAND_MEMORY_SPACE) == 0) {
      return false;
    }
    int memory = config.getInt(MEMORY);
    long base = (memory & 0xFFF0L) << 16;
    long limit = memory & 0xFFF0_0000L | 0xF_FFFFL;
    int prefetchable = config.getInt(PREFETCHABLE);
    long wideBase =
        (long) config.getInt(BridgeHeader.PREFETCHABLE_BASE_UPPER) << 32
            | (prefetchable & 0xFFF0L) << 16;
    long wideLimit =
        (long) config.getInt(BridgeHeader.PREFETCHABLE_LIMIT_UPPER) << 32
            | prefetchable & 0xFFF0_0000L
            | 0xF_FFFFL;
    return address >= base && address <= limit || address >= wideBase && address <= wideLimit;
  }
}
