package farslot.fabric.software;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A root port's configuration header, type 1 (PCI Express Base Specification 7.5.1.3), as far as an
 * enumerating kernel uses it: bus numbers and the windows that it forwards.
 */
final class VirtualBridge {
  static final int BYTES = 256;
  private static final int ID = 0x00;
  private static final int COMMAND = 0x04;
  private static final int CLASS_REVISION = 0x08;
  private static final int HEADER_TYPE = 0x0C;
  private static final int BUSES = 0x18;
  private static final int MEMORY = 0x20;
  private static final int PREFETCHABLE = 0x24;
  private static final int PREFETCHABLE_BASE_UPPER = 0x28;
  private static final int PREFETCHABLE_LIMIT_UPPER = 0x2C;

  private final ByteBuffer config = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer writable = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

  VirtualBridge() {
    config.putInt(ID, 0x0001_1AF4);
    config.putInt(CLASS_REVISION, 0x0604_0000);
    config.putInt(HEADER_TYPE, 0x0001_0000);
    config.putInt(PREFETCHABLE, 0x0001_0001); // 64 bits
    writable.putInt(COMMAND, 0x0000_0007);
    writable.putInt(BUSES, 0x00FF_FFFF);
    writable.putInt(MEMORY, 0xFFF0_FFF0);
    writable.putInt(PREFETCHABLE, 0xFFF0_FFF0);
    writable.putInt(PREFETCHABLE_BASE_UPPER, -1);
    writable.putInt(PREFETCHABLE_LIMIT_UPPER, -1);
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
    return config.get(BUSES + 1) & 0xFF;
  }

  int subordinateBus() {
    return config.get(BUSES + 2) & 0xFF;
  }

  /** Whether a memory address is forwarded downstream. */
  boolean forwards(long address) {
    if ((config.getInt(COMMAND) & 2) == 0) {
      return false;
    }
    int memory = config.getInt(MEMORY);
    long base = (memory & 0xFFF0L) << 16;
    long limit = memory & 0xFFF0_0000L | 0xF_FFFFL;
    int prefetchable = config.getInt(PREFETCHABLE);
    long wideBase =
        (long) config.getInt(PREFETCHABLE_BASE_UPPER) << 32 | (prefetchable & 0xFFF0L) << 16;
    long wideLimit =
        (long) config.getInt(PREFETCHABLE_LIMIT_UPPER) << 32
            | prefetchable & 0xFFF0_0000L
            | 0xF_FFFFL;
    return address >= base && address <= limit || address >= wideBase && address <= wideLimit;
  }
}
