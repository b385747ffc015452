package farslot.cards.virtio;

import farslot.cards.virtio.spec.Blk;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** A block device's configuration (5.2.4): what never changes, and the writeback byte. */
final class DeviceRegisters {
  /** A power of two above the structure, so that an access never leaves it. */
  static final int BYTES = 64;

  /** What file systems and the page cache work in: a store's own blocks. */
  private static final int PHYSICAL_BLOCK_BYTES = 4096;

  private final VirtioDevice device;
  private final MemorySegment memory = MemorySegment.ofArray(new long[BYTES / 8]);

  DeviceRegisters(VirtioDevice device, VirtioConfig config) {
    this.device = device;
    int exponent = Integer.numberOfTrailingZeros(PHYSICAL_BLOCK_BYTES / config.blockBytes());
    LittleEndian.i64(memory, Blk.CAPACITY, config.sectors());
    LittleEndian.i32(memory, Blk.SIZE_MAX, VirtioLimits.SEGMENT_BYTES_MAX);
    LittleEndian.i32(memory, Blk.SEG_MAX, config.segmentsMax());
    LittleEndian.i32(memory, Blk.BLK_SIZE, config.blockBytes());
    LittleEndian.u8(memory, Blk.PHYSICAL_BLOCK_EXP, exponent);
    LittleEndian.u16(memory, Blk.MIN_IO_SIZE, 1 << exponent);
    LittleEndian.u16(memory, Blk.NUM_QUEUES, config.queues());
    if (!config.store().readOnly()) {
      int blockSectors = config.blockBytes() >> Blk.SECTOR_SHIFT;
      LittleEndian.i32(memory, Blk.MAX_DISCARD_SECTORS, VirtioLimits.RANGE_SECTORS_MAX);
      LittleEndian.i32(memory, Blk.MAX_DISCARD_SEG, VirtioLimits.RANGES_MAX);
      LittleEndian.i32(memory, Blk.DISCARD_SECTOR_ALIGNMENT, Math.max(8, blockSectors));
      LittleEndian.i32(memory, Blk.MAX_WRITE_ZEROES_SECTORS, VirtioLimits.RANGE_SECTORS_MAX);
      LittleEndian.i32(memory, Blk.MAX_WRITE_ZEROES_SEG, VirtioLimits.RANGES_MAX);
      LittleEndian.u8(memory, Blk.WRITE_ZEROES_MAY_UNMAP, 1);
    }
  }

  long read(int offset, int bytes) {
    LittleEndian.u8(memory, Blk.WRITEBACK, device.writeBack() ? 1 : 0);
    return switch (bytes) {
      case 1 -> LittleEndian.u8(memory, offset);
      case 2 -> LittleEndian.u16(memory, offset);
      case 4 -> LittleEndian.u32(memory, offset);
      default -> LittleEndian.i64(memory, offset);
    };
  }

  /** Only writeback can be written. */
  void write(int offset, int bytes, long value) {
    if (offset <= Blk.WRITEBACK && offset + bytes > Blk.WRITEBACK) {
      device.writeBack((value >>> 8 * (Blk.WRITEBACK - offset) & 1) != 0);
    }
  }
}
